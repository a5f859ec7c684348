/** `snug serve`: opens, listens, says where, and stops in order. */
import { join } from "node:path";
import { rmSync, writeFileSync } from "node:fs";
import { createApp } from "../app.ts";
import { isSetUp } from "../chat/tenants.ts";
import { sweep } from "../chat/sweep.ts";
import { type Config } from "../config.ts";
import { addressesOf, CannotStart, type Instance, openInstance } from "../instance.ts";
import { createLive } from "../live/live.ts";
import { build } from "../version.ts";
import { startWork } from "../work.ts";
import type { Places } from "./places.ts";

const STOP_MS = 2_000;
const FAULTS_A_MINUTE = 20;

/** Serves until a signal says otherwise. Resolves to the exit code. */
export async function serve(config: Config, places: Places): Promise<number> {
  const instance = await openInstance(config, places.migrations);
  const { chat, roster, tokens, metrics, installation } = instance;
  const live = createLive(chat, roster, { epoch: installation.epoch, ...config, connections: metrics.connections });
  const app = createApp({ chat, config, tokens, live, metrics, log: chat.log, ui: places.ui });
  listen(app, config, live.handlers);
  const port = app.server?.port ?? config.port;
  const work = startWork(
    [
      { name: "tend", every_ms: config.tend_every_ms, run: () => chat.store.tend() },
      { name: "beat", every_ms: 1_000, run: live.beat },
      { name: "look", every_ms: config.look_every_ms, run: live.look },
      { name: "sweep", every_ms: config.sweep_every_ms, run: () => sweep(chat) },
    ],
    { log: chat.log, ended: (name) => metrics.loop(name, chat.now()) },
  );
  surviveFaults(instance);
  const running = join(config.data, "running.json");
  writeFileSync(running, JSON.stringify({ pid: process.pid, url: `http://${loopbackOf(config.host)}:${port}` }), { mode: 0o600 });
  await greet(instance, config, port);

  await signalled();
  process.once("SIGTERM", () => process.exit(1)); // a second signal does not wait
  process.once("SIGINT", () => process.exit(1));
  chat.log.info("stopping");
  await live.drain();
  await Promise.race([app.server?.stop(true), Bun.sleep(STOP_MS)]);
  await work.stop();
  rmSync(running, { force: true });
  await instance.close();
  chat.log.info("stopped");
  return 0;
}

function listen(app: ReturnType<typeof createApp>, config: Config, websocket: ReturnType<typeof createLive>["handlers"]): void {
  try {
    app.listen({ port: config.port, hostname: config.host, reusePort: false, websocket });
  } catch (fault) {
    const taken = fault instanceof Error && "code" in fault && fault.code === "EADDRINUSE";
    throw taken ? new CannotStart(`Port ${config.port} is in use. Give another: --port ${config.port + 1}`) : fault;
  }
}

async function greet({ chat }: Instance, config: Config, port: number): Promise<void> {
  const addresses = config.public_url === null ? addressesOf(config.host, port) : [config.public_url];
  const lines = [`Snug ${build.version}`, ...addresses.map((address) => `  ${address}`), `  data in ${config.data}`];
  if (!(await isSetUp(chat))) lines.push("", `  Set it up here: ${addresses[0]}/setup#${chat.keys.setup_token}`);
  process.stdout.write(`${lines.join("\n")}\n\n`);
}

/** A thrown fault in a handler or timer is logged and survived; twenty in a minute are a broken world. */
function surviveFaults({ chat }: Instance): void {
  let recent: number[] = [];
  const survive = (fault: unknown): void => {
    recent = [...recent.filter((at) => at > chat.now() - 60_000), chat.now()];
    chat.metrics.count("snug_faults_total");
    chat.log.error("uncaught", fault);
    if (recent.length >= FAULTS_A_MINUTE) process.exit(1);
  };
  process.on("uncaughtException", survive);
  process.on("unhandledRejection", survive);
}

const signalled = (): Promise<void> =>
  new Promise((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
  });

const loopbackOf = (host: string): string => (host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host);
