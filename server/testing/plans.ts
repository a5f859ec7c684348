/**
 * What the verbs ask of the database, as they ask it, and how the database would answer: the statements are recorded where they arrive (SQLite
 * prepares them, Postgres logs them) and planned one by one, so a query that somebody changes tomorrow is judged as it is then.
 */
import { Database } from "bun:sqlite";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { spyOn } from "bun:test";
import { SQL } from "bun";
import { migrate } from "../../db/migrate.ts";
import { openStore } from "../../db/open.ts";
import { MIGRATIONS } from "./postgres.ts";
import { startTestPostgres } from "./postgres-server.ts";
import { type Dialect, testStore, type TestStore } from "./store.ts";

/** `grows` holds what of the plan reads more rows the more there are: whole tables and indexes, and all that a workspace or a room has, unless a LIMIT stops it. */
export type Planned = { text: string; grows: string[] };
export type Recorded = {
  opened: TestStore;
  /** Forgets what was recorded so far: the arranging. Brings the planner's statistics up to date. */
  begin(): Promise<void>;
  /** Each statement since then once. */
  planned(): Promise<Planned[]>;
};

export const recordedStore = (dialect: Dialect): Promise<Recorded> => (dialect === "sqlite" ? recordedSqlite() : recordedPostgres());

async function recordedSqlite(): Promise<Recorded> {
  const spy = spyOn(Database.prototype, "prepare"); // calls through
  const opened = await testStore("sqlite");
  return {
    // Preparing happens once per connection and text, so the arranging is recorded too: more than is asked for, never less.
    opened: { ...opened, dispose: () => opened.dispose().finally(() => spy.mockRestore()) },
    begin: async () => {},
    async planned() {
      const texts = new Set(spy.mock.calls.map(([text]) => text));
      spy.mockRestore();
      const database = new Database(opened.url.replace("sqlite:", ""), { readonly: true });
      const plans = [...texts].filter(isQuery).map((text) => {
        const steps = database.query<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${text}`).all();
        const details = steps.map(({ detail }) => detail);
        const stops = /\blimit\b/iu.test(text) && !details.some((detail) => detail.startsWith("USE TEMP B-TREE FOR ORDER BY"));
        return { text, grows: details.filter((detail) => isScan(detail) || (isSearchOfAll(detail) && !stops)) };
      });
      database.close();
      return plans;
    },
  };
}

async function recordedPostgres(): Promise<Recorded> {
  const server = await startTestPostgres(["fsync=off", "synchronous_commit=off", "full_page_writes=off", "log_statement=all", "log_line_prefix="]);
  await migrate(server.url, MIGRATIONS);
  const store = await openStore(server.url, { postgres: { pool: 4, allow_unsafe_durability: true } });
  const sql = new SQL(server.url, { max: 1 });
  const [place] = await sql<{ data_directory: string }[]>`SHOW data_directory`;
  const log = join(dirname(place?.data_directory ?? ""), "log");
  let from = 0;
  const dispose = async (): Promise<void> => {
    await store.close();
    await sql.close();
    await server.stop();
  };
  return {
    opened: { store, url: server.url, dispose },
    async begin() {
      await sql`ANALYZE`;
      from = readFileSync(log, "utf8").length;
    },
    async planned() {
      const texts = new Set(loggedIn(readFileSync(log, "utf8").slice(from)).filter(isQuery));
      // A test's tables are so small that reading all of them would be right.
      await sql`SET enable_seqscan = off`;
      await sql`SET enable_bitmapscan = off`;
      await sql`SET enable_hashjoin = off`; // as all connections of the product
      await sql`SET enable_mergejoin = off`;
      await sql`SET plan_cache_mode = force_generic_plan`;
      const plans: Planned[] = [];
      for (const text of texts) {
        const count = Math.max(0, ...[...text.matchAll(/\$(\d+)/gu)].map(([, n]) => Number(n)));
        await sql.unsafe(`PREPARE planned AS ${text}`).simple();
        const words = count === 0 ? "" : `(${Array.from({ length: count }, () => "NULL").join(", ")})`;
        const [row] = await sql.unsafe<Record<string, unknown>[]>(`EXPLAIN (FORMAT JSON) EXECUTE planned${words}`).simple();
        await sql.unsafe("DEALLOCATE planned").simple();
        plans.push({ text, grows: growsIn(row?.["QUERY PLAN"]) });
      }
      return plans;
    },
  };
}

/** `look` is the binary search, which holds its place in a table of one row. */
const isScan = (detail: string): boolean => /^SCAN (?!look\b|\(|CONSTANT ROW)/u.test(detail);
function isSearchOfAll(detail: string): boolean {
  const bound = /^SEARCH .* \((.+)\)$/u.exec(detail)?.[1];
  return bound !== undefined && isAll(bound.split(" AND ").map((one) => one.replace(/[^\w].*$/u, "")));
}

const isAll = (columns: readonly string[]): boolean => columns.every((column) => ["tenant_id", "room_id", "settled_at"].includes(column));

/** What is planned: not BEGIN, not SHOW, and an INSERT of values reads nothing. */
const isQuery = (text: string): boolean =>
  /^\s*(select|update|delete|with)\b/iu.test(text) && !/\bpg_|sqlite_|current_setting|installation/u.test(text);

/** The statements of a server's log; a statement of several lines goes on behind tabs. */
function loggedIn(log: string): string[] {
  const found = log.matchAll(/^LOG: {2}(?:execute [^:]*|statement): (.*(?:\n\t.*)*)$/gmu);
  return [...found].map(([, text]) => (text ?? "").replaceAll("\n\t", "\n"));
}

/** `stops`: a LIMIT above ends this node early. What collects rows before it gives one must read them all. */
function growsIn(plan: unknown, stops = false): string[] {
  if (typeof plan === "string") return growsIn(JSON.parse(plan), stops);
  if (Array.isArray(plan)) return plan.flatMap((one) => growsIn(one, stops));
  if (typeof plan !== "object" || plan === null) return [];
  const node = new Map<string, unknown>(Object.entries(plan));
  const type = String(node.get("Node Type"));
  const condition = node.get("Index Cond");
  const bound = [...(typeof condition === "string" ? condition : "").matchAll(/\((\w+) (?:=|<|>)/gu)].map(([, column]) => column ?? "");
  const isWhole = type === "Seq Scan" || (/^(Bitmap )?Index/u.test(type) && isAll(bound) && !stops);
  const here = isWhole ? [`${type} ${String(node.get("Relation Name") ?? node.get("Index Name"))} (${bound.join(", ")})`] : [];
  const inner = type === "Limit" || (stops && !/Sort|Aggregate|Hash|Bitmap/u.test(type));
  return [...here, ...growsIn(node.get("Plan"), inner), ...growsIn(node.get("Plans"), inner)];
}
