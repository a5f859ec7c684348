/** Prepared statements of one SQLite connection, kept by their text: preparing costs ten times what running a small one does. */
import type { Database, Statement } from "bun:sqlite";
import type { Island, Value } from "./store.ts";

const KEPT = 500; // texts; `in (…)` of many lengths makes many, the hot ones stay

export type Statements = {
  /** The prepared statement of a text in SQLite's own SQL. */
  prepare(text: string): Statement<unknown, Value[]>;
  /** The prepared statement of an island, whose author vouches for `Row`. */
  island<Row>(island: Island<Row>): Statement<Row, Value[]>;
  /** The same for ROWS_AT_ONCE rows, their values one row after the other; null where an island is of no row. */
  rows(island: Island<never>): Statement<unknown, Value[]> | null;
};

export const ROWS_AT_ONCE = 16;

export function keepStatements(database: Database): Statements {
  const kept = new Map<string, Statement<unknown, Value[]>>();
  const islands = new WeakMap<Island<unknown>, Statement<unknown, Value[]>>(); // each is a constant of its module: few, and for ever
  const manyRows = new WeakMap<Island<never>, Statement<unknown, Value[]>>(); // likewise

  const prepare = (text: string) => {
    const found = kept.get(text) ?? database.prepare<unknown, Value[]>(text);
    kept.delete(text);
    kept.set(text, found); // the last used is the last to go
    if (kept.size > KEPT) for (const [oldest] of kept) return (kept.delete(oldest), found);
    return found;
  };

  return {
    prepare,
    island<Row>(island: Island<Row>) {
      let found = islands.get(island);
      if (!found) islands.set(island, (found = prepare(inSqlite(island.text))));
      return found as Statement<Row, Value[]>;
    },
    rows(island) {
      if (island.width === undefined) return null;
      let found = manyRows.get(island);
      if (!found) manyRows.set(island, (found = prepare(inSqlite(ofManyRows(island.text, island.width)))));
      return found;
    },
  };
}

/**
 * An INSERT of one row as one of many. A row that cannot be stored fails the statement and leaves those before it to the work, which ends by it: so no copy
 * need be made of each page that the statement changes, in order to take it back alone.
 */
function ofManyRows(text: string, width: number): string {
  const [before, after] = text.split(valuesFrom(0, width));
  if (before === undefined || after === undefined) throw new Error(`No row of ${width} values in: ${text}`);
  const rows = Array.from({ length: ROWS_AT_ONCE }, (_, row) => valuesFrom(row * width, width)).join(", ");
  return `${before.replace("INSERT INTO", "INSERT OR FAIL INTO")}${rows}${after}`;
}
const valuesFrom = (first: number, width: number): string => `(${Array.from({ length: width }, (_, i) => `$${first + i + 1}`).join(", ")})`;

/**
 * A write is alone on SQLite, so there is no row lock to ask for. `+`, which changes nothing: where a bare `?1` is compared in a join, or is a LIMIT, this
 * SQLite prepares the statement again whenever it is bound anew, to look for a better plan by its value; that costs several times what running it does.
 */
function inSqlite(text: string): string {
  return text.replace(/\$(\d+)/g, "+?$1").replace(/\s+FOR\s+UPDATE(\s+SKIP\s+LOCKED)?/gi, "");
}
