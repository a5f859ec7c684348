/**
 * What went wrong with the database, in words a verb may act on. Both drivers are understood here and nowhere else; what is not in the
 * list is a plain fault (a bug or a broken world) and stays one.
 */
import { getTableConfig } from "drizzle-orm/pg-core";
import * as tables from "./schema.postgres.ts";

/**
 * `conflict`: a unique constraint refused the row; `constraint` is the name of the unique index as schema.ts has it, or `<table>_pk` for a
 * primary key, on both databases. `full`: the disk is. `away`: the database cannot serve this now; asking again later may help.
 */
export type StoreFault = { kind: "conflict"; constraint: string } | { kind: "full" } | { kind: "away" };

/** Thrown by the store itself: its queue is full, it is closed, or the database did not answer in time. */
export class StoreAway extends Error {
  override readonly name = "StoreAway";
}

/** Names the fault that `error`, or one of its causes, is of; null if it is none of the store's. */
export function storeFaultOf(error: unknown): StoreFault | null {
  for (let at = error, depth = 0; at instanceof Error && depth < CAUSES; at = at.cause, depth++) {
    const fault = at instanceof StoreAway ? AWAY : (sqliteFault(at) ?? postgresFault(at));
    if (fault !== null) return fault;
  }
  return null;
}

/** True if Postgres, or the way to it, broke off: whatever was asked may be asked again on another connection if it changed nothing. */
export function isConnectionLost(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < CAUSES; at = at.cause, depth++) {
    if (field(at, "code").startsWith("ERR_POSTGRES_CONNECTION_") || LOST.has(field(at, "errno"))) return true;
  }
  return false;
}

/** True if a statement has found itself that it must not be, and undone itself by casting words to numbers. */
export function isGivenUp(error: unknown): boolean {
  return error instanceof Error && field(error, "errno") === "22P02";
}

/**
 * Takes the values out of what a driver threw, and gives it back: a log is to hold no message and no hash. `values` are those of a built
 * query, which drizzle would spell out in its own error.
 */
export function withoutValues(error: unknown, values: unknown[] = []): unknown {
  values.length = 0;
  if (error instanceof Error) Reflect.deleteProperty(error, "detail"); // Postgres: "Failing row contains (…)"
  return error;
}

const CAUSES = 8; // deeper than any driver nests; a bound against a cycle
const AWAY: StoreFault = { kind: "away" };
const FULL: StoreFault = { kind: "full" };

const SQLITE_AWAY = /^SQLITE_(BUSY|LOCKED|IOERR|READONLY|CANTOPEN|PROTOCOL|INTERRUPT)/;
/** admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout and its sibling in a transaction. */
const LOST = new Set(["57P01", "57P02", "57P03", "57P05", "25P03"]);
/** query_canceled (statement_timeout), lock_not_available, too_many_connections, read_only_sql_transaction, out_of_memory. */
const POSTGRES_AWAY = new Set(["57014", "55P03", "53300", "25006", "53200"]);

function sqliteFault(error: Error): StoreFault | null {
  const code = field(error, "code");
  if (code === "SQLITE_FULL") return FULL;
  if (SQLITE_AWAY.test(code)) return AWAY;
  if (code !== "SQLITE_CONSTRAINT_UNIQUE" && code !== "SQLITE_CONSTRAINT_PRIMARYKEY") return null;
  const columns = error.message.replace(/^UNIQUE constraint failed: /, "");
  return { kind: "conflict", constraint: constraints().get(columns) ?? columns };
}

function postgresFault(error: Error): StoreFault | null {
  const state = field(error, "errno");
  if (state === "53100") return FULL;
  if (POSTGRES_AWAY.has(state) || isConnectionLost(error)) return AWAY;
  if (state !== "23505") return null;
  const constraint = field(error, "constraint");
  return { kind: "conflict", constraint: /_pk(ey)?$/.test(constraint) ? `${field(error, "table")}_pk` : constraint };
}

/** A property of a driver's error, as text; empty if it has none. */
function field(error: Error, name: string): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" ? value : "";
}

let known: Map<string, string> | null = null;

/** SQLite names the columns (`users.tenant_id, users.username`), Postgres the constraint: this leads from one to the other. */
function constraints(): Map<string, string> {
  known ??= new Map(
    Object.values(tables).flatMap((table): [string, string][] => {
      const { name, indexes, primaryKeys, columns } = getTableConfig(table);
      const listed = (names: readonly string[]) => names.map((column) => `${name}.${column}`).join(", ");
      const single = columns.filter((column) => column.primary).map((column) => column.name);
      return [
        ...indexes.map(({ config }): [string, string] => [
          listed(config.columns.flatMap((column) => ("name" in column && column.name !== undefined ? [column.name] : []))),
          config.name ?? "",
        ]),
        ...primaryKeys.map((key): [string, string] => [listed(key.columns.map((column) => column.name)), `${name}_pk`]),
        [listed(single), `${name}_pk`],
      ];
    }),
  );
  return known;
}
