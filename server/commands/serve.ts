/** `snug serve`: opens, listens, says where, and stops in order. */
import { delivererOf } from "../chat/deliveries.ts";
import { isSetUp } from "../chat/tenants.ts";
import type { Config } from "../config.ts";
import { renewBoot } from "../installation.ts";
import { build } from "../version.ts";
import { type Loop, startWork } from "../work.ts";
import { addressesOf, loopbackOf } from "./addresses.ts";
import { type DataFolder, holdDataFolder } from "./data-folder.ts";
import { createDoors, type Doors, loopsOf } from "./doors.ts";
import { type Instance, openInstance } from "./instance.ts";
import { listen, listenForOps } from "./listen.ts";
import { pageOf, type Places } from "./places.ts";
import { signalled, surviveFaults } from "./signals.ts";
import { stopServing } from "./stop.ts";

const DELIVERIES_MS = 1_000; // for answers of other people's servers; what is not told by then is tried again

/** Serves until a signal says otherwise. Resolves to the exit code; throws CannotStart. */
export async function serve(config: Config, places: Places): Promise<number> {
  const signal = signalled();
  let serving = false;
  void signal.then(() => serving || process.exit(0)); // still opening: nobody has been told anything

  await using closing = new AsyncDisposableStack();
  const folder = holdDataFolder(config);
  closing.defer(folder.release);
  const instance = await openInstance(config, folder, places.migrations);
  closing.defer(instance.close);
  closing.defer(() => delivererOf(instance.chat).stop(DELIVERIES_MS));
  surviveFaults(instance.chat);

  const { chat, metrics } = instance;
  const doors = await createDoors(instance, config, { ...pageOf(config, places), asked: compileFromNowOn });
  const { app, live } = doors;
  const port = listen(app, config, live.handlers);
  const ops = config.ops_listen && listenForOps(app, config.ops_listen, chat.keys.operator_key);
  const work = startWork(workOf(instance, doors, config, folder), {
    ended: (name) => metrics.loop(name, chat.now()),
    failed(name, fault) {
      metrics.count("snug_faults_total");
      chat.log.error("loop.failed", fault, { loop: name });
    },
  });
  folder.tell(loopbackOf(config.host, port));
  serving = true;
  await greet(instance, config, port);
  chat.log.info("started", { version: build.version, commit: build.commit, port, instance_id: config.instance_id ?? chat.newId() });

  await signal;
  chat.log.info("stopping");
  await stopServing({ app, live, work, ops });
  await closing.disposeAsync();
  chat.log.info("stopped");
  return 0;
}

let compiles = false;

/** The executable starts under a policy that compiles nothing to machine code (scripts/build.ts): 5 MB that a server nobody asks anything need not take. */
function compileFromNowOn(): void {
  if (compiles) return;
  compiles = true;
  if (Bun.isStandaloneExecutable) Bun.unsafe.setJITPolicy(1);
}

/** The doors' work, and the data folder's own. */
function workOf(instance: Instance, doors: Doors, config: Config, { boot_file }: DataFolder): Loop[] {
  const loops = loopsOf(instance, doors, config);
  if (boot_file === null) return loops;
  return [...loops, { name: "boot", every_ms: config.boot_every_ms, run: () => renewBoot(instance.chat.store, boot_file) }];
}

/** What a person who has just started it needs; the setup link only while there is no owner, since it makes one. */
async function greet({ chat }: Instance, config: Config, port: number): Promise<void> {
  const addresses = config.public_url === null ? addressesOf(config.host, port) : [config.public_url];
  const lines = [`Snug ${build.version}`, ...addresses.map((address) => `  ${address}`), `  data in ${config.data}`];
  if (!(await isSetUp(chat))) lines.push("", `  Set it up here: ${addresses[0]}/setup#${chat.keys.setup_token}`);
  process.stdout.write(`${lines.join("\n")}\n\n`);
}
