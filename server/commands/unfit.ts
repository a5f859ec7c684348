/** What stands in the way of serving besides the settings themselves, looked at beforehand, so that all of it is told at once. Makes nothing. */
import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { CannotStart } from "../cannot-start.ts";
import type { Config, Known } from "../config.ts";
import { holdDataFolder } from "./data-folder.ts";
import { tryPort } from "./listen.ts";

/** One text for each: a data folder that cannot be written to or that a Snug works on, a port that is taken. What is not known is not looked at. */
export function unfit({ data, database_url, host, port }: Known): string[] {
  return [
    ...(data !== undefined && database_url !== undefined ? wordsOf(() => tryFolder({ data, database_url })) : []),
    ...(host !== undefined && port !== undefined && port !== 0 ? wordsOf(() => tryPort({ host, port })) : []),
  ];
}

/** A folder that is not there yet is made when Snug starts; until then its nearest one must be writable. */
function tryFolder(wanted: Pick<Config, "data" | "database_url">): void {
  if (existsSync(wanted.data)) return holdDataFolder(wanted).release();
  let nearest = dirname(wanted.data);
  while (!existsSync(nearest)) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
  } catch {
    throw new CannotStart(`The folder ${wanted.data} cannot be made.\nMake ${nearest} writable for this user, or choose another by --data.`);
  }
}

function wordsOf(look: () => void): string[] {
  try {
    look();
    return [];
  } catch (fault) {
    if (fault instanceof CannotStart) return [fault.message];
    throw fault;
  }
}
