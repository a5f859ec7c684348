/** The executable in an empty folder, ended or killed and started again on the same port. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Walked = {
  readonly port: number;
  readonly setup: string;
  start(): Promise<void>;
  /** As its service would: in order. */
  end(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
};

export async function startWalked(executable: string, port: number, flags: readonly string[] = []): Promise<Walked> {
  const folder = mkdtempSync(join(tmpdir(), "snug-walk-"));
  let setup = "";
  let child: Bun.Subprocess<"ignore", "pipe", ReturnType<typeof Bun.file>> | null = null;
  const start = async (): Promise<void> => {
    const words = ["serve", "--port", String(port), "--host", "127.0.0.1", "--data", join(folder, "data"), ...flags];
    child = Bun.spawn([executable, ...words], { cwd: folder, stdin: "ignore", stdout: "pipe", stderr: Bun.file(join(folder, "log")) });
    if (setup === "") setup = await printedLink(child.stdout);
    await until(async () => (await fetch(`http://127.0.0.1:${port}/ready`).catch(() => null))?.ok === true, "the server is ready");
  };
  const signalled = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    child?.kill(signal);
    await child?.exited;
  };
  const kill = (): Promise<void> => signalled("SIGKILL");
  await start();
  return {
    port,
    setup,
    start,
    end: () => signalled("SIGTERM"),
    kill,
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function printedLink(stdout: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const bytes of stdout) {
    text += new TextDecoder().decode(bytes);
    const link = /https?:\/\/\S+\/setup#[0-9a-f]+/u.exec(text)?.[0];
    if (link !== undefined) return link;
  }
  throw new Error("No setup link was printed.");
}

/** Asks again until it holds; throws with `what` after fifteen seconds. */
export async function until(holds: () => Promise<boolean>, what: string, limit_ms = 15_000): Promise<void> {
  for (const end = performance.now() + limit_ms; performance.now() < end;) {
    if (await holds()) return;
    await Bun.sleep(25);
  }
  throw new Error(`not within ${limit_ms / 1_000} s: ${what}`);
}

export function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { port } = server;
  void server.stop(true);
  return port ?? 0;
}
