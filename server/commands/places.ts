/** Where the files of the product are: inside the executable, or in the repository. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CannotStart } from "../cannot-start.ts";
import type { Config } from "../config.ts";

/** `ui` is null in a repository where the page has not been built. */
export type Places = { migrations: string; ui: string | null };

/** The folder of the page that is served: the operator's own goes before ours. Throws CannotStart for a folder without a page. */
export function pageFolder({ ui }: Pick<Config, "ui">, places: Places): string | null {
  if (ui === null) return places.ui;
  if (!existsSync(join(ui, "index.html"))) throw new CannotStart(`--ui: there is no index.html in ${ui}.`);
  return ui;
}
