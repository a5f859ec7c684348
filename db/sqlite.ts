/**
 * The store in one SQLite file: one connection writes, behind a queue with group commit; another one only reads, so it sees nothing that
 * is not committed. A commit is on disk when `write` resolves (`synchronous=FULL`); the WAL is checkpointed by `tend`, between commits.
 * Everything here runs on the event loop, so no statement may scan what grows.
 */
import { Database } from "bun:sqlite";
import { drizzle } from "drizzle-orm/sqlite-proxy";
import { makeCommitQueue, type QueueLimits, type Transactions } from "./commit-queue.ts";
import { StoreAway, storeFaultOf, withoutValues } from "./faults.ts";
import { type Leases, makeLeases } from "./leases.ts";
import * as tables from "./schema.sqlite.ts";
import { openConnection, refuseUnsafe, valueOf } from "./sqlite-connection.ts";
import { type KeptRows, keepRows } from "./sqlite-kept.ts";
import { keepStatements, ROWS_AT_ONCE } from "./sqlite-statements.ts";
import type { Db, Island, Read, Store, Tx, Value, WritableDb } from "./store.ts";

export type SqliteOptions = {
  limits?: Partial<QueueLimits>;
  /** Milliseconds to wait for another process' write lock. The event loop waits too. */
  busy_ms?: number;
  /** Pages of WAL (4 KiB each) from which `tend` checkpoints. */
  checkpoint_pages?: number;
};

const LIMITS: QueueLimits = { waiting: 10_000, group: 500, work_ms: 5_000 };
const CHECKPOINT_PAGES = 1_000; // 4 MiB: some milliseconds of copying, between commits
const CACHE_KIB = 16_000; // taken as it is needed: posts to two thousand rooms go round more pages than SQLite's own 2 MB hold, and would read each again

/**
 * Opens a migrated database. Throws if the file cannot be opened, if this SQLite is older than 3.51.3, or if `synchronous` does not read
 * FULL afterwards.
 */
export function openSqlite(path: string, options: SqliteOptions = {}): Store {
  const writer = openConnection(path);
  refuseUnsafe({ version: valueOf(writer, "SELECT sqlite_version()"), synchronous: valueOf(writer, "PRAGMA synchronous") });
  writer.run(`PRAGMA cache_size=-${CACHE_KIB}`);
  if (options.busy_ms !== undefined) writer.run(`PRAGMA busy_timeout=${options.busy_ms}`);
  const reader = new Database(path, { readonly: true });
  reader.run("PRAGMA busy_timeout=5000; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY");

  const leases = makeLeases();
  const kept = keepRows(() => dataVersion(writer));
  const queue = makeCommitQueue(transactionsOf(writer, kept), leases, { ...LIMITS, ...options.limits });
  const tx = makeTx(writer, leases, kept);
  let closing: Promise<void> | null = null;
  const checkRead = () => {
    if (closing !== null) throw new StoreAway("The store is closed");
    leases.refuse("read");
  };
  const read = makeRead(reader, checkRead);
  const readerVersion = reader.prepare<unknown, []>("PRAGMA data_version"); // of what others than the reader have committed, and it commits nothing

  const listeners: (() => void)[] = [];
  let data_version = dataVersion(writer);
  let failing = false; // the last write failed on disk: only one that reaches the disk says that it is over

  return {
    t: tables,
    read,

    moment() {
      checkRead();
      return Number(readerVersion.values()[0]?.[0]);
    },

    async write(work) {
      leases.refuse("write");
      try {
        const outcome = await queue.add(() => work(tx));
        failing = false;
        return outcome;
      } catch (fault) {
        kept.forget();
        const kind = storeFaultOf(fault)?.kind;
        if (kind === "full" || kind === "away") failing = true;
        throw fault;
      }
    },

    async ready() {
      try {
        reader.query("SELECT 1").get();
        await queue.add(async () => (failing ? touchDisk(writer) : undefined));
        failing = false;
        return true;
      } catch {
        return false;
      }
    },

    analyze: async () => {},

    onForeignCommit: (listener) => void listeners.push(listener),

    async tend() {
      if (closing !== null) return;
      await queue.between(() => {
        if (pagesToCheckpoint(writer) >= (options.checkpoint_pages ?? CHECKPOINT_PAGES)) writer.query("PRAGMA wal_checkpoint(PASSIVE)").get();
        const seen = dataVersion(writer);
        if (seen === data_version) return;
        data_version = seen;
        for (const listener of listeners) listener();
      });
    },

    shrink() {
      if (closing !== null) return;
      for (const connection of [reader, writer]) connection.run("PRAGMA shrink_memory"); // frees no page that a transaction has changed
    },

    close: () => (closing ??= queue.close().then(() => closeTidily(writer, reader))),
  };
}

/** `kept` hears when one begins, and of all that is taken back, before anything else is asked. */
function transactionsOf(writer: Database, kept: KeptRows): Transactions {
  const statement = (text: string) => {
    const prepared = writer.prepare(text);
    return () => void prepared.run();
  };
  const begin = statement("BEGIN IMMEDIATE"); // a deferred one could fail at its first write, when nobody waits for the lock any more
  const rollback = statement("ROLLBACK");
  const rollbackTo = statement("ROLLBACK TO work");
  const release = statement("RELEASE work");
  return {
    begin: () => {
      begin();
      kept.begun();
    },
    commit: statement("COMMIT"),
    rollback: () => {
      kept.forget();
      rollback();
    },
    savepoint: statement("SAVEPOINT work"),
    release,
    rollbackToSavepoint: () => {
      kept.forget();
      rollbackTo();
      release();
    },
    inTransaction: () => writer.inTransaction,
  };
}

function makeTx(writer: Database, leases: Leases, kept: KeptRows): Tx {
  const check = () => {
    leases.demand();
    // A work that swallowed "disk full" would go on outside any transaction.
    if (!writer.inTransaction) throw new Error("SQLite has rolled this transaction back");
  };
  const { db, ask, statements } = makeDb(writer, check, kept.written);
  return Object.assign(db, {
    ask,
    kept: kept.rowsOf,
    async run(island: Island<never>, lists: readonly (readonly Value[])[]) {
      check();
      if (island.keeps === undefined) kept.written(island.text);
      const rows = lists.length < ROWS_AT_ONCE ? null : statements.rows(island);
      const together = rows ? lists.length - (lists.length % ROWS_AT_ONCE) : 0;
      let changed = 0;
      for (let from = 0; from < together; from += ROWS_AT_ONCE) changed += rows?.run(...lists.slice(from, from + ROWS_AT_ONCE).flat()).changes ?? 0;
      const statement = statements.island(island);
      for (const values of together > 0 ? lists.slice(together) : lists) changed += statement.run(...values).changes;
      return changed;
    },
    async all<Row>(island: Island<Row>, lists: readonly (readonly Value[])[]) {
      check();
      kept.written(island.text);
      const statement = statements.island(island);
      const rows: Row[] = [];
      for (const values of lists) rows.push(...statement.all(...values));
      return rows;
    },
  });
}

function makeRead(reader: Database, check: () => void): Read {
  const { db, ask } = makeDb(reader, check, () => {});
  return Object.assign(db, { ask });
}

/** `asked` hears each text that is run. */
function makeDb(database: Database, check: () => void, asked: (text: string) => void) {
  const statements = keepStatements(database);
  const ask = async <Row>(island: Island<Row>, values: readonly Value[]): Promise<Row[]> => {
    check();
    asked(island.text);
    return statements.island(island).all(...values);
  };
  const built = async (text: string, values: Value[]) => {
    check();
    asked(text);
    try {
      return { rows: statements.prepare(text).values(...values) };
    } catch (fault) {
      throw withoutValues(fault, values);
    }
  };
  // Typed as Postgres, because what its smaller API allows exists here too (columns.ts).
  const db = drizzle(built) as unknown as Db & WritableDb;
  return { db, ask, statements };
}

/** The reader first: it may not checkpoint, and who closes last should. */
function closeTidily(writer: Database, reader: Database): void {
  reader.close(true);
  writer.query("PRAGMA wal_checkpoint(TRUNCATE)").get();
  writer.close(true);
}

/** Frames of the WAL that are not in the database file yet. */
function pagesToCheckpoint(writer: Database): number {
  const wal = writer.query<{ log: number; checkpointed: number }, []>("PRAGMA wal_checkpoint(NOOP)").get();
  return wal === null ? 0 : wal.log - wal.checkpointed;
}

/** Changes when another connection has committed to this file. */
const dataVersion = (writer: Database): unknown => valueOf(writer, "PRAGMA data_version");

/** Writes one page, changing nothing. */
const touchDisk = (writer: Database): void => void writer.run(`PRAGMA user_version=${Number(valueOf(writer, "PRAGMA user_version"))}`);
