/** A database of each kind in which nothing is yet, and a connection to it beside the store's. */
import { Database } from "bun:sqlite";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SQL } from "bun";
import { emptyTestDatabase, MIGRATIONS } from "./postgres.ts";

export type Dialect = "sqlite" | "postgres";
export type Row = Record<string, unknown>;
export type EmptyDatabase = { url: string; rows(text: string): Promise<Row[]>; remove(): Promise<void> };
export type Journal = { entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[] };

/** The committed migrations, in their order. */
export const journalOf = (dialect: Dialect): Journal => JSON.parse(readFileSync(join(MIGRATIONS, dialect, "meta/_journal.json"), "utf8"));

/** On SQLite a file in `folder`, which goes with it. */
export const emptyDatabase = (dialect: Dialect, folder: string): Promise<EmptyDatabase> => opens[dialect](folder);

const opens: Record<Dialect, (folder: string) => Promise<EmptyDatabase>> = {
  async sqlite(folder) {
    const path = join(folder, "snug.db");
    const rows = async (text: string): Promise<Row[]> => {
      const database = new Database(path);
      try {
        return database.query<Row, []>(text).all();
      } finally {
        database.close();
      }
    };
    return { url: `sqlite:${path}`, rows, remove: async () => {} };
  },
  async postgres() {
    const { url, drop } = await emptyTestDatabase();
    const sql = new SQL(url, { max: 1 });
    const remove = async (): Promise<void> => {
      await sql.close();
      await drop();
    };
    return { url, rows: async (text) => [...(await sql.unsafe<Row[]>(text))], remove };
  },
};
