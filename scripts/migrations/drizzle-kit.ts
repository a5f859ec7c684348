/** drizzle-kit and the journal it keeps: the one place that knows how it is called and what it writes. */
import { join, resolve } from "node:path";

export const DIALECTS = ["sqlite", "postgres"] as const;
export type Dialect = (typeof DIALECTS)[number];

export type Entry = { readonly idx: number; readonly when: number; readonly tag: string };

const root = resolve(import.meta.dir, "../..");

/** Runs drizzle-kit under Bun for one dialect and gives its exit code. `out` is from the root: it cannot read what it wrote to an absolute path. */
export async function drizzleKit(dialect: Dialect, out: string, words: readonly string[], stdin: "inherit" | "ignore"): Promise<number> {
  const child = Bun.spawn([process.execPath, "run", "--bun", "drizzle-kit", ...words], {
    cwd: root,
    env: { ...Bun.env, DB_DIALECT: dialect, DB_MIGRATIONS_OUT: out },
    stdio: [stdin, "inherit", "inherit"],
  });
  return child.exited;
}

/** The migrations of a folder in their order; none if there is no journal yet. */
export async function readJournal(folder: string): Promise<Entry[]> {
  const file = Bun.file(join(folder, "meta/_journal.json"));
  if (!(await file.exists())) return [];
  const journal: { entries: Entry[] } = await file.json();
  return journal.entries;
}
