/** Finds the second browser of the long form: $FIREFOX, else one on PATH. Never a reason to skip: where none is found, its walk fails. */
import { existsSync } from "node:fs";

/** The path of a Firefox that can be started, or null. Throws if $FIREFOX names a file that is not there: a wish is not guessed around. */
export function findFirefox(): string | null {
  const wished = Bun.env["FIREFOX"];
  if (wished !== undefined && wished !== "") {
    if (!existsSync(wished)) throw new Error(`FIREFOX names ${wished}, which does not exist`);
    return wished;
  }
  return Bun.which("firefox-esr") ?? Bun.which("firefox");
}

/** The path of a Firefox. Throws, saying how to get one, where there is none. */
export function firefox(): string {
  const found = findFirefox();
  if (found === null) throw new Error("No Firefox was found. Debian's is the package firefox-esr; or set FIREFOX to the path of yours.");
  return found;
}
