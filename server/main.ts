// First, because it sets NODE_ENV, which is read while the others load.
import "./production.ts";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { MigrationRefused } from "../db/migrate.ts";
import { CannotStart } from "./cannot-start.ts";
import { admin } from "./commands/admin.ts";
import { backup, BACKUP_FLAGS } from "./commands/backup.ts";
import { healthcheck } from "./commands/healthcheck.ts";
import { help } from "./commands/help.ts";
import { migrate } from "./commands/migrate.ts";
import type { Places } from "./commands/places.ts";
import { restore, RESTORE_FLAGS } from "./commands/restore.ts";
import { serve } from "./commands/serve.ts";
import { unfit } from "./commands/unfit.ts";
import { readWords } from "./commands/words.ts";
import { type Config, readConfig } from "./config.ts";
import { build } from "./version.ts";

type Command = (config: Config, places: Places, words: readonly string[]) => Promise<number>;

const commands: Readonly<Record<string, { run: Command; own: readonly string[] | null }>> = {
  serve: { run: serve, own: null },
  migrate: { run: migrate, own: null },
  healthcheck: { run: healthcheck, own: null },
  admin: { run: (config, places, words) => admin(words, config, places), own: [] },
  backup: { run: (config, places, words) => backup(words, config, places), own: BACKUP_FLAGS },
  restore: { run: (config, places, words) => restore(words, config, places), own: RESTORE_FLAGS },
};

try {
  process.exit(await run(Bun.argv.slice(2)));
} catch (fault) {
  const mendable = fault instanceof CannotStart || fault instanceof MigrationRefused;
  process.stderr.write(`Snug cannot start.\n${mendable ? fault.message : Bun.inspect(fault)}\n`);
  process.exit(1);
}

/** Resolves to the exit code. */
async function run(words: readonly string[]): Promise<number> {
  if (words.includes("--help") || words.includes("-h")) return said(help());
  if (words.includes("--version")) return said(`snug ${build.version} (${build.commit}, ${build.built_at ?? "from its sources"})\n`);
  const flags = Object.fromEntries(Object.entries(commands).map(([name, { own }]) => [name, own]));
  const { command, own, settings } = readWords(words, flags, "serve");
  const chosen = commands[command]?.run ?? serve;
  process.umask(0o077); // whatever it writes is its user's alone
  return await chosen(readConfig(settings, process.env, chosen === serve ? unfit : undefined), places(), own);
}

function places(): Places {
  const [ui, migrations] = Bun.isStandaloneExecutable ? ["ui", "migrations"] : ["../dist/ui", "../db/migrations"];
  const page = resolve(import.meta.dir, ui);
  return { migrations: resolve(import.meta.dir, migrations), ui: existsSync(page) ? page : null };
}

function said(text: string): number {
  process.stdout.write(text);
  return 0;
}
