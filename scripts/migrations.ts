/**
 * Makes the next migration from the schema, for both dialects, under one name: `bun run migrations add-reactions`.
 * Where one dialect has nothing to change it gets an empty migration of that name, so that both folders always hold the same tags
 * and "which migration?" has one answer.
 */
import { join, resolve } from "node:path";
import { DIALECTS, type Dialect, drizzleKit, readJournal } from "./migrations/drizzle-kit.ts";

const root = resolve(import.meta.dir, "..");
const [name] = Bun.argv.slice(2);
if (name === undefined || !/^[a-z][a-z0-9-]*$/.test(name)) {
  console.error("bun run migrations NAME, in lower case with dashes: what the change is for");
  process.exit(1);
}

const before = await tags();
for (const dialect of DIALECTS) await generate(dialect);
const after = await tags();
const behind = DIALECTS.filter((dialect) => after[dialect].length === before[dialect].length);
if (behind.length === DIALECTS.length) console.log("The schema has not changed.");
else for (const dialect of behind) await generate(dialect, "--custom");

// Our own terminal is handed on: drizzle-kit asks whether a column was renamed or replaced.
async function generate(dialect: Dialect, ...more: string[]): Promise<void> {
  const out = `db/migrations/${dialect}`;
  const code = await drizzleKit(dialect, out, ["generate", "--name", name ?? "", ...more], "inherit");
  if (code !== 0) process.exit(code);
}

async function tags(): Promise<Record<Dialect, string[]>> {
  const of = async (dialect: Dialect) => (await readJournal(join(root, "db/migrations", dialect))).map(({ tag }) => tag);
  return { sqlite: await of("sqlite"), postgres: await of("postgres") };
}
