/**
 * The store in Postgres, by Bun.sql. `write` is one transaction on one connection; a row that a work has updated stays locked until its
 * COMMIT. Whoever asks hears something within five seconds, also when the database is gone: the server itself stops what takes long, and
 * what even that does not bring back is told as StoreAway (postgres-pool.ts).
 */
import type { SQL } from "bun";
import { drizzle } from "drizzle-orm/pg-proxy";
import { StoreAway, withoutValues } from "./faults.ts";
import { type Lease, makeLeases } from "./leases.ts";
import { connectPostgres, reachPostgres, refuseUnlessSafe } from "./postgres-connection.ts";
import { type CountedPool, makePool, nearestOf, type Pool, type PoolLimits, within } from "./postgres-pool.ts";
import * as tables from "./schema.postgres.ts";
import type { Island, Read, Store, Tx, Value } from "./store.ts";

export type PostgresOptions = {
  /** Connections at most, beside the one that `once` has. */
  pool?: number;
  /** Milliseconds to wait for the database at start. */
  wait_ms?: number;
  limits?: Partial<PoolLimits>;
  /** Milliseconds after which Postgres ends a transaction of ours in which nothing is said. A test on a machine that does other things says less often than a server. */
  silent_ms?: number;
  /** Starts although `fsync`, `full_page_writes` or `synchronous_commit` is off. For throwaway servers of tests alone. */
  allow_unsafe_durability?: boolean;
};

const POOL = 9;
const WAIT_MS = 30_000;
const LIMITS: PoolLimits = { answer_ms: 4_500, under_way: 10_000 };
const GRACE_MS = 500; // the server's own limit comes first: its answer says more, and frees the connection

/** Opens a migrated database. Waits for it to come up; throws if what it acknowledges could be lost (see refuseUnsafe). */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Store> {
  const limits = { ...LIMITS, ...options.limits };
  const work_ms = Math.max(1, limits.answer_ms - GRACE_MS);
  const connectTo = (max: number): SQL =>
    connectPostgres(url, { max, statement_ms: work_ms, ...(options.silent_ms !== undefined && { silent_ms: options.silent_ms }) });
  const first = connectTo(1);
  try {
    await reachPostgres(first, options.wait_ms ?? WAIT_MS);
    await refuseUnlessSafe(first, options.allow_unsafe_durability ?? false);
  } catch (fault) {
    await first.close({ timeout: 0 });
    throw fault;
  }
  const one = (sql: SQL): CountedPool => makePool(sql, () => connectTo(1), limits);
  const others = (options.pool ?? POOL) - 1;
  const pool =
    others === 0
      ? one(first)
      : nearestOf(
          one(first),
          makePool(connectTo(others), () => connectTo(others), limits),
        );
  const posts = one(connectTo(1)); // one batch is under way at a time, and nothing else on its connection
  const leases = makeLeases();

  return {
    t: tables,
    read: makeRead(pool, () => leases.refuse("read")),

    async write(work) {
      leases.refuse("write");
      let begun = false; // the work has been called: asking again could do something twice
      let over = false; // the asker has been answered
      try {
        const { outcome } = await pool.answer(
          (sql) =>
            sql.begin(async (transaction) => {
              if (over) throw new StoreAway("A connection came free after the asker had been told that there was none");
              begun = true;
              const lease: Lease = { open: true };
              try {
                return {
                  outcome: await within(
                    work_ms,
                    leases.run(lease, () => work(makeTx(transaction))),
                  ),
                };
              } finally {
                lease.open = false;
              }
            }),
          () => !begun,
        );
        return outcome;
      } finally {
        over = true;
      }
    },

    async once(island, values) {
      leases.refuse("write");
      try {
        return await posts.answer((sql) => rowsOf(sql, island, values), NEVER);
      } catch (fault) {
        throw withoutValues(fault);
      }
    },

    async ready() {
      try {
        const [row] = await pool.answer<{ off: string }[]>((sql) => sql`SELECT current_setting('transaction_read_only') AS off`, ALWAYS);
        return row?.off === "off";
      } catch {
        return false;
      }
    },

    analyze: async () => void (await pool.answer((sql) => sql`ANALYZE users, rooms, members, messages`, ALWAYS)),
    onForeignCommit: () => {},
    tend: async () => {},
    async close() {
      await Promise.all([pool.close(), posts.close()]);
    },
  };
}

const ALWAYS = () => true;
const NEVER = () => false;

function makeTx(transaction: SQL): Tx {
  const asked: Asked = (question) => question(transaction);
  const { db, ask } = makeDb(asked);
  const all = async <Row>(island: Island<Row>, lists: readonly (readonly Value[])[]): Promise<Row[]> => {
    if (lists.length === 0) return [];
    if (island.many !== undefined) return ask({ text: island.many }, [JSON.stringify(lists)]);
    // Sent one behind the other without waiting; the first that fails is the first to reject.
    return (await Promise.all(lists.map((values) => ask(island, values)))).flat();
  };
  const change = async (text: string, values: readonly Value[]): Promise<number> => {
    try {
      return (await transaction.unsafe(text, [...values])).count;
    } catch (fault) {
      throw withoutValues(fault);
    }
  };
  const run = async (island: Island<never>, lists: readonly (readonly Value[])[]): Promise<number> => {
    if (lists.length === 0) return 0;
    if (island.many !== undefined) return change(island.many, [JSON.stringify(lists)]);
    const changed = await Promise.all(lists.map((values) => change(island.text, values)));
    return changed.reduce((sum, one) => sum + one, 0);
  };
  return Object.assign(db, { ask, all, run, kept: () => null });
}

function makeRead(pool: Pool, check: () => void): Read {
  const { db, ask } = makeDb(async (question) => {
    check();
    return await pool.answer(question, ALWAYS);
  });
  return Object.assign(db, { ask });
}

/** Puts a question to whatever connection there is. */
type Asked = <R>(question: (sql: SQL) => Promise<R>) => Promise<R>;

function makeDb(asked: Asked) {
  const ask = async <Row>(island: Island<Row>, values: readonly Value[]): Promise<Row[]> => {
    try {
      return await asked((sql) => rowsOf<Row>(sql, island, values));
    } catch (fault) {
      throw withoutValues(fault);
    }
  };
  const db = drizzle(async (text, values, method) => {
    try {
      return { rows: await asked<unknown[]>((sql) => (method === "all" ? sql.unsafe(text, values).values() : sql.unsafe(text, values))) };
    } catch (fault) {
      throw withoutValues(fault, values);
    }
  });
  return { db, ask };
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
