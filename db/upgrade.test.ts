/** Whoever stands at an earlier version keeps what is stored there, whichever version it is: each migration is one that somebody may have stopped at. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Dialect, type EmptyDatabase, emptyDatabase, journalOf, type Row } from "../server/testing/empty-database.ts";
import { MIGRATIONS } from "../server/testing/postgres.ts";
import { tablesIn } from "../server/testing/schema-page.ts";
import { makeScratch } from "../server/testing/scratch.ts";
import { migrate } from "./migrate.ts";
import { openStore } from "./open.ts";

let scratch: string;
beforeEach(() => void (scratch = makeScratch("upgrade")));
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const kinds = { text: "text", json: "json", int: "int", flag: "flag" };
/** Columns that a later version took away. */
const gone: Readonly<Record<string, readonly string[]>> = { messages: ["arrival"] };
const page = tablesIn(readFileSync(resolve(import.meta.dir, "../docs/schema.md"), "utf8"), kinds);

const tablesThere: Record<Dialect, string> = {
  sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '*[_][_]*' AND name NOT LIKE 'sqlite%' ORDER BY name",
  postgres: "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name",
};
const columnsOf: Record<Dialect, (table: string) => string> = {
  sqlite: (table) => `SELECT name FROM pragma_table_info('${table}')`,
  postgres: (table) =>
    `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '${table}' ORDER BY ordinal_position`,
};

describe.each(["sqlite", "postgres"] as const)("on %s", (dialect) => {
  let opened: EmptyDatabase;
  beforeEach(async () => void (opened = await emptyDatabase(dialect, scratch)));
  afterEach(() => opened.remove());

  const { entries } = journalOf(dialect);
  test.each(entries.slice(0, -1).map(({ tag }, i) => [tag, i + 1] as const))(
    "from %s on a row of every table is kept, to the letter",
    async (_, count) => {
      await migrate(opened.url, until(dialect, count));
      const before = new Map<string, Row>();
      for (const { name } of await opened.rows(tablesThere[dialect])) {
        const table = String(name);
        if (table === "ws_sessions" && count === 1) continue; // nobody wrote to it before there were several instances
        const columns = (await opened.rows(columnsOf[dialect](table))).map((column) => String(column.name)).filter((name) => !isGone(table, name));
        await opened.rows(
          `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map((column) => valueOf(dialect, table, column)).join(", ")})`,
        );
        const [row] = await opened.rows(`SELECT * FROM ${table}`);
        if (row) before.set(table, Object.fromEntries(Object.entries(row).filter(([name]) => !isGone(table, name))));
      }
      expect(before.size).toBeGreaterThanOrEqual(12);

      await migrate(opened.url, MIGRATIONS);
      for (const [table, row] of before) expect({ table, rows: await opened.rows(`SELECT * FROM ${table}`) }).toMatchObject({ table, rows: [row] });
      const store = await openStore(opened.url, { postgres: { allow_unsafe_durability: true, pool: 2 } });
      for (const table of Object.values(store.t)) expect(await store.read.select().from(table)).toBeArray(); // this program reads what they hold
      await store.close();
    },
  );
});

const isGone = (table: string, column: string): boolean => gone[table]?.includes(column) ?? false;

/** A folder with the first migrations alone: what an earlier version had. */
function until(dialect: Dialect, count: number): string {
  const folder = join(scratch, `until-${count}`);
  cpSync(MIGRATIONS, folder, { recursive: true });
  const journal = journalOf(dialect);
  writeFileSync(join(folder, dialect, "meta/_journal.json"), JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }));
  return folder;
}

/** Of each column another; also of those that may be null. */
function valueOf(dialect: Dialect, table: string, column: string): string {
  const kind = page[table]?.columns.find(([name]) => name === column)?.[1].replace("?", "");
  if (kind === "int") return String(1 + (Bun.hash.crc32(`${table}.${column}`) % 1_000));
  if (kind === "flag") return dialect === "sqlite" ? "1" : "true";
  return kind === "json" ? "'{}'" : `'${table}.${column} «ä»'`;
}
