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

/** What is to be applied, oldest first. Throws MigrationRefused if `applied` is not a beginning of `known`. */
export function pendingOf(known: readonly Migration[], applied: readonly Applied[]): Migration[] {
  if (applied.length > known.length || applied.some(({ created_at }) => !known.some(({ when }) => when === created_at)))
    throw new MigrationRefused(
      "This database was written by a newer version of Snug. Start that version, or restore the copy made before it was migrated (beside the database, or your backup).",
    );
  for (const [place, migration] of known.slice(0, applied.length).entries()) {
    const row = applied[place];
    if (row?.created_at !== migration.when) throw new MigrationRefused(`Migration ${migration.tag} is older than one that was applied without it.`);
    if (row.hash !== migration.hash) throw new MigrationRefused(`Migration ${migration.tag} is not the one this database was made with.`);
  }
  return known.slice(applied.length);
}
