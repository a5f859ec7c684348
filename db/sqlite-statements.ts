/** Prepared statements of one SQLite connection, kept by their text: preparing costs ten times what running a small one does. */
import type { Database, Statement } from "bun:sqlite";
import type { Island, Value } from "./store.ts";

const KEPT = 500; // texts; `in (…)` of many lengths makes many, the hot ones stay

export type Statements = {
  /** The prepared statement of a text in SQLite's own SQL. */
  prepare(text: string): Statement<unknown, Value[]>;
  /** The prepared statement of an island, whose author vouches for `Row`. */
  island<Row>(island: Island<Row>): Statement<Row, Value[]>;
};

export function keepStatements(database: Database): Statements {
  const kept = new Map<string, Statement<unknown, Value[]>>();
  const islands = new WeakMap<Island<unknown>, Statement<unknown, Value[]>>(); // each is a constant of its module: few, and for ever

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
  };
}

/** A write is alone on SQLite, so there is no row lock to ask for. */
function inSqlite(text: string): string {
  return text.replace(/\$(\d+)/g, "?$1").replace(/\s+FOR\s+UPDATE(\s+SKIP\s+LOCKED)?/gi, "");
}
