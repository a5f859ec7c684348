/** Where the files of the product are: inside the executable, or in the repository. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CannotStart } from "../cannot-start.ts";
import type { Config } from "../config.ts";
import { faultOf } from "../http/own-files.ts";

/** `ui` is null in a repository where the page has not been built. */
export type Places = { migrations: string; ui: string | null };
/** The folders of the page: ours, null for none, and the operator's own. */
export type Page = { ui: string | null; own: string | null };

/**
 * The page that is served, and the operator's own files: with a page among them they stand instead of ours, without one they lie over ours.
 * Throws CannotStart for a folder that cannot be served.
 */
export function pageOf({ ui }: Pick<Config, "ui">, places: Places): Page {
  if (ui === null) return { ui: places.ui, own: null };
  const fault = faultOf(ui);
  if (fault !== null) throw new CannotStart(`--ui: ${fault}`);
  return { ui: existsSync(join(ui, "index.html")) ? null : places.ui, own: ui };
}
