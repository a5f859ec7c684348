/** `snug backup PATH`: everything the database holds, in one file, beside a running server or without one. */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { backUp, BackupRefused, type Kept } from "../../db/backup.ts";
import { MigrationRefused } from "../../db/migrate.ts";
import type { Config } from "../config.ts";
import { newSecret } from "../ids.ts";
import type { Places } from "./places.ts";

/** `words` are those after `backup`. Resolves to the exit code. */
export async function backup(words: readonly string[], config: Config, { migrations }: Places): Promise<number> {
  const [path, more] = words;
  if (path === undefined || more !== undefined) {
    process.stderr.write("Use: snug backup PATH (a file that is not there yet, or a folder, where it gets a name)\n");
    return 2;
  }
  const to = isFolder(path) ? join(resolve(path), nameAt(new Date())) : resolve(path);
  try {
    const kept = await backUp(config.database_url, migrations, { to, boot: `backup ${newSecret()}` });
    const files = join(config.data, "files");
    const beside = existsSync(files) ? `Files that people sent are not in it: copy ${files} as well (docs/files.md says how).\n` : "";
    process.stdout.write(
      `Backed up ${inWords(kept)} to ${to}.\nThe secret is not in it: keep ${secretOf(config)} as well, in another place.\n${beside}`,
    );
    return 0;
  } catch (fault) {
    if (!(fault instanceof BackupRefused) && !(fault instanceof MigrationRefused)) throw fault;
    process.stderr.write(`Nothing was backed up: ${fault.message}\n`);
    return 1;
  }
}

export const inWords = ({ messages, users, rooms, bytes }: Kept): string =>
  `${count(messages)} messages, ${count(users)} people and ${count(rooms)} rooms (${(bytes / 2 ** 20).toFixed(1)} MiB)`;

const count = (n: number): string => n.toLocaleString("en");

const secretOf = ({ data, secret }: Config): string => (secret === null ? join(data, "secret") : "what --secret says");

/** Sorts by time, and can be a file's name everywhere. */
const nameAt = (now: Date): string => `snug-${now.toISOString().replace(/[:.]/gu, "-")}.backup`;

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
