/**
 * The store: where everything durable lives. `read` sees what is committed; `write` runs its work alone with respect to the rows it locks,
 * all or nothing, and resolves only when the commit is on disk (SQLite `synchronous=FULL`, Postgres commit).
 *
 * Only `write` hands out a `Tx`, so whoever holds one is inside a transaction; it ends with the work, and a statement that outlives it is
 * refused. Inside a work there is SQL and nothing else: no fetch, no hook, no timer, and neither `write` nor `read` of the store (both are
 * refused as faults: they would wait for, or miss, what this work has done). A refusal is thrown, so that it also rolls back. What a
 * statement throws ends the work: Postgres accepts nothing more in that transaction, so ask first instead of catching a conflict.
 *
 * What goes wrong with the database itself is named by `storeFaultOf` (faults.ts).
 */
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type { Tables } from "./schema.ts";

export type { Tables } from "./schema.ts";

/** What a query is built with on either database: the part of Postgres' API that SQLite has too. */
export type Db = Pick<PgDatabase<PgQueryResultHKT>, "select" | "selectDistinct" | "$count" | "with" | "$with">;
export type WritableDb = Pick<PgDatabase<PgQueryResultHKT>, "insert" | "update" | "delete">;

/**
 * A hot statement: constant text in the SQL both databases share, with `$1 … $n`; `FOR UPDATE [SKIP LOCKED]` is dropped on SQLite,
 * where a write is alone anyway. Prepared once per connection. Row values come back as the driver gives them: only text and integers
 * below 2^53 may be selected.
 */
export type Island<Row> = {
  readonly text: string;
  /**
   * For statements that run for many lists at once: the same for all of them in Postgres' own SQL, where `$1` is a JSON array of the lists. What a
   * statement costs there is mostly its way there and back. Without it they are sent one behind the other.
   */
  readonly many?: string;
  /** Of an INSERT of one row of so many values, `$1` first: SQLite then stores several rows by one statement, each as if it came alone. */
  readonly width?: number;
  /** The table that it writes, where whoever runs it brings up to date what is kept of it (Tx.kept). */
  readonly keeps?: KeptTable;
  readonly row?: Row;
};
/** Of what tables rows may be kept in memory between works. */
export type KeptTable = "rooms";
export type Value = string | number | null;

export type Read = Db & {
  /** Runs a hot statement and gives its rows. */
  ask<Row>(island: Island<Row>, values: readonly Value[]): Promise<Row[]>;
};

export type Tx = Read &
  WritableDb & {
    /** Runs a hot statement for each list of values, and gives how many rows it has changed. Rejects with what failed; then nothing of the work is stored. */
    run(island: Island<never>, lists: readonly (readonly Value[])[]): Promise<number>;
    /** Asks a hot statement for each list of values and gives the rows of all: those of one list stand together, in the order of the lists. */
    all<Row>(island: Island<Row>, lists: readonly (readonly Value[])[]): Promise<Row[]>;
    /**
     * Rows that former works have read or written, by their id, as they stand in the table now: on SQLite, where nobody else writes while a work runs.
     * Whatever writes the table by another road forgets them all, and so do a work that fails and another process' commit. Null on Postgres.
     */
    kept<Row>(table: KeptTable): Map<string, Row> | null;
  };

export interface Store {
  readonly t: Tables;
  readonly read: Read;
  /**
   * A number that is another as soon as anything has been committed, by whichever process: as long as it is the same, whatever was asked after it was taken
   * would be answered the same. Absent on Postgres, where this question would cost as much as any other.
   */
  moment?(): number;
  /**
   * Runs `work` in a transaction. Its return value is given back after COMMIT; whatever it throws rolls its own changes back and is thrown on.
   * A write refused as away may yet be stored: the connection to Postgres can break while COMMIT is under way. Retry only what is idempotent.
   */
  write<R>(work: (tx: Tx) => Promise<R>): Promise<R>;
  /**
   * Runs one statement in Postgres' own SQL as a transaction of its own, all or nothing, and gives its rows after COMMIT: a `write` that is one way there
   * and back where a transaction is four. It is asked once: a connection that had ended before fails it as away, and as with `write` it may then be
   * stored. Absent where `write` is as near: on SQLite.
   */
  once?<Row>(island: Island<Row>, values: readonly Value[]): Promise<Row[]>;
  /** True when the database answers and can be written to. Never throws. */
  ready(): Promise<boolean>;
  /** Calls `listener` when another process has committed to this SQLite file; on Postgres that news comes by the backplane, and it is never called. */
  onForeignCommit(listener: () => void): void;
  /** After many rows at once: has the planner look at the tables now, not when it comes to it. On SQLite no plan depends on what it believes. */
  analyze(): Promise<void>;
  /** Upkeep that must not run inside a commit someone waits for (the WAL checkpoint, the look at `data_version`). Called by a loop. */
  tend(): Promise<void>;
  /** Lets go of what is in memory only because it was read: after much has been asked, before nothing is. Absent where nothing is kept. */
  shrink?(): void;
  /** Finishes what is queued, leaves the files tidy (WAL truncated), closes. What is asked afterwards is refused as away. May be called twice. */
  close(): Promise<void>;
}
