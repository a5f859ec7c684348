/**
 * The store in Postgres, by Bun.sql. `write` is one transaction on one connection; a row that a work has updated stays locked until its
 * COMMIT. Whoever asks hears something within five seconds, also when the database is gone: the server itself stops what takes long, and
 * what even that does not bring back is told as StoreAway (postgres-pool.ts).
 */
import type { SQL } from "bun";
import { drizzle } from "drizzle-orm/bun-sql";
import { isConnectionLost, StoreAway } from "./faults.ts";
import { type Lease, makeLeases } from "./leases.ts";
import { connectPostgres, reachPostgres, refuseUnlessDurable } from "./postgres-connection.ts";
import { makePool, type Pool, type PoolLimits, within } from "./postgres-pool.ts";
import * as tables from "./schema.postgres.ts";
import type { Island, Read, Store, Tx, Value } from "./store.ts";

export type PostgresOptions = {
  /** Connections at most. */
  pool?: number;
  /** Milliseconds to wait for the database at start. */
  wait_ms?: number;
  limits?: Partial<PoolLimits>;
  /** Starts although `fsync`, `full_page_writes` or `synchronous_commit` is off. For throwaway servers of tests alone. */
  allow_unsafe_durability?: boolean;
};

const POOL = 10;
const WAIT_MS = 30_000;
const LIMITS: PoolLimits = { answer_ms: 4_500, under_way: 10_000 };
const GRACE_MS = 500; // the server's own limit comes first: its answer says more, and frees the connection

/** Opens a migrated database. Waits for it to come up; throws if what it acknowledges could be lost (see refuseUnlessDurable). */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Store> {
  const limits = { ...LIMITS, ...options.limits };
  const work_ms = Math.max(1, limits.answer_ms - GRACE_MS);
  const connect = () => connectPostgres(url, { max: options.pool ?? POOL, statement_ms: work_ms });
  const first = connect();
  try {
    await reachPostgres(first, options.wait_ms ?? WAIT_MS);
    await refuseUnlessDurable(first, options.allow_unsafe_durability ?? false);
  } catch (fault) {
    await first.close({ timeout: 0 });
    throw fault;
  }
  const pool = makePool(first, connect, limits);
  const leases = makeLeases();

  const transact = async <R>(attempt: Attempt, work: (tx: Tx) => Promise<R>): Promise<R> => {
    try {
      const { outcome } = await pool.once((sql) =>
        sql.begin(async (transaction) => {
          if (attempt.over) throw new StoreAway("A connection came free after the asker had been told that there was none");
          attempt.begun = true;
          const lease: Lease = { open: true };
          try {
            return { outcome: await within(work_ms, leases.run(lease, () => work(makeTx(transaction)))) };
          } finally {
            lease.open = false;
          }
        }),
      );
      return outcome;
    } finally {
      attempt.over = true;
    }
  };

  return {
    t: tables,
    read: makeRead(pool, () => leases.refuse("read")),

    async write(work) {
      leases.refuse("write");
      const attempt = { begun: false, over: false };
      try {
        return await transact(attempt, work);
      } catch (fault) {
        if (attempt.begun || !isConnectionLost(fault)) throw fault;
        return await transact({ begun: false, over: false }, work); // BEGIN itself found a broken connection: nothing has happened yet
      }
    },

    async ready() {
      try {
        const [row] = await pool.again<{ off: string }[]>((sql) => sql.unsafe("SELECT current_setting('transaction_read_only') AS off").execute());
        return row?.off === "off";
      } catch {
        return false;
      }
    },

    onForeignCommit: () => {},
    tend: async () => {},
    close: () => pool.close(),
  };
}

/** `begun`: the work has been called, so asking again could do something twice. `over`: the asker has been answered. */
type Attempt = { begun: boolean; over: boolean };

function makeTx(transaction: SQL): Tx {
  const ask = <Row>(island: Island<Row>, values: readonly Value[]) => rowsOf<Row>(transaction, island, values);
  return Object.assign(drizzle({ client: transaction }), {
    ask,
    // Sent one behind the other without waiting; the first that fails is the first to reject.
    each: <Row>(island: Island<Row>, lists: readonly (readonly Value[])[]) => Promise.all(lists.map((values) => ask(island, values))),
  });
}

function makeRead(pool: Pool, check: () => void): Read {
  const again = <R>(ask: (sql: SQL) => Promise<R>): Promise<R> => {
    check();
    return pool.again(ask);
  };
  const unsafe = (text: string, values: unknown[]) => ({
    values: () => again((sql) => sql.unsafe(text, values).values()),
    then: (...told: Parameters<Promise<unknown>["then"]>) => again((sql) => sql.unsafe(text, values).execute()).then(...told),
  });
  // Of a pool drizzle's session asks `unsafe` alone, awaited with or without `.values()`.
  const db = drizzle({ client: { unsafe, options: { parsers: {}, serializers: {} } } as unknown as SQL });
  return Object.assign(db, { ask: <Row>(island: Island<Row>, values: readonly Value[]) => again((sql) => rowsOf<Row>(sql, island, values)) });
}

const WIDE = new Set([20, 1700]); // int8 and numeric (what `sum` of them is) come as text

/** The rows of an island, whose author vouches for `Row`; integers are numbers. */
async function rowsOf<Row>(sql: SQL, island: Island<Row>, values: readonly Value[]): Promise<Row[]> {
  const result = await sql.unsafe<Record<string, unknown>[]>(island.text, [...values]);
  const wide = (result.columns ?? []).filter((column) => WIDE.has(column.type)).map((column) => column.name);
  for (const row of result) {
    for (const name of wide) {
      if (row[name] !== null) row[name] = Number(row[name]);
    }
  }
  return [...result] as Row[];
}
