/**
 * Puts a real conversation into a data folder whose server is stopped, to see Snug as it is after years of use.
 *
 *   bun run seed [PATH] [--room NAME] [--as NAME] [--password WORDS] [settings of snug, such as --data and --database-url]
 *
 * PATH holds one line of JSON per message, `{"at": RFC 3339, "user": name, "text": …}`, in order of time, compressed or not. Each message keeps
 * its time; nothing is stored twice, however often it is run, and a run that was interrupted goes on. `--as` gives that person a password;
 * where there is no workspace yet one is made, of which they are the owner.
 */
import { basename, resolve } from "node:path";
import { holdDataFolder } from "../server/commands/data-folder.ts";
import { openInstance } from "../server/commands/instance.ts";
import { CannotStart } from "../server/cannot-start.ts";
import { readConfig } from "../server/config.ts";
import { Refusal } from "../server/chat/refusal.ts";
import { progressBar } from "./seed/progress.ts";
import { readSaid } from "./seed/said.ts";
import { seed } from "./seed/seed.ts";
import { readWords } from "./seed/words.ts";

const MIGRATIONS = resolve(import.meta.dir, "../db/migrations");
const CONVERSATION = resolve(import.meta.dir, "../../shared/data/ubuntu-irc.jsonl.gz");

try {
  const { path = CONVERSATION, room, as, password, settings } = readWords(Bun.argv.slice(2));
  process.umask(0o077);
  const config = readConfig(settings, process.env);
  const said = await readSaid(path);
  await using closing = new AsyncDisposableStack();
  const folder = holdDataFolder(config);
  closing.defer(folder.release);
  const { chat, close } = await openInstance(config, folder, MIGRATIONS);
  closing.defer(close);
  const channel = room ?? basename(path).replace(/\..*$/u, "");
  const told = await seed(chat, said, { channel, as, password, progress: progressBar(process.stderr) });
  process.stdout.write(told);
} catch (fault) {
  if (!(fault instanceof CannotStart) && !(fault instanceof Refusal)) throw fault;
  const why = fault instanceof Refusal ? `${fault.reason} ${(fault.detail.fields ?? []).join(", ")}` : fault.message;
  process.stderr.write(`Nothing more was put in: ${why}\n`);
  process.exitCode = 1;
}
