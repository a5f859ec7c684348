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
import { type Config, readConfig } from "./config.ts";
import { build } from "./version.ts";

type Command = (config: Config, places: Places, words: readonly string[]) => Promise<number>;

const commands = new Map<string, Command>([
  ["serve", serve],
  ["migrate", migrate],
  ["healthcheck", healthcheck],
  ["admin", (config, places, words) => admin(words, config, places)],
  ["backup", (config, places, words) => backup(words, config, places)],
  ["restore", (config, places, words) => restore(words, config, places)],
]);
/** The commands that take words, and flags of their own. */
const wordy = new Map<string, readonly string[]>([
  ["admin", []],
  ["backup", BACKUP_FLAGS],
  ["restore", RESTORE_FLAGS],
]);

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
  const [named = "serve", ...rest] = commands.has(words[0] ?? "") ? words : ["serve", ...words];
  const command = commands.get(named) ?? serve;
  process.umask(0o077); // whatever it writes is its user's alone
  const own = wordy.get(named);
  const from = own === undefined ? 0 : firstFlag(rest, own);
  const isOwn = (word: string, i: number): boolean => i < from || (own?.includes(word) ?? false);
  const settings = rest.filter((word, i) => !isOwn(word, i));
  return await command(readConfig(settings, process.env, command === serve ? unfit : undefined), places(), rest.filter(isOwn));
}

function firstFlag(words: readonly string[], own: readonly string[]): number {
  const found = words.findIndex((word) => word.startsWith("--") && !own.includes(word));
  return found === -1 ? words.length : found;
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
