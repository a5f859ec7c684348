/** `snug migrate`: brings the database to this program's schema, says what it did, and stops. */
import { migrate as migrateDatabase } from "../../db/migrate.ts";
import type { Config } from "../config.ts";
import { holdDataFolder } from "./data-folder.ts";
import type { Places } from "./places.ts";

export async function migrate(config: Config, { migrations }: Places): Promise<number> {
  const folder = holdDataFolder(config);
  const { applied, snapshot } = await migrateDatabase(config.database_url, migrations);
  folder.release();
  if (snapshot !== null) process.stdout.write(`A copy of the database as it was: ${snapshot}\n`);
  process.stdout.write(applied.length === 0 ? "Nothing to do.\n" : `Applied: ${applied.join(", ")}\n`);
  return 0;
}
