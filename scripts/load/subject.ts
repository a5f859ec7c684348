/** The programs that are measured: each a fresh process on core 0, ended with this one whatever happens to it. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort } from "../check/free-port.ts";

export type SubjectName = "snug" | "publish" | "sqlite" | "postgres" | "answer" | "node-ws" | "socket-io" | "prosody";

export type Running = {
  port: number;
  pid: number;
  /** From its beginning to its first answer. */
  start_ms: number;
  /** What it has printed. */
  said(): string;
  /** Resolves when it is gone. */
  ended: Promise<unknown>;
  stop(signal?: "SIGTERM"): Promise<void>;
};

export const SERVER_CORE = 0;
export const GENERATOR_CORE = 1;
const STARTS_WITHIN_MS = 20_000;

const LIMITS = ["sends", "sends-burst", "frames", "requests", "requests-burst", "address", "address-burst", "tenant", "tenant-burst", "sockets"];
const lifted = LIMITS.flatMap((name) => [`--limit-${name}`, "1000000000"]);

/** Words that run a command on one core and end it when we end. */
export const pinned = (core: number): string[] => ["setpriv", "--pdeathsig", "KILL", "taskset", "-c", String(core)];

type Given = { data: string; database_url: string | null; more?: readonly string[] };

/** Snug as it is shipped (`snug` are the words that run it), its rates lifted, on a data folder that is there; `more` are flags. */
export function startSnug(snug: readonly string[], { data, database_url, more = [] }: Given): Promise<Running> {
  const words = ["serve", "--host", "127.0.0.1", "--data", data, "--log-level", "warn", "--access-ttl", "24h", ...lifted, ...more];
  const database = database_url === null ? [] : ["--database-url", database_url];
  return start((port) => [...snug, ...words, "--port", String(port), ...database], {}, "/health");
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

/** Debian's, with a room component that archives, as it comes. Its data lie in `folder`. */
export async function startProsody(folder: string): Promise<Running> {
  const path = join(folder, "prosody.cfg.lua");
  return start(
    (port) => {
      writeFileSync(path, prosody(folder, port));
      return ["prosody", "--config", path, "-F"];
    },
    {},
    null,
  );
}

const prosody = (folder: string, port: number): string => `
run_as_root = true
data_path = "${folder}"
pidfile = "${folder}/prosody.pid"
log = { error = "*console" }
modules_enabled = { "saslauth", "disco" }
modules_disabled = { "s2s", "tls" }
c2s_require_encryption = false
c2s_interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
limits = { c2s = { rate = "1gb/s" } }
VirtualHost "${XMPP_HOST}"
  authentication = "anonymous"
Component "rooms.${XMPP_HOST}" "muc"
  modules_enabled = { "muc_mam" }
  restrict_room_creation = false
  muc_room_locking = false
  muc_log_by_default = true
`;

export const XMPP_HOST = "load.localhost";

/** `path` answers 200 when it is ready; null: that it listens is all one can ask. */
async function start(words: (port: number) => string[], env: Record<string, string>, path: string | null): Promise<Running> {
  const port = freePort();
  const from = performance.now();
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
  const ended = async (): Promise<void> => {
    child.kill("SIGKILL");
    await child.exited;
  };
  await untilAnswers(path === null ? () => listens(port) : () => answers(`http://127.0.0.1:${port}${path}`), child).catch(async (fault: unknown) => {
    await ended();
    throw fault;
  });
  return {
    port,
    pid: child.pid,
    start_ms: performance.now() - from,
    said: () => said,
    ended: child.exited,
    async stop(signal) {
      if (signal === undefined) await ended();
      else child.kill(signal);
      await child.exited;
      await listening;
    },
  };
}

async function untilAnswers(ready: () => Promise<boolean>, child: { exitCode: number | null }): Promise<void> {
  for (const until = performance.now() + STARTS_WITHIN_MS; performance.now() < until && child.exitCode === null;) {
    if (await ready()) return;
    await Bun.sleep(1);
  }
  throw new Error(child.exitCode === null ? "Nothing answered" : `It ended with ${child.exitCode}`);
}

const answers = async (url: string): Promise<boolean> => (await fetch(url).catch(() => null))?.ok ?? false;

async function listens(port: number): Promise<boolean> {
  try {
    (await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } })).end();
    return true;
  } catch {
    return false;
  }
}

/** A folder that goes with `remove`, and a copy of another one if wished. */
export function makeFolder(from?: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "snug-load-"));
  if (from !== undefined) cpSync(from, path, { recursive: true });
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
