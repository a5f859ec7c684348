/** The data folder, held: one Snug at a time works on it, and on a SQLite database that lies elsewhere. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { type Hold, holdFile } from "../../db/hold.ts";
import { placeOf } from "../../db/open.ts";
import { CannotStart } from "../cannot-start.ts";
import type { Config } from "../config.ts";
import { writePrivately } from "../private-file.ts";

export type Running = { pid: number; url: string };
export type DataFolder = {
  /** Beside a SQLite database (installation.ts); null on Postgres. */
  readonly boot_file: string | null;
  /** Writes down where this process answers, for the commands that go through it. */
  tell(url: string): void;
  release(): void;
};
type Wanted = Pick<Config, "data" | "database_url">;

/** Makes the folder if it is missing (0700) and holds it. Throws CannotStart: it cannot be written to, or another Snug holds it. */
export function holdDataFolder(config: Wanted): DataFolder {
  return tryDataFolder(config) ?? refuseHeld(config);
}

/** The same, but null when another Snug holds it. */
export function tryDataFolder({ data, database_url }: Wanted): DataFolder | null {
  const place = placeOf(database_url);
  const database = place.dialect === "sqlite" ? place.path : null;
  const holds: Hold[] = [];
  const release = (): void => holds.forEach((hold) => hold.release());
  for (const file of lockFiles(data, database)) {
    const hold = held(file);
    if (hold === null) {
      release();
      return null;
    }
    holds.push(hold);
  }
  const note = join(data, "running.json");
  rmSync(note, { force: true }); // of one that could not tidy up
  return {
    boot_file: database === null ? null : besides(database, "boot"),
    tell: (url) => writePrivately(note, JSON.stringify({ pid: process.pid, url } satisfies Running)),
    release() {
      rmSync(note, { force: true });
      release();
    },
  };
}

/** The server that works on this folder, as it wrote itself down; null when nothing is written, or nothing that can be read. */
export function runningServer(data: string): Running | null {
  try {
    const written: unknown = JSON.parse(readFileSync(join(data, "running.json"), "utf8"));
    if (typeof written !== "object" || written === null || !("pid" in written) || !("url" in written)) return null;
    const { pid, url } = written;
    return typeof pid === "number" && typeof url === "string" ? { pid, url } : null;
  } catch {
    return null;
  }
}

const lockFiles = (data: string, database: string | null): string[] =>
  database === null || dirname(database) === data ? [join(data, "lock")] : [join(data, "lock"), besides(database, "lock")];

/** A file about this database, named so that `cp snug.db*` does not take it along. */
const besides = (database: string, what: string): string => join(dirname(database), `${what}-${basename(database, extname(database))}`);

function held(file: string): Hold | null {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return holdFile(file);
  } catch (fault) {
    const code = fault instanceof Error && "code" in fault ? String(fault.code) : String(fault);
    throw new CannotStart(
      `The folder ${folder} cannot be made or written to (${code}).\nMake it writable for this user, or choose another by --data.`,
    );
  }
}

function refuseHeld({ data, database_url }: Wanted): never {
  const running = runningServer(data);
  const who = running === null ? "Another Snug" : `Another Snug (process ${running.pid}, ${running.url})`;
  const place = placeOf(database_url);
  const what = place.dialect === "sqlite" && dirname(place.path) !== data ? `${data} or ${place.path}` : data;
  throw new CannotStart(`${who} is running on ${what}.\nStop that one, or give this one a folder of its own by --data.`);
}
