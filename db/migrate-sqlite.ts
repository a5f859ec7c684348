import { Database } from "bun:sqlite";
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { type Applied, type Migration, MigrationRefused, pendingOf, readMigrations } from "./migrations.ts";
import { openConnection } from "./sqlite-connection.ts";

/**
 * One transaction that holds the write lock from the first look on, so of several processes one migrates and the others find it done.
 * Foreign keys are off around it: drizzle-kit rebuilds a table by dropping it, and with them on that deletes the rows that point to it.
 */
export function migrateSqlite(path: string, folder: string): { applied: string[]; snapshot: string | null } {
  const database = openConnection(path);
  try {
    database.run("PRAGMA foreign_keys=OFF; PRAGMA cache_spill=ON"); // the first is ignored inside a transaction; a rebuilt table may not fit in memory
    database.run("BEGIN IMMEDIATE");
    const pending = pendingOf(readMigrations(folder), appliedTo(database));
    const [first] = pending;
    if (first === undefined) return { applied: [], snapshot: null };
    const snapshot = isEmpty(database) ? null : takeSnapshot(path, first);
    for (const migration of pending) apply(database, migration);
    refuseBrokenKeys(database);
    database.run("COMMIT");
    return { applied: pending.map(({ tag }) => tag), snapshot };
  } finally {
    if (database.inTransaction) database.run("ROLLBACK");
    database.close(true);
  }
}

function appliedTo(database: Database): Applied[] {
  database.run("CREATE TABLE IF NOT EXISTS __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)");
  return database.query<Applied, []>("SELECT hash, created_at FROM __drizzle_migrations ORDER BY created_at").all();
}

function apply(database: Database, { statements, hash, when }: Migration): void {
  for (const statement of statements) database.run(statement);
  database.run("INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)", [hash, when]);
}

function isEmpty(database: Database): boolean {
  return (
    database.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '__drizzle_migrations'").get() === null
  );
}

/** Copies the database as it is before the migration, by another connection: it reads what is committed while ours holds the write lock. */
function takeSnapshot(path: string, { tag }: Migration): string {
  const snapshot = `${path}.before-${tag}`;
  rmSync(`${snapshot}.part`, { force: true });
  const reader = new Database(path, { readonly: true });
  try {
    reader.run("VACUUM INTO ?", [`${snapshot}.part`]);
  } finally {
    reader.close(true);
  }
  const file = openSync(`${snapshot}.part`, "r+");
  fsyncSync(file);
  closeSync(file);
  renameSync(`${snapshot}.part`, snapshot); // only a whole copy gets the name
  return snapshot;
}

function refuseBrokenKeys(database: Database): void {
  const broken = database.query<{ table: string }, []>("PRAGMA foreign_key_check").all();
  if (broken.length > 0) throw new MigrationRefused(`The migration would leave ${broken.length} rows of ${broken[0]?.table} pointing to nothing.`);
}
