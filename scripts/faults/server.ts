/** The executable in a folder of its own: started, killed by its id, started again; never left behind, not even by a harness that is killed. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../check/free-port.ts";
import { queuedMs } from "../check/queued.ts";

/** Milliseconds from spawn to the first 200. In `queued_ms` of them its own thread could have run, and the machine's processors were with others. */
export type Start = { ms: number; queued_ms: number };

export type Served = {
  readonly url: string;
  readonly port: number;
  /** Of the Snug process itself, whatever it runs under. */
  pid(): number;
  /** The token of the link printed by the first start. */
  setup_token: string;
  /** Where everything is stored: a `postgres://` address, or the path of the SQLite file. */
  readonly database: string;
  readonly starts: Start[];
  /** True while the process runs; it may end by itself. */
  isAlive(): boolean;
  start(): Promise<void>;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** Sends SIGTERM and gives the exit code and how long it took. */
  terminate(): Promise<{ code: number; ms: number }>;
  /** Its last words on standard error. */
  log(): string;
  /** Kills it and removes its folder. */
  stop(): Promise<void>;
};

export type ServedOptions = {
  executable: string;
  /** Its own SQLite file when null. */
  database_url?: string | null;
  /** True: no limit of rates or sockets stands in the way of a load. */
  lifted?: boolean;
  /** A command that runs the executable. */
  under?: readonly string[];
  /** Beside this process' own. */
  env?: Readonly<Record<string, string>>;
  /** Further settings. */
  more?: readonly string[];
};

const LIMITS = ["sends", "sends-burst", "frames", "requests", "requests-burst", "address", "address-burst", "tenant", "tenant-burst", "sockets"];
const lifted = LIMITS.flatMap((name) => [`--limit-${name}`, "1000000"]);
const ANSWERS_WITHIN_MS = 30_000;

export function createServed({ executable, database_url = null, lifted: isLifted = true, under = [], env = {}, more = [] }: ServedOptions): Served {
  const folder = mkdtempSync(join(tmpdir(), "snug-faults-"));
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const starts: Start[] = [];
  const guard = guardOver(folder);
  const words = [
    "serve",
    "--host",
    "127.0.0.1",
    "--port",
    String(port),
    "--data",
    join(folder, "data"),
    "--registration",
    "open",
    "--log-level",
    "warn",
  ];
  const database = database_url === null ? [] : ["--database-url", database_url];
  let child: Child | null = null;
  let pid = 0;
  const kill = async (): Promise<void> => {
    if (pid !== 0 && child?.exitCode === null && child.signalCode === null) process.kill(pid, "SIGKILL");
    await child?.exited;
    guard.watch(0);
  };
  const served: Served = {
    url,
    port,
    starts,
    setup_token: "",
    database: database_url ?? join(folder, "data/snug.db"),
    pid: () => pid,
    isAlive: () => child !== null && child.exitCode === null && child.signalCode === null,
    async start() {
      const spawned = performance.now();
      const log = Bun.file(join(folder, "log"));
      child = Bun.spawn([...under, executable, ...words, ...database, ...(isLifted ? lifted : []), ...more], {
        cwd: folder,
        env: { ...process.env, ...env },
        stdin: "ignore",
        stdout: "pipe",
        stderr: log,
      });
      pid = child.pid;
      guard.watch(pid);
      const printed = served.setup_token === "" ? readToken(child.stdout) : null;
      await untilAnswers(url, child);
      const ms = performance.now() - spawned;
      if (under.length > 0) pid = childOf(child.pid);
      starts.push({ ms, queued_ms: queuedMs(pid) });
      if (printed) served.setup_token = await printed;
    },
    kill,
    async terminate() {
      const begun = performance.now();
      process.kill(pid, "SIGTERM");
      const code = (await child?.exited) ?? -1;
      guard.watch(0);
      return { code, ms: performance.now() - begun };
    },
    log: () => readFileSync(join(folder, "log"), "utf8").slice(-2_000),
    async stop() {
      await kill();
      await guard.dismiss();
    },
  };
  return served;
}

type Child = Bun.Subprocess<"ignore", "pipe", Bun.BunFile>;

/** A shell that learns whom to kill and what to remove when this process is gone: it reads a pipe that only this process holds open. */
function guardOver(folder: string) {
  const watch = 'trap "" INT TERM HUP; pid=0; while read -r next; do pid=$next; done; [ "$pid" = 0 ] || kill -9 "$pid"; rm -rf "$0"';
  const shell = Bun.spawn(["/bin/sh", "-c", watch, folder], { stdin: "pipe", stdout: "ignore", stderr: "ignore" });
  return {
    watch(pid: number): void {
      void shell.stdin.write(`${pid}\n`);
      void shell.stdin.flush();
    },
    async dismiss(): Promise<void> {
      await shell.stdin.end();
      await shell.exited;
    },
  };
}

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
}

async function readToken(stdout: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const bytes of stdout) {
    text += new TextDecoder().decode(bytes);
    const token = /\/setup#([0-9a-f]+)/u.exec(text)?.[1];
    if (token !== undefined) return token;
  }
  return "";
}

async function untilAnswers(url: string, child: Child): Promise<void> {
  for (const until = performance.now() + ANSWERS_WITHIN_MS; performance.now() < until && child.exitCode === null;) {
    const answer = await fetch(`${url}/health`).catch(() => null);
    if (answer?.ok) return;
    await Bun.sleep(2);
  }
  throw new Error("The server did not answer.");
}
