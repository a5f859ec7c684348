/**
 * Puts a real conversation into a data folder, to see Snug as it is after years of use: through its server where one is running, which must
 * have its workspace, and else into the database itself.
 *
 *   bun run seed [PATH] [--room NAME] [--as NAME] [--password WORDS] [settings of snug, such as --data and --database-url]
 *
 * PATH holds one line of JSON per message, `{"at": RFC 3339, "user": name, "text": …}`, in order of time, compressed or not. Each message keeps
 * its time; nothing is stored twice, however often it is run, and a run that was interrupted goes on. `--as` gives that person a password;
 * where there is no workspace yet one is made, of which they are the owner.
 */
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { type DataFolder, runningServer, tryDataFolder } from "../server/commands/data-folder.ts";
import { openInstance } from "../server/commands/instance.ts";
import { CannotStart } from "../server/cannot-start.ts";
import { readConfig } from "../server/config.ts";
import { Refusal } from "../server/chat/refusal.ts";
import { newSecret } from "../server/ids.ts";
import { operatorFile } from "../server/secrets.ts";
import { placeBeside } from "./seed/beside.ts";
import { placeHere } from "./seed/here.ts";
import { progressBar } from "./seed/progress.ts";
import { readSaid } from "./seed/said.ts";
import { type Place, seed } from "./seed/seed.ts";
import { readWords } from "./seed/words.ts";

const MIGRATIONS = resolve(import.meta.dir, "../db/migrations");
const CONVERSATION = resolve(import.meta.dir, "../../shared/data/ubuntu-irc.jsonl.gz");

try {
  const { path = CONVERSATION, room, as, password, settings } = readWords(Bun.argv.slice(2));
  process.umask(0o077);
  const config = readConfig(settings, process.env);
  const said = await readSaid(path);
  const channel = room ?? basename(path).replace(/\..*$/u, "");
  const wish = { channel, as, password: password ?? newSecret().slice(0, 20), progress: progressBar(process.stderr) };
  await using closing = new AsyncDisposableStack();
  const folder = tryDataFolder(config);
  if (folder) closing.defer(folder.release);
  process.stdout.write(await seed(folder ? await opened(folder) : placeBeside(serverOn(config.data)), said, wish));

  async function opened(held: DataFolder): Promise<Place> {
    const { chat, close } = await openInstance(config, held, MIGRATIONS);
    closing.defer(close);
    return placeHere(chat);
  }
} catch (fault) {
  if (!(fault instanceof CannotStart) && !(fault instanceof Refusal)) throw fault;
  const why = fault instanceof Refusal ? `${fault.reason} ${(fault.detail.fields ?? []).join(", ")}` : fault.message;
  process.stderr.write(`Nothing more was put in: ${why}\n`);
  process.exitCode = 1;
}

function serverOn(data: string): { url: string; key: string } {
  const running = runningServer(data);
  if (!running) throw new CannotStart("another Snug works on the data folder, but does not answer yet. Try again.");
  return { url: running.url, key: readFileSync(operatorFile(data), "utf8").trim() };
}
