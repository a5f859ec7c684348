/** `snug backup PATH`: everything the database holds, in one file, and what people sent, in a folder beside it; with a running server or without one. */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { backUp, BackupRefused, type Kept } from "../../db/backup.ts";
import { MigrationRefused } from "../../db/migrate.ts";
import type { Config } from "../config.ts";
import { type Copied, createCopies } from "../files/copies.ts";
import { beginReading } from "../files/reading.ts";
import { newSecret } from "../ids.ts";
import { startWork } from "../work.ts";
import { counted } from "./counted.ts";
import type { Places } from "./places.ts";

const RENEWED_MS = 10_000;

/** The flags of this command alone. */
export const BACKUP_FLAGS = ["--without-files"] as const;

/** Of a backup or of a data folder. */
export const filesBeside = (path: string): string => `${path}.files`;

/** `words` are those after `backup` that are no settings. Resolves to the exit code. */
export async function backup(words: readonly string[], config: Config, { migrations }: Places): Promise<number> {
  const [path, more] = words.filter((word) => !word.startsWith("--"));
  if (path === undefined || more !== undefined) {
    process.stderr.write("Use: snug backup PATH [--without-files] (a file that is not there yet, or a folder, where it gets a name)\n");
    return 2;
  }
  const to = isFolder(path) ? join(resolve(path), nameAt(new Date())) : resolve(path);
  const from = join(config.data, "files");
  const copies = createCopies({ from, to: filesBeside(to) });
  let copied: Copied | null = null;
  const reading = await beginReading(from);
  const renewing = startWork([{ name: "reading", every_ms: RENEWED_MS, run: reading.renew }], { ended() {}, failed() {} });
  try {
    if (existsSync(filesBeside(to))) throw new BackupRefused(`${filesBeside(to)} is there already; a backup never replaces a folder.`);
    const beside = { take: copies.take, place: async () => void (copied = await copies.place()) };
    const bare = words.includes("--without-files");
    const kept = await backUp(config.database_url, migrations, { to, boot: `backup ${newSecret()}`, ...(!bare && { beside }) });
    const files = bare ? bareWords(from) : besideWords(copied, filesBeside(to), from);
    process.stdout.write(
      `Backed up ${inWords(kept)} to ${to}.\n${files}The secret is not in it: keep ${secretOf(config)} as well, in another place.\n`,
    );
    return 0;
  } catch (fault) {
    if (!(fault instanceof BackupRefused) && !(fault instanceof MigrationRefused)) throw fault;
    process.stderr.write(`Nothing was backed up: ${fault.message}\n`);
    return 1;
  } finally {
    await renewing.stop();
    await reading.end();
    await copies.discard();
  }
}

function besideWords(copied: Copied | null, to: string, from: string): string {
  if (copied === null) return "";
  const there = copied.files === 0 ? "" : `What people sent, ${filesInWords(copied)}, lies beside it in ${to}.\n`;
  const gone = copied.missing === 0 ? "" : `Not in it: ${counted(copied.missing, "file")} whose bytes are not in ${from}, or are damaged there.\n`;
  return there + gone;
}

const bareWords = (from: string): string =>
  existsSync(from) ? `Files that people sent are not in it: copy ${from} as well (docs/files.md says how).\n` : "";

export const filesInWords = ({ files, bytes }: Copied): string => `${counted(files, "file")} (${(bytes / 2 ** 20).toFixed(1)} MiB)`;

export const inWords = ({ messages, users, rooms, bytes }: Kept): string =>
  `${counted(messages, "message")}, ${counted(users, "person", "people")} and ${counted(rooms, "room")} (${(bytes / 2 ** 20).toFixed(1)} MiB)`;

const secretOf = ({ data, secret }: Config): string => (secret === null ? join(data, "secret") : "what --secret says");

/** Sorts by time, and can be a file's name everywhere. */
const nameAt = (now: Date): string => `snug-${now.toISOString().replace(/[:.]/gu, "-")}.backup`;

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
