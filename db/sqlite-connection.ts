/** How Snug opens a SQLite file for writing, and what it demands of it before it starts. */
import { Database } from "bun:sqlite";
import { storeFaultOf } from "./faults.ts";

const WAL_WAIT_MS = 5_000;
const WAL_KEPT_BYTES = 256 << 20; // what a burst may leave behind on disk: one that is cut shorter is grown anew in each second of it
const OLDEST = "3.51.3"; // older ones can corrupt a WAL

/** A connection that may write, with what every one of ours needs. */
export function openConnection(path: string): Database {
  const database = new Database(path, { readwrite: true, create: true });
  database.run("PRAGMA busy_timeout=5000");
  switchToWal(database);
  database.run("PRAGMA synchronous=FULL");
  database.run("PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY");
  database.run(`PRAGMA cache_spill=OFF; PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=${WAL_KEPT_BYTES}`);
  return database;
}

/** SQLite does not wait for the lock this needs when processes meet on a new file, whatever `busy_timeout` says. */
function switchToWal(database: Database): void {
  const deadline = performance.now() + WAL_WAIT_MS;
  for (;;) {
    try {
      database.run("PRAGMA journal_mode=WAL");
      return;
    } catch (fault) {
      if (storeFaultOf(fault)?.kind !== "away" || performance.now() > deadline) throw fault;
      Bun.sleepSync(5); // at start, when nothing else is being served
    }
  }
}

/** Throws if a commit could be lost with the power, or a WAL be corrupted. */
export function refuseUnsafe({ version, synchronous }: { version: unknown; synchronous: unknown }): void {
  if (Bun.semver.order(String(version), OLDEST) < 0)
    throw new Error(`SQLite ${String(version)} can corrupt a database in WAL mode; ${OLDEST} or later is needed`);
  if (synchronous !== 2)
    throw new Error(`SQLite did not take synchronous=FULL (it reads ${String(synchronous)}): what is acknowledged could be lost with the power`);
}

/** The first column of the first row. */
export function valueOf(database: Database, text: string): unknown {
  return database.query<unknown, []>(text).values()[0]?.[0];
}
