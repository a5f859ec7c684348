/**
 * Brings a database to the schema of this program: what drizzle-kit generated is applied in order, each once, all or nothing, by one process
 * at a time. A database that holds a migration this program does not know is refused: it was written by a newer one.
 * The bookkeeping is drizzle's (`__drizzle_migrations`), so its tools understand the database.
 */
import { migratePostgres } from "./migrate-postgres.ts";
import { migrateSqlite } from "./migrate-sqlite.ts";
import { placeOf } from "./open.ts";

export { MigrationRefused } from "./migrations.ts";

export type Migrated = {
  /** Tags of what was applied now, oldest first. */
  applied: string[];
  /** SQLite: the copy of the database as it was before, if it held anything. */
  snapshot: string | null;
};

/**
 * Migrates the database that `url` names (as openStore) by the folders `<folder>/sqlite` or `<folder>/postgres`. Waits for Postgres to come up
 * for `wait_ms`. Throws MigrationRefused, having changed nothing, if the database is newer than the program, if an applied
 * migration was altered since, or if the outcome breaks a foreign key.
 */
export async function migrate(url: string, folder: string, wait_ms = 30_000): Promise<Migrated> {
  const place = placeOf(url);
  if (place.dialect === "postgres") return { applied: await migratePostgres(place.url, `${folder}/postgres`, wait_ms), snapshot: null };
  return migrateSqlite(place.path, `${folder}/sqlite`);
}
