/** How drizzle-kit makes the migrations of one dialect, chosen by DB_DIALECT; called by scripts/migrations.ts for both. */
import { defineConfig } from "drizzle-kit";

const dialect = process.env["DB_DIALECT"] === "postgres" ? "postgres" : "sqlite";

export default defineConfig({
  dialect: dialect === "postgres" ? "postgresql" : "sqlite",
  schema: `./db/schema.${dialect}.ts`,
  out: process.env["DB_MIGRATIONS_OUT"] ?? `./db/migrations/${dialect}`,
});
