/** The executable on a folder that holds a real conversation, put there by the machinery of `bun run seed`; its owner has read all of it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LIFTED } from "./library.ts";
import { freePort, until } from "./server.ts";

export const CONVERSATION = resolve(import.meta.dir, "../../../shared/data/ubuntu-irc.jsonl.gz");
const PASSWORD = "a horse, a battery";

export type Seeded = Awaited<ReturnType<typeof startSeeded>>;
type Asked = { access_token?: string; id?: string; items?: { id: string; name: string | null; last_seq: number }[] };

/** A channel beside it, unread; `lines` as `bun run seed` takes them. `as` signs in by the same password. */
export type Beside = { readonly name: string; readonly lines: readonly string[]; readonly as?: string };
type Wish = { channel?: string; as?: string; beside?: readonly Beside[]; flags?: readonly string[] };

/** `channel` holds all of the conversation, `as` owns the workspace: who spoke most, unless it is said. */
export async function startSeeded(executable: string, conversation = CONVERSATION, wish: Wish = {}) {
  const { channel = "library", as, beside = [], flags = [] } = wish;
  const folder = mkdtempSync(join(tmpdir(), "snug-figures-"));
  const data = join(folder, "data");
  const username = await seed(conversation, data, channel, as);
  for (const { name, lines, as: other = username } of beside) {
    const some = join(folder, `${name}.jsonl`);
    await Bun.write(some, lines.join("\n"));
    await seed(some, data, name, other);
  }
  const port = freePort();
  const origin = `http://127.0.0.1:${port}`;
  const words = ["serve", "--port", String(port), "--host", "127.0.0.1", "--data", data, ...LIFTED, ...flags];
  const child = Bun.spawn([executable, ...words], { cwd: folder, stdin: "ignore", stdout: "ignore", stderr: Bun.file(join(folder, "log")) });
  await until(async () => (await fetch(`${origin}/ready`).catch(() => null))?.ok === true, "the server is ready");

  let token: string | undefined;
  const ask = async (method: string, path: string, body?: unknown): Promise<Asked> => {
    const headers = { "content-type": "application/json", ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${origin}/api/v1${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Asked);
  };
  token = (await ask("POST", "/auth/login", { username, password: PASSWORD })).access_token;
  const rooms = (await ask("GET", "/rooms")).items ?? [];
  const long = rooms.find(({ name }) => name === channel);
  const general = rooms.find(({ name }) => name === "general");
  if (!long || !general) throw new Error("the conversation is not there");
  await ask("PUT", `/rooms/${long.id}/ack`, { seq: long.last_seq });

  return {
    ...{ origin, username, password: PASSWORD, long, general, ask },
    async stop(): Promise<void> {
      child.kill("SIGTERM");
      await child.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Gives the name of the workspace's owner, who speaks in the conversation. */
async function seed(conversation: string, data: string, channel: string, as?: string): Promise<string> {
  const script = resolve(import.meta.dir, "../seed.ts");
  const words = [
    process.execPath,
    "run",
    script,
    conversation,
    "--room",
    channel,
    "--password",
    PASSWORD,
    "--data",
    data,
    ...(as === undefined ? [] : ["--as", as]),
  ];
  const child = Bun.spawn(words, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [said, why] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  const username = /Sign in as ([^,\s]+),/u.exec(said)?.[1];
  if (username === undefined) throw new Error(`the conversation could not be put in: ${said}${why}`);
  return username;
}

export async function linesOf(conversation: string): Promise<string[]> {
  const text = new TextDecoder().decode(Bun.gunzipSync(await Bun.file(conversation).bytes()));
  return text.trim().split("\n");
}
