/** `snug restore PATH`: puts a backup in the place of the database, as a history of its own, and its files in the place of those that are there. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { BackupRefused, readBackup } from "../../db/backup.ts";
import { MigrationRefused } from "../../db/migrate.ts";
import { placeOf } from "../../db/open.ts";
import type { Config } from "../config.ts";
import { type Copied, stageFiles } from "../files/copies.ts";
import { newSecret } from "../ids.ts";
import { readSecrets } from "../secrets.ts";
import { filesBeside, filesInWords, inWords } from "./backup.ts";
import { counted } from "./counted.ts";
import { runningServer, tryDataFolder } from "./data-folder.ts";
import type { Places } from "./places.ts";

/** The flags of this command alone. */
export const RESTORE_FLAGS = ["--replace", "--new-secret"] as const;

/** `words` are those after `restore` that are no settings. Resolves to the exit code. */
export async function restore(words: readonly string[], config: Config, places: Places): Promise<number> {
  const [path, more] = words.filter((word) => !word.startsWith("--"));
  if (path === undefined || more !== undefined) {
    process.stderr.write("Use: snug restore PATH [--replace] [--new-secret]\n");
    return 2;
  }
  const folder = tryDataFolder(config);
  try {
    if (folder === null) throw new BackupRefused(heldBy(config));
    const wish = { from: resolve(path), replace: words.includes("--replace"), new_secret: words.includes("--new-secret") };
    process.stdout.write(await restored(config, places, wish));
    return 0;
  } catch (fault) {
    if (!(fault instanceof BackupRefused) && !(fault instanceof MigrationRefused)) throw fault;
    process.stderr.write(`Nothing was restored: ${fault.message}\n`);
    return 1;
  } finally {
    folder?.release();
  }
}

type Wish = { from: string; replace: boolean; new_secret: boolean };

async function restored(config: Config, { migrations }: Places, { from, replace, new_secret }: Wish): Promise<string> {
  const place = placeOf(config.database_url);
  let files: Awaited<ReturnType<typeof stageFiles>> | null = null;
  const copy = readBackup(from, migrations, join(place.dialect === "sqlite" ? dirname(place.path) : config.data, "restoring.db"));
  try {
    const prints = new_secret || hasSecret(config) ? readSecrets(config.data, config.secret).prints : [];
    const opens = prints.some((print) => copy.secret_prints.includes(print)) || copy.secret_prints.length === 0;
    if (!opens && !new_secret) throw new BackupRefused(LOCKED);
    copy.mark({ boot: `restored ${newSecret()}`, ...(!opens && { secret_prints: prints }) });
    files = await stageFiles({ from: filesBeside(from), into: join(config.data, "files"), names: copy.files() });
    const { kept, replaced } = await copy.takePlace(config.database_url, { replace });
    const before = [replaced, await files.place()].filter((path) => path !== null);
    const aside = before.length === 0 ? "" : `What was there before: ${before.join(", ")}\n`;
    return `Restored ${inWords(kept)} from ${from}.\n${told(files.told, filesBeside(from))}${aside}`;
  } finally {
    copy.discard();
    await files?.discard();
  }
}

function told(files: Copied, from: string): string {
  const there = files.files === 0 ? "" : `With ${filesInWords(files)} that people sent.\n`;
  const gone = `Neither in ${from} nor in the data folder: ${counted(files.missing, "file")} that people sent. The messages stay.\n`;
  return files.missing === 0 ? there : there + gone;
}

const hasSecret = ({ data, secret }: Config): boolean => secret !== null || existsSync(join(data, "secret"));

const LOCKED =
  "it was made with another secret. Put that one into <data>/secret, or give it by --secret. If it is lost, say --new-secret: everybody signs in again.";

function heldBy({ data }: Config): string {
  const running = runningServer(data);
  const who = running === null ? "another Snug" : `another Snug (process ${running.pid}, ${running.url})`;
  return `${who} is running on ${data}. Stop it first.`;
}
