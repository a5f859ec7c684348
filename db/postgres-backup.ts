/**
 * Backups from and into Postgres. The rows are read in one snapshot and written in one transaction; `pg_dump` is not asked, because the
 * executable runs where there is none, of another version than the server's or in an image that holds nothing else.
 */
import { Database } from "bun:sqlite";
import { chmodSync } from "node:fs";
import type { SQL } from "bun";
import { getTableColumns, getTableName } from "drizzle-orm";
import { BackupRefused } from "./backup-refused.ts";
import { connectPostgres, reachPostgres } from "./postgres-connection.ts";
import { migratePostgres, POSTGRES_LOCK } from "./migrate-postgres.ts";
import { migrateSqlite } from "./migrate-sqlite.ts";
import { type Applied, MigrationRefused, pendingOf, readMigrations } from "./migrations.ts";
import * as tables from "./schema.postgres.ts";

type Table = { name: string; columns: string[]; flags: Set<string> };
type Cell = string | number | boolean | null;

const GONE_MS = 2_000;
const WAIT_MS = 30_000;
const FETCHED = 2_000; // rows in memory at once: 32 MB if each message is as long as it may be
const PARAMETERS = 30_000; // of one INSERT; Postgres takes 65,535

/** Writes every row to a new SQLite file. Throws MigrationRefused unless the database has exactly this program's schema. */
export async function dumpPostgres(url: string, migrations: string, to: string): Promise<void> {
  const sql = connectPostgres(url, { max: 1, statement_ms: null });
  try {
    await reachPostgres(sql, WAIT_MS);
    await sql.begin("isolation level repeatable read read only", async (snapshot) => {
      await refuseOtherSchema(snapshot, migrations);
      migrateSqlite(to, `${migrations}/sqlite`);
      chmodSync(to, 0o600);
      const file = new Database(to, { readwrite: true });
      try {
        file.run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF"); // a part that does not get whole is thrown away
        file.run("BEGIN");
        for (const table of ours()) await dumpTable(snapshot, file, table);
        file.run("COMMIT");
      } finally {
        file.close(true);
      }
    });
  } finally {
    await sql.close();
  }
}

async function dumpTable(snapshot: SQL, file: Database, { name, columns }: Table): Promise<void> {
  const insert = file.prepare<unknown, Cell[]>(`INSERT INTO ${name} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`);
  await snapshot.unsafe(`DECLARE backup NO SCROLL CURSOR FOR SELECT ${columns.join(", ")} FROM ${name}`);
  for (let rows: Cell[][] = []; ;) {
    rows = await snapshot.unsafe<Cell[][]>(`FETCH ${FETCHED} FROM backup`).values();
    for (const row of rows) insert.run(...row);
    if (rows.length < FETCHED) break;
  }
  await snapshot.unsafe("CLOSE backup");
}

/**
 * Puts the rows of the SQLite file `from` in the place of all that the database holds, in one transaction. Throws BackupRefused when a Snug is
 * connected to it, or when it holds an installation and `replace` is false.
 */
export async function fillPostgres(url: string, migrations: string, { from, replace }: { from: string; replace: boolean }): Promise<void> {
  const sql = connectPostgres(url, { max: 1, statement_ms: null });
  const file = new Database(from, { readonly: true });
  try {
    await reachPostgres(sql, WAIT_MS);
    await refuseConnected(sql);
    await migratePostgres(url, `${migrations}/postgres`, WAIT_MS);
    await sql.begin(async (tx) => {
      await tx`SELECT pg_advisory_xact_lock(${POSTGRES_LOCK})`;
      await tx.unsafe(
        `LOCK TABLE ${ours()
          .map(({ name }) => name)
          .join(", ")}`,
      );
      await refuseConnected(tx); // again: who came meanwhile has read what is about to go, whoever comes now waits for the locks
      const held = await tx`SELECT 1 FROM installation`;
      if (held.length > 0 && !replace)
        throw new BackupRefused("The database holds a workspace already. Back it up, then say --replace to put the backup in its place.");
      for (const table of ours()) await fillTable(tx, file, table);
    });
  } finally {
    file.close(true);
    await sql.close();
  }
}

async function fillTable(tx: SQL, file: Database, { name, columns, flags }: Table): Promise<void> {
  await tx.unsafe(`TRUNCATE ${name}`);
  const step = Math.floor(PARAMETERS / columns.length);
  const isFlag = columns.map((column) => flags.has(column));
  let cells: Cell[] = [];
  const send = async (): Promise<void> => {
    const rows = Array.from(
      { length: cells.length / columns.length },
      (_, row) => `(${columns.map((_, i) => `$${row * columns.length + i + 1}`).join(", ")})`,
    );
    if (rows.length > 0) await tx.unsafe(`INSERT INTO ${name} (${columns.join(", ")}) VALUES ${rows.join(", ")}`, cells);
    cells = [];
  };
  const rows = file.prepare<Record<string, Cell>, []>(`SELECT ${columns.join(", ")} FROM ${name}`).iterate();
  for (const row of rows) {
    columns.forEach((column, i) => cells.push(isFlag[i] ? row[column] === 1 : (row[column] ?? null)));
    if (cells.length === step * columns.length) await send();
  }
  await send();
}

/** Every table of ours, as both databases name it. */
function ours(): Table[] {
  return Object.values(tables).map((table) => {
    const columns = Object.values(getTableColumns(table));
    const flags = columns.filter(({ dataType }) => dataType === "boolean").map(({ name }) => name);
    return { name: getTableName(table), columns: columns.map(({ name }) => name), flags: new Set(flags) };
  });
}

async function refuseOtherSchema(sql: SQL, migrations: string): Promise<void> {
  const [book] = await sql<{ there: string | null }[]>`SELECT to_regclass('drizzle.__drizzle_migrations')::text AS there`;
  if (!book?.there) throw new BackupRefused("There is no Snug in this database.");
  const applied: Applied[] = await sql`SELECT hash, created_at::float8 AS created_at FROM drizzle.__drizzle_migrations ORDER BY created_at`;
  if (pendingOf(readMigrations(`${migrations}/postgres`), applied).length > 0)
    throw new MigrationRefused("This database is of an older version of Snug. Back it up with that version, or run snug migrate first.");
}

/** Waits a little first: who has just been stopped is listed until Postgres has noticed. */
async function refuseConnected(sql: SQL): Promise<void> {
  const until = performance.now() + GONE_MS;
  for (;;) {
    await sql`SELECT pg_stat_clear_snapshot()`; // within a transaction it would go on showing what it showed first
    const others = await sql`SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'snug' AND pid <> pg_backend_pid()`;
    if (others.length === 0) return;
    if (performance.now() > until) throw new BackupRefused("A Snug is connected to this database. Stop it, and every other instance, first.");
    await Bun.sleep(50);
  }
}
