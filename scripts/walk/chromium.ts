/**
 * Finds the browser of the walk: $CHROMIUM, else one on PATH, else the one that scripts/check/install.ts fetched into this repository.
 * Never a reason to skip: where none is found, the walk fails.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where a fetched browser is kept; ignored by git. */
export const FETCHED = resolve(import.meta.dir, "../../.bun/chromium");

/** The path of a browser that can be started, or null. Throws if $CHROMIUM names a file that is not there: a wish is not guessed around. */
export function findChromium(): string | null {
  const wished = Bun.env["CHROMIUM"];
  if (wished !== undefined && wished !== "") {
    if (!existsSync(wished)) throw new Error(`CHROMIUM names ${wished}, which does not exist`);
    return wished;
  }
  const onPath = NAMES.map((name) => Bun.which(name)).find((path) => path !== null);
  const fetched = resolve(FETCHED, "chromium.sh");
  return onPath ?? (existsSync(fetched) ? fetched : null);
}

/** The path of a browser. Throws, saying how to get one, where there is none. */
export function chromium(): string {
  const found = findChromium();
  if (found === null) throw new Error("No Chromium was found. `npm test` installs one; or set CHROMIUM to the path of yours.");
  return found;
}
