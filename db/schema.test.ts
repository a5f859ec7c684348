import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import { SQL } from "bun";
import { testStore, type TestStore } from "../server/testing/store.ts";
import { type Described, tablesIn } from "../server/testing/schema-page.ts";

const PAGE = resolve(import.meta.dir, "../docs/schema.md");

/** What each kind of the page is called by each database. */
const KINDS = {
  sqlite: { text: "TEXT", json: "TEXT", int: "INTEGER", flag: "INTEGER" },
  postgres: { text: "text", json: "text", int: "bigint", flag: "boolean" },
} as const;

describe.each(["sqlite", "postgres"] as const)("on %s", (dialect) => {
  let opened: TestStore;
  beforeEach(async () => void (opened = await testStore(dialect)));
  afterEach(() => opened.dispose());

  test("docs/schema.md describes every table, column and index that is there, and none that is not", async () => {
    const page = tablesIn(await Bun.file(PAGE).text(), KINDS[dialect]);
    const there = dialect === "sqlite" ? sqliteTables(opened.url.replace("sqlite:", "")) : await postgresTables(opened.url);
    expect(Object.keys(page).sort()).toEqual(Object.keys(there).sort());
    for (const [name, table] of Object.entries(there)) expect({ name, ...page[name] }).toEqual({ name, ...table });
  });
});

test("on postgres the rows that a post rewrites have room beside them, and no others", async () => {
  const opened = await testStore("postgres");
  const sql = new SQL(opened.url, { max: 1 });
  const roomy = await sql.unsafe("SELECT relname, reloptions::text FROM pg_class WHERE reloptions IS NOT NULL AND relkind = 'r' ORDER BY 1").values();
  expect([...roomy]).toEqual([
    ["members", "{fillfactor=70}"],
    ["rooms", "{fillfactor=70}"],
  ]);
  await sql.close();
  await opened.dispose();
});

function sqliteTables(path: string): Record<string, Described> {
  const database = new Database(path, { readonly: true });
  const rows = <T>(text: string): T[] => database.query<T, []>(text).all();
  const names = rows<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '*[_][_]*' AND name NOT LIKE 'sqlite%'",
  );
  const tables = names.map(({ name }) => {
    const columns = rows<{ name: string; type: string; notnull: number; pk: number }>(`PRAGMA table_info(${name})`);
    const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
    const indexes = rows<{ name: string; unique: number; origin: string; sql: string | null }>(
      `SELECT l.name, l."unique", l.origin, s.sql FROM pragma_index_list('${name}') l JOIN sqlite_schema s ON s.name = l.name WHERE l.origin = 'c'`,
    ).map((index) => {
      const within = rows<{ name: string }>(`PRAGMA index_info(${index.name})`).map((column) => column.name);
      return [index.name, worded(within, index.unique === 1, /\bwhere\s+(.+)$/iu.exec(index.sql ?? "")?.[1])] as const;
    });
    const described: Described = {
      columns: columns.map((column) => [column.name, `${column.type.toUpperCase()}${column.notnull === 1 || column.pk > 0 ? "" : "?"}`]),
      indexes: Object.fromEntries([["key", worded(key.map((column) => column.name))], ...indexes]),
    };
    return [name, described] as const;
  });
  database.close();
  return Object.fromEntries(tables);
}

async function postgresTables(url: string): Promise<Record<string, Described>> {
  const sql = new SQL(url, { max: 1 });
  const columns = await sql<{ table_name: string; column_name: string; data_type: string; is_nullable: string }[]>`
    SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'public' ORDER BY ordinal_position`;
  const indexes = await sql<{ table_name: string; name: string; is_key: boolean; is_unique: boolean; columns: string; condition: string | null }[]>`
    SELECT i.indrelid::regclass::text AS table_name, i.indexrelid::regclass::text AS name, i.indisprimary AS is_key, i.indisunique AS is_unique,
      (SELECT string_agg(pg_get_indexdef(i.indexrelid, n, false), ', ' ORDER BY n) FROM generate_series(1, i.indnatts) n) AS columns,
      pg_get_expr(i.indpred, i.indrelid) AS condition
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace`;
  await sql.close();
  const tables = [...Map.groupBy(columns, ({ table_name }) => table_name)].map(([name, theirs]) => {
    const described: Described = {
      columns: theirs.map((column) => [column.column_name, `${column.data_type}${column.is_nullable === "YES" ? "?" : ""}`]),
      indexes: Object.fromEntries(
        indexes
          .filter(({ table_name }) => table_name === name)
          .map((index) => [
            index.is_key ? "key" : index.name,
            worded(index.columns.split(", "), index.is_unique && !index.is_key, index.condition?.replace(/^\((.*)\)$/u, "$1")),
          ]),
      ),
    };
    return [name, described] as const;
  });
  return Object.fromEntries(tables);
}

const worded = (columns: readonly string[], isUnique = false, condition?: string): string =>
  `${columns.join(", ")}${isUnique ? " unique" : ""}${condition === undefined ? "" : ` where ${condition}`}`;
