/**
 * A backup is one SQLite file with every row of ours as it was at one moment, whichever database it was taken from, and it can be restored into
 * either: a team that outgrows one file moves by the same two commands. A copy of a running database's file is none: what was committed last
 * lies beside it, in the WAL.
 *
 * Each backup is stamped with a boot that no installation has, so a history that is restored from it, even by hand, is another one than the
 * one it was taken from, which has gone on since. Nothing is replaced before the copy has been verified and brought to this program's schema.
 */
import { existsSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { dumpPostgres, fillPostgres } from "./postgres-backup.ts";
import {
  copyVerified,
  countsOf,
  filesOf,
  installationOf,
  type Kept,
  type NamedFile,
  stamp,
  syncFile,
  takeCopy,
  takePlace,
  verify,
} from "./sqlite-backup.ts";
import { BackupRefused } from "./backup-refused.ts";
import { migrateSqlite } from "./migrate-sqlite.ts";
import { placeOf } from "./open.ts";

export { BackupRefused } from "./backup-refused.ts";
export type { Kept } from "./sqlite-backup.ts";

/** What is kept beside the rows, as they name it. */
export type Beside = {
  /** False when some of it has gone since the rows were read: they are read once more, until it is true. */
  take(names: readonly NamedFile[]): Promise<boolean>;
  /** Gives it its name, directly before the backup gets its own. */
  place(): Promise<void>;
};

/**
 * Writes a backup of the database that `url` names to `to`, beside whoever works on it: nobody waits for it. The name appears when the backup is
 * whole, verified and on disk. `boot` is any text that was never used. Throws BackupRefused: `to` is there already, there is no database, or
 * what was read is damaged; MigrationRefused if a Postgres has another schema than this program.
 */
export async function backUp(url: string, migrations: string, { to, boot, beside }: { to: string; boot: string; beside?: Beside }): Promise<Kept> {
  if (existsSync(to)) throw new BackupRefused(`${to} is there already; a backup never replaces a file.`);
  const part = `${to}.part`;
  const place = placeOf(url);
  try {
    for (let isTaken = false; !isTaken;) {
      removeDatabase(part);
      if (place.dialect === "sqlite") takeCopy(place.path, part);
      else await dumpPostgres(place.url, migrations, part);
      stamp(part, { boot });
      isTaken = beside === undefined || (await beside.take(filesOf(part)));
    }
    verify(part);
    const kept = countsOf(part);
    syncFile(part);
    await beside?.place();
    renameSync(part, to);
    syncFile(dirname(to));
    return kept;
  } finally {
    removeDatabase(part);
  }
}

/** A backup that has been read, verified and brought to this program's schema, at a place of its own. */
export type Restorable = {
  /** Fingerprints of the secrets that open it. */
  readonly secret_prints: readonly string[];
  /** The files that its rows name. */
  files(): readonly NamedFile[];
  /** With a boot that was never used and, if it is to be opened by other secrets, their fingerprints. */
  mark(stamp: { boot: string; secret_prints?: readonly string[] }): void;
  /**
   * Puts it in the place of the database that `url` names, all or nothing. `replaced` says where what was there lies now, on SQLite. Throws
   * BackupRefused when that database holds something and `replace` does not say so, or when a Snug is connected to that Postgres.
   */
  takePlace(url: string, how: { replace: boolean }): Promise<{ kept: Kept; replaced: string | null }>;
  /** Removes what has not taken its place. */
  discard(): void;
};

/**
 * Reads the backup `from` into the file `at`, which lies where the database will. Throws BackupRefused: no backup of Snug, or a damaged one;
 * MigrationRefused: it was taken from a newer Snug.
 */
export function readBackup(from: string, migrations: string, at: string): Restorable {
  removeDatabase(at);
  const discard = (): void => removeDatabase(at);
  try {
    copyVerified(from, at);
    const { snapshot } = migrateSqlite(at, `${migrations}/sqlite`);
    if (snapshot !== null) rmSync(snapshot); // of the copy; the backup itself is still there
    verify(at);
    const { secret_prints } = installationOf(at);
    return {
      secret_prints,
      files: () => filesOf(at),
      mark: (marked) => stamp(at, marked),
      async takePlace(url, { replace }) {
        const kept = countsOf(at);
        const place = placeOf(url);
        if (place.dialect === "sqlite") return { kept, replaced: takePlace(at, place.path, replace) };
        await fillPostgres(place.url, migrations, { from: at, replace });
        return { kept, replaced: null };
      },
      discard,
    };
  } catch (fault) {
    discard();
    throw fault;
  }
}

function removeDatabase(path: string): void {
  for (const tail of ["", "-wal", "-shm", "-journal"]) rmSync(path + tail, { force: true });
}
