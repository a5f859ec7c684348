/** The executable in a folder of its own: started, killed by its id, started again; never left behind. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Served = {
  readonly url: string;
  readonly pid: () => number;
  /** The link printed by the first start. */
  setup_token: string;
  /** Milliseconds from spawn to the first 200, one per start. */
  readonly starts: number[];
  start(): Promise<void>;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

const lifted = ["sends", "sends-burst", "frames", "requests", "requests-burst", "address", "address-burst", "sockets"].flatMap((name) => [
  `--limit-${name}`,
  "1000000",
]);

export function createServed(executable: string, port: number, flags: readonly string[] = []): Served {
  const folder = mkdtempSync(join(tmpdir(), "snug-faults-"));
  const url = `http://127.0.0.1:${port}`;
  const starts: number[] = [];
  let child: Bun.Subprocess<"ignore", "pipe", Bun.BunFile> | null = null;
  const served: Served = {
    url,
    starts,
    setup_token: "",
    pid: () => child?.pid ?? 0,
    async start() {
      const spawned = performance.now();
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
      child = Bun.spawn([executable, ...words, ...lifted, ...flags], {
        cwd: folder,
        stdin: "ignore",
        stdout: "pipe",
        stderr: Bun.file(join(folder, "log")),
      });
      const printed = readToken(child.stdout);
      await untilAnswers(url, child);
      starts.push(performance.now() - spawned);
      served.setup_token ||= await printed;
    },
    async kill() {
      child?.kill("SIGKILL");
      await child?.exited;
    },
    async stop() {
      child?.kill("SIGKILL");
      await child?.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return served;
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

async function untilAnswers(url: string, child: Bun.Subprocess<"ignore", "pipe", Bun.BunFile>): Promise<void> {
  for (const until = performance.now() + 30_000; performance.now() < until && child.exitCode === null;) {
    const answer = await fetch(`${url}/health`).catch(() => null);
    if (answer?.ok) return;
    await Bun.sleep(2);
  }
  throw new Error("The server did not answer.");
}
