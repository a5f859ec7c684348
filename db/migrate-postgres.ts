import { connectPostgres, reachPostgres } from "./postgres-connection.ts";
import { type Applied, pendingOf, readMigrations } from "./migrations.ts";

/** Any number, the same in every Snug. Without it two of three processes that start at once fail. */
export const POSTGRES_LOCK = 727_274;

/** One transaction under an advisory lock: of several processes one migrates and the others find it done. */
export async function migratePostgres(url: string, folder: string, wait_ms: number): Promise<string[]> {
  const sql = connectPostgres(url, { max: 1, statement_ms: null });
  try {
    await reachPostgres(sql, wait_ms);
    return await sql.begin(async (tx) => {
      await tx`SELECT pg_advisory_xact_lock(${POSTGRES_LOCK})`;
      await tx`SET LOCAL client_min_messages = warning`;
      await tx`CREATE SCHEMA IF NOT EXISTS drizzle`;
      await tx`CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`;
      const applied: Applied[] = await tx`SELECT hash, created_at::float8 AS created_at FROM drizzle.__drizzle_migrations ORDER BY created_at`;
      const pending = pendingOf(readMigrations(folder), applied);
      for (const { statements, hash, when } of pending) {
        for (const statement of statements) await tx.unsafe(statement);
        await tx`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES (${hash}, ${when})`;
      }
      return pending.map(({ tag }) => tag);
    });
  } finally {
    await sql.close();
  }
}
