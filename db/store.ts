/**
 * The store: where everything durable lives. `read` sees what is committed; `write` runs its work alone with respect to the rows it locks,
 * all or nothing, and resolves only when the commit is on disk (SQLite `synchronous=FULL`, Postgres commit).
 *
 * Only `write` hands out a `Tx`, so whoever holds one is inside a transaction. Inside a work there is SQL and nothing else: no fetch, no
 * hook, no timer, no second `write` (it is refused as a fault). A refusal is thrown, so that it also rolls back.
 */
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type { Tables } from "./schema.ts";

export type { Tables } from "./schema.ts";

/** What a query is built with on either database: the part of Postgres' API that SQLite has too. */
export type Db = Pick<PgDatabase<PgQueryResultHKT>, "select" | "selectDistinct" | "$count" | "with" | "$with">;
export type WritableDb = Pick<PgDatabase<PgQueryResultHKT>, "insert" | "update" | "delete">;

/**
 * A hot statement: constant text in the SQL both databases share, with `$1 … $n`; `FOR UPDATE` may end it and is dropped on SQLite,
 * where a write is alone anyway. Prepared once per connection. Row values come back as the driver gives them: only text and integers
 * below 2^53 may be selected.
 */
export type Island<Row> = { readonly text: string; readonly row?: Row };
export type Value = string | number | null;

export type Read = Db & {
  /** Runs a hot statement and gives its rows. */
  ask<Row>(island: Island<Row>, values: readonly Value[]): Promise<Row[]>;
};

export type Tx = Read &
  WritableDb & {
    /** Runs one hot statement for each list of values, in order, and gives the rows of each: one round trip on Postgres. */
    each<Row>(island: Island<Row>, lists: readonly (readonly Value[])[]): Promise<Row[][]>;
  };

export interface Store {
  readonly t: Tables;
  readonly read: Read;
  /** Runs `work` in a transaction. Its return value is given back after COMMIT; whatever it throws rolls its own changes back and is thrown on. */
  write<R>(work: (tx: Tx) => Promise<R>): Promise<R>;
  /** True when the database answers and can be written to. Never throws. */
  ready(): Promise<boolean>;
  /** Calls `listener` when another process has committed to this SQLite file; on Postgres that news comes by the backplane, and it is never called. */
  onForeignCommit(listener: () => void): void;
  /** Upkeep that must not run inside a commit someone waits for (the WAL checkpoint, the look at `data_version`). Called by a loop. */
  tend(): Promise<void>;
  /** Finishes what is queued, leaves the files tidy (WAL truncated), closes. */
  close(): Promise<void>;
}
