/**
 * Snug as a process: run from its sources, or as the executable that was built (SNUG_TEST_TARGET=executable), in an empty folder of its own and
 * with an empty environment. Each waits for what the process says, never for a time.
 */
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { emptyTestDatabase } from "./postgres.ts";
import { makeScratch } from "./scratch.ts";

const root = resolve(import.meta.dir, "../..");

/** What starts Snug. The sources are put together once, into one file: read one by one, a start of theirs costs three times as much. */
function findProgram(): readonly string[] {
  if (process.env.SNUG_TEST_TARGET === "executable") return [join(root, "dist/snug")];
  process.env.SNUG_TEST_SOURCES ??= sourcesInOne(); // for modules loaded afresh in this process, and for processes that it starts
  return [process.execPath, process.env.SNUG_TEST_SOURCES];
}

function sourcesInOne(): string {
  const folder = makeScratch("sources");
  const here = join(root, "server");
  const words = [
    "--target=bun",
    "--external=file-type",
    "--sourcemap=linked",
    `--outdir=${folder}`,
    `--define=import.meta.dir=${JSON.stringify(here)}`,
  ];
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, "build", join(here, "main.ts"), ...words], { cwd: root });
  if (exitCode !== 0) throw new Error(`The sources cannot be put together: ${stderr.toString()}`);
  return join(folder, "main.js");
}

export type Ended = { code: number; out: string; err: string };
export type Served = {
  pid: number;
  /** By a loopback address. */
  url: string;
  /** What it said on standard output until it served. */
  greeting: string;
  /** The token of the setup link, empty when none was printed. */
  setup_token: string;
  /** Sends the signal and resolves when the process has ended. */
  end(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<Ended>;
  ended: Promise<Ended>;
};

export type Yard = {
  /** The empty folder; Snug's working directory. */
  folder: string;
  data: string;
  /** What `--database-url` would name. */
  database_url: string;
  /** Runs a command to its end. `given` is its standard input; `command` is another program that takes Snug's settings. */
  run(words: readonly string[], given?: string, command?: readonly string[]): Promise<Ended>;
  /** Starts serving on a free port of 127.0.0.1; rejects with what it said if it ends first. `under` is a command that runs the program. */
  serve(words?: readonly string[], under?: readonly string[]): Promise<Served>;
  /** Kills what still runs, removes folder and database. */
  dispose(): Promise<void>;
};

/** `words` go to every command; the database is the one that SNUG_TEST_STORE names, unless it is given. */
export async function yard(database = process.env.SNUG_TEST_STORE): Promise<Yard> {
  const folder = makeScratch("yard");
  const postgres = database === "postgres" ? await emptyTestDatabase() : null;
  const words = postgres === null ? [] : ["--database-url", postgres.url, "--allow-unsafe-durability", "true"];
  const running = new Set<Bun.Subprocess>();

  const spawn = (command: readonly string[], given: string) => {
    const env = { PATH: process.env.PATH ?? "", HOME: folder, BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0" }; // Bun's own cache would lie in HOME
    const child = Bun.spawn([...command], { cwd: folder, env, stdio: [Buffer.from(given), "pipe", "pipe"] });
    running.add(child);
    const err = new Response(child.stderr).text();
    void child.exited.then(() => running.delete(child));
    return { child, err };
  };

  return {
    folder,
    data: join(folder, "snug-data"),
    database_url: postgres?.url ?? `sqlite:${join(folder, "snug-data/snug.db")}`,
    async run(given_words, given = "", command = findProgram()) {
      const { child, err } = spawn([...command, ...given_words, ...(takesSettings(given_words) ? words : [])], given);
      const [code, out, told] = await Promise.all([child.exited, new Response(child.stdout).text(), err]);
      return { code, out, err: told };
    },
    async serve(more = [], under = []) {
      const { child, err } = spawn([...under, ...findProgram(), "--host", "127.0.0.1", "--port", "0", ...words, ...more], "");
      const [head, rest] = await untilEmptyLine(child.stdout);
      const ended = Promise.all([child.exited, rest, err]).then(([code, out, told]) => ({ code, out: head + out, err: told }));
      const url = /http:\/\/\S+:\d+/u.exec(head)?.[0];
      if (url === undefined) throw new Error(`Snug did not start: ${JSON.stringify(await ended)}`);
      const end: Served["end"] = (signal) => {
        child.kill(signal);
        return ended;
      };
      return { pid: child.pid, url, greeting: head, setup_token: /\/setup#([0-9a-f]+)/u.exec(head)?.[1] ?? "", end, ended };
    },
    async dispose() {
      for (const child of running) child.kill("SIGKILL");
      await Promise.all([...running].map((child) => child.exited));
      rmSync(folder, { recursive: true });
      await postgres?.drop();
    },
  };
}

const takesSettings = (words: readonly string[]): boolean => !words.some((word) => word === "--help" || word === "--version" || word === "-h");

/** What it says up to the first empty line that ends what has been said, and a promise of the rest. */
async function untilEmptyLine(stream: ReadableStream<Uint8Array>): Promise<[string, Promise<string>]> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const readUntil = async (met: (text: string) => boolean): Promise<string> => {
    for (let text = ""; ;) {
      const { done, value } = await reader.read();
      if (done) return text;
      text += decoder.decode(value, { stream: true });
      if (met(text)) return text;
    }
  };
  const head = await readUntil((text) => text.endsWith("\n\n"));
  return [head, readUntil(() => false)];
}
