/** The programs that are measured: each a fresh process on core 0, ended with this one whatever happens to it. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort } from "../check/free-port.ts";

export type SubjectName = "snug" | "publish" | "sqlite" | "postgres" | "answer" | "node-ws" | "socket-io";

export type Running = {
  port: number;
  pid: number;
  /** What it has printed. */
  said(): string;
  /** Resolves when it is gone. */
  ended: Promise<unknown>;
  stop(): Promise<void>;
};

export const SERVER_CORE = 0;
export const GENERATOR_CORE = 1;
const STARTS_WITHIN_MS = 20_000;

const LIMITS = ["sends", "sends-burst", "frames", "requests", "requests-burst", "address", "address-burst", "sockets"];
const lifted = LIMITS.flatMap((name) => [`--limit-${name}`, "1000000000"]);

/** Words that run a command on one core and end it when we end. */
export const pinned = (core: number): string[] => ["setpriv", "--pdeathsig", "KILL", "taskset", "-c", String(core)];

/** Snug as it is shipped, its rates lifted, on a data folder that is there. */
export function startSnug(executable: string, data: string, database_url: string | null): Promise<Running> {
  const words = ["serve", "--host", "127.0.0.1", "--data", data, "--log-level", "warn", "--access-ttl", "24h", ...lifted];
  const database = database_url === null ? [] : ["--database-url", database_url];
  return start((port) => [executable, ...words, "--port", String(port), ...database], {}, "/health");
}

/** A program of scripts/load/bare under this Bun. */
export function startBare(name: SubjectName, env: Record<string, string>): Promise<Running> {
  return start(() => [process.execPath, "run", resolve(import.meta.dir, `bare/${name}.ts`)], env, "/");
}

/** The same under node: bundled, with the packages of the scratch folder. */
export async function startNode(name: SubjectName, packages: string): Promise<Running> {
  const { outputs } = await Bun.build({
    entrypoints: [resolve(import.meta.dir, `bare/${name}.ts`)],
    target: "node",
    outdir: packages,
    naming: "[name].mjs",
  });
  return start(() => ["node", outputs[0]?.path ?? ""], { PACKAGES: `${packages}/` }, "/");
}

async function start(words: (port: number) => string[], env: Record<string, string>, path: string): Promise<Running> {
  const port = freePort();
  const child = Bun.spawn([...pinned(SERVER_CORE), ...words(port)], {
    env: { PATH: process.env["PATH"] ?? "", NODE_ENV: "production", ...env, PORT: String(port) },
    cwd: tmpdir(),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  let said = "";
  const listening = (async () => {
    for await (const bytes of child.stdout) said += new TextDecoder().decode(bytes);
  })();
  await untilAnswers(`http://127.0.0.1:${port}${path}`, child);
  return {
    port,
    pid: child.pid,
    said: () => said,
    ended: child.exited,
    async stop() {
      child.kill("SIGKILL");
      await child.exited;
      await listening;
    },
  };
}

async function untilAnswers(url: string, child: { exitCode: number | null }): Promise<void> {
  for (const until = performance.now() + STARTS_WITHIN_MS; performance.now() < until && child.exitCode === null;) {
    if ((await fetch(url).catch(() => null))?.ok) return;
    await Bun.sleep(5);
  }
  throw new Error(`Nothing answered at ${url}`);
}

/** A folder that goes with `remove`, and a copy of another one if wished. */
export function makeFolder(from?: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "snug-load-"));
  if (from !== undefined) cpSync(from, path, { recursive: true });
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
