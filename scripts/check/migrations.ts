/**
 * Checks the migrations: whole, in an order that the migrator cannot misread, the same tags in both dialects, and level with the schema
 * (drizzle-kit finds nothing to add). A migration whose time is not later than the one before would be skipped in silence.
 */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { DIALECTS, type Dialect, drizzleKit, type Entry, readJournal } from "../migrations/drizzle-kit.ts";

/** What is wrong with one journal, one sentence each. */
export function journalFaults(entries: readonly Entry[]): string[] {
  return entries.flatMap(({ idx, when, tag }, place) => {
    const before = entries[place - 1];
    const faults: string[] = [];
    if (idx !== place) faults.push(`${tag}: idx is ${idx} where ${place} is due`);
    if (before !== undefined && when <= before.when) faults.push(`${tag}: not later than ${before.tag}, so it would be skipped`);
    return faults;
  });
}

/** The tags that only one of the dialects has, or has in another place. */
export function tagFaults(sqlite: readonly Entry[], postgres: readonly Entry[]): string[] {
  const length = Math.max(sqlite.length, postgres.length);
  return Array.from({ length }, (_, place) => [sqlite[place]?.tag ?? "nothing", postgres[place]?.tag ?? "nothing"] as const)
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => `sqlite has ${a} where postgres has ${b}`);
}

if (import.meta.main) {
  const faults = await allFaults(resolve(import.meta.dir, "../.."));
  for (const fault of faults) console.log(fault);
  process.exit(faults.length === 0 ? 0 : 1);
}

async function allFaults(root: string): Promise<string[]> {
  const folder = (dialect: Dialect) => join(root, "db/migrations", dialect);
  const [sqlite, postgres] = await Promise.all([readJournal(folder("sqlite")), readJournal(folder("postgres"))]);
  const faults = [...journalFaults(sqlite), ...journalFaults(postgres), ...tagFaults(sqlite, postgres)];
  if (sqlite.length === 0) faults.push("there is no migration");
  for (const dialect of DIALECTS) faults.push(...(await faultsOfFolder(root, dialect, folder(dialect))));
  return faults;
}

async function faultsOfFolder(root: string, dialect: Dialect, folder: string): Promise<string[]> {
  const before = await readJournal(folder);
  const missing = before.filter(({ tag }) => !existsSync(join(folder, `${tag}.sql`))).map(({ tag }) => `${dialect}: ${tag}.sql is missing`);
  const scratch = await mkdtemp(join(tmpdir(), "snug-migrations-"));
  try {
    if (existsSync(folder)) await cp(folder, scratch, { recursive: true });
    const out = relative(root, scratch);
    const checked = await drizzleKit(dialect, out, ["check"], "ignore");
    const generated = await drizzleKit(dialect, out, ["generate", "--name", "missing"], "ignore");
    if (checked !== 0 || generated !== 0) return [...missing, `${dialect}: drizzle-kit refused the folder`];
    const after = await readJournal(scratch);
    return after.length === before.length ? missing : [...missing, `${dialect}: the schema has changed: bun run migrations NAME`];
  } finally {
    await rm(scratch, { recursive: true });
  }
}
