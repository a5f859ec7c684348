/** Which migrations there are, and which of them a database still lacks. */
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";

export type Migration = { tag: string; when: number; hash: string; statements: string[] };
/** A row of `__drizzle_migrations`. */
export type Applied = { hash: string; created_at: number };

export class MigrationRefused extends Error {
  override readonly name = "MigrationRefused";
}

/** The migrations of a folder that drizzle-kit wrote, oldest first. */
export function readMigrations(folder: string): Migration[] {
  const journal: { entries: { tag: string; when: number }[] } = JSON.parse(readFileSync(`${folder}/meta/_journal.json`, "utf8"));
  return journal.entries.map(({ tag, when }) => {
    const text = readFileSync(`${folder}/${tag}.sql`, "utf8");
    return { tag, when, hash: createHash("sha256").update(text).digest("hex"), statements: text.split("--> statement-breakpoint") };
  });
}

/** What is to be applied, oldest first. Throws MigrationRefused unless `applied` is how `known` begins. */
export function pendingOf(known: readonly Migration[], applied: readonly Applied[]): Migration[] {
  for (const [place, row] of applied.entries()) {
    const migration = known[place];
    if (migration?.when === row.created_at && migration.hash === row.hash) continue;
    throw new MigrationRefused(known.some(({ when }) => when === row.created_at) ? ALTERED : NEWER);
  }
  return known.slice(applied.length);
}

const NEWER =
  "This database was written by a newer version of Snug. Start that version, or go back with this one: snug restore PATH --replace, where PATH is the copy made before it was migrated (beside the database) or your backup.";
const ALTERED =
  "This database was made by migrations that are not those of this program: one was altered, or put between, after it had been applied.";
