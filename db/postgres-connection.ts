/** How Snug connects to Postgres, and what it demands of it before it starts. */
import { SQL } from "bun";
import { isConnectionLost, StoreAway } from "./faults.ts";

export type ConnectionOptions = {
  /** Connections of the pool; 1 gives one session. */
  max: number;
  /** Milliseconds after which the server stops a statement or a wait for a lock; null for none (migrations). */
  statement_ms: number | null;
  /** Milliseconds after which the server ends a transaction in which nothing is said, where statements are limited too. */
  silent_ms?: number;
  /** Further settings of each session. */
  more?: Readonly<Record<string, string>>;
  /** A connection has ended. */
  onclose?: () => void;
};

/** A pool that connects when first asked. What the URL names wins over the environment, the database included. */
export function connectPostgres(url: string, { max, statement_ms, silent_ms = SILENT_MS, more = {}, onclose }: ConnectionOptions): SQL {
  const limits =
    statement_ms === null ? {} : { statement_timeout: statement_ms, lock_timeout: statement_ms, idle_in_transaction_session_timeout: silent_ms };
  // Every statement of the product finds few rows by their keys: a plan that reads a table whole to join it is one made of what the planner
  // believed of a smaller table. Compiling a plan costs more than running it.
  const plans = statement_ms === null ? {} : { enable_hashjoin: "off", enable_mergejoin: "off", jit: "off" };
  const database = databaseOf(url);
  return new SQL(url, {
    max,
    connectionTimeout: CONNECT_LIMIT_S,
    ...(database === null ? {} : { database }), // PGDATABASE would win over the URL's
    ...(onclose && { onclose }),
    connection: { application_name: "snug", default_transaction_isolation: "read committed", ...limits, ...plans, ...more },
  });
}

/**
 * Resolves when the database answers, asking again with growing pauses for up to `wait_ms`: at a common start it may come up later than we do.
 * Throws StoreAway after that; what waiting does not mend (a wrong password, no such database) is thrown at once.
 */
export async function reachPostgres(sql: SQL, wait_ms: number): Promise<void> {
  const deadline = performance.now() + wait_ms;
  for (let pause_ms = 50; ; pause_ms = Math.min(2 * pause_ms, 2_000)) {
    try {
      await sql`SELECT 1`;
      return;
    } catch (fault) {
      if (!isConnectionLost(fault)) throw fault;
      if (performance.now() + pause_ms > deadline) throw new StoreAway(`Postgres did not answer within ${wait_ms} ms`, { cause: fault });
      await Bun.sleep(pause_ms);
    }
  }
}

/** Throws unless this session is as refuseUnsafe demands. */
export async function refuseUnlessSafe(sql: SQL, allow_unsafe_durability: boolean): Promise<void> {
  const rows: { name: string; setting: string }[] =
    await sql`SELECT name, setting FROM pg_settings WHERE name = 'server_encoding' OR name IN ${sql(DURABLE)}`;
  refuseUnsafe(new Map(rows.map(({ name, setting }) => [name, setting])), allow_unsafe_durability);
}

/**
 * Throws unless a COMMIT is on disk when it returns and text is Unicode. `allow_unsafe_durability` is for throwaway servers of tests: it lets
 * the settings of durability pass, never the encoding.
 */
export function refuseUnsafe(settings: ReadonlyMap<string, string>, allow_unsafe_durability: boolean): void {
  const encoding = settings.get("server_encoding");
  if (encoding !== "UTF8") throw new Error(`Postgres stores text as ${encoding}; Snug needs a database in UTF8`);
  const off = DURABLE.filter((name) => settings.get(name) === "off");
  if (off.length === 0 || allow_unsafe_durability) return;
  throw new Error(`Postgres has ${off.join(", ")} = off: a message that was acknowledged could be lost. Turn ${off.length === 1 ? "it" : "them"} on`);
}

const DURABLE = ["fsync", "full_page_writes", "synchronous_commit"];
// Between two statements of a write lie microseconds. A process cut off there leaves its locks, and what it had waiting for them gets them next: the
// other processes wait for several such in a row.
const SILENT_MS = 1_000;
const CONNECT_LIMIT_S = 4; // below the five seconds in which an asker hears something

function databaseOf(url: string): string | null {
  if (!URL.canParse(url)) return null; // a form that only the driver knows, such as a socket without a host
  return decodeURIComponent(new URL(url).pathname.slice(1)) || null;
}
