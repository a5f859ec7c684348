/** `snug migrate`: brings the database to this program's schema and says what it did. */
import { mkdirSync } from "node:fs";
import { migrate as migrateDatabase } from "../../db/migrate.ts";
import type { Config } from "../config.ts";
import type { Places } from "./places.ts";

export async function migrate(config: Config, places: Places): Promise<number> {
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const { applied, snapshot } = await migrateDatabase(config.database_url, places.migrations);
  if (snapshot !== null) process.stdout.write(`A copy of the database as it was: ${snapshot}\n`);
  process.stdout.write(applied.length === 0 ? "Nothing to do.\n" : `Applied: ${applied.join(", ")}\n`);
  return 0;
}
