/** Runs an unpacked image as `docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges` would, and judges it. */
import { chown, mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ImageConfig, said } from "./container-tools.ts";
import { freePort } from "./free-port.ts";

const PATIENCE_MS = 20_000;
const STOP_MAX_MS = 2_000;

/** `mounted` is the image's root folder; `scratch` a folder of ours for its volumes. Throws on the first thing that is not as it must be. */
export async function runImage(mounted: string, config: ImageConfig, scratch: string): Promise<void> {
  const binds = await Promise.all(config.volumes.map((volume) => volumeFor(mounted, volume, scratch)));
  const port = freePort();
  const environment = [...config.env, `SNUG_PORT=${port}`, "SNUG_HOST=127.0.0.1"];
  const confined = ["setpriv", `--reuid=${config.user.uid}`, `--regid=${config.user.gid}`, "--clear-groups", "--no-new-privs", "--inh-caps=-all"];
  const inside = ["env", "-i", ...environment, ...confined, "--bounding-set=-all"];
  const mounts = [
    `mount --bind '${mounted}' '${mounted}'`,
    `mount -o remount,bind,ro '${mounted}'`,
    `mount -t proc proc '${mounted}/proc'`,
    `mount -t tmpfs tmpfs '${mounted}/tmp'`,
    ...binds,
    `exec chroot '${mounted}' "$@"`,
  ];
  const unshare = ["unshare", "--mount", "--pid", "--fork", "sh", "-ec", mounts.join("\n"), "sh", ...inside, ...config.entry];
  const child = Bun.spawn(unshare, { stdio: ["ignore", "inherit", "inherit"] });
  try {
    await answers(`http://127.0.0.1:${port}/health`, child);
    const pid = await processOne(child);
    const enter = ["nsenter", "--target", pid, "--mount", "--pid", "--root", "--wd"];
    await isConfined(pid, config);
    await isReadOnly(enter);
    await said([...enter, ...inside, ...config.health]);
    await stops(Number(pid), child);
  } finally {
    await end(child);
  }
  console.log("the image answers, is confined, healthy, and stops when told");
}

// Its number out here; empty once it has ended.
async function processOne(child: Bun.Subprocess): Promise<string> {
  const text = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").catch(() => "");
  return text.trim();
}

// With its process 1 a whole process namespace ends; `unshare` dying would leave it running.
async function end(child: Bun.Subprocess): Promise<void> {
  const pid = child.exitCode === null ? await processOne(child) : "";
  if (pid !== "") process.kill(Number(pid), "SIGKILL");
  child.kill("SIGKILL");
  await child.exited;
}

// As Docker fills a new volume: owned as the image's own folder is.
async function volumeFor(mounted: string, volume: string, scratch: string): Promise<string> {
  const { uid, gid } = await stat(join(mounted, volume));
  const folder = join(scratch, `volume${volume.replaceAll("/", "-")}`);
  await mkdir(folder);
  await chown(folder, uid, gid);
  return `mount --bind '${folder}' '${mounted}${volume}'`;
}

async function answers(url: string, child: Bun.Subprocess): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until && child.exitCode === null) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.status === 200) return;
    await Bun.sleep(20);
  }
  throw new Error(child.exitCode === null ? `${url} did not answer` : `the container ended with ${child.exitCode}`);
}

async function isConfined(pid: string, { user }: ImageConfig): Promise<void> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, "m").exec(status)?.[1]?.trim();
  const wanted = { NSpid: `${pid}\t1`, Uid: Array(4).fill(user.uid).join("\t"), Gid: Array(4).fill(user.gid).join("\t"), NoNewPrivs: "1" };
  for (const [name, value] of Object.entries(wanted)) {
    if (field(name) !== value) throw new Error(`${name} is ${field(name)}, wanted ${value}`);
  }
  for (const name of ["CapEff", "CapPrm", "CapBnd"]) {
    if (!/^0+$/.test(field(name) ?? "")) throw new Error(`${name} is ${field(name)}, wanted none`);
  }
}

// Even root could not write there; that /tmp can be written to shows that the question can be answered otherwise.
async function isReadOnly(enter: readonly string[]): Promise<void> {
  const touch = async (path: string) => Bun.spawn([...enter, "touch", path], { stdio: ["ignore", "ignore", "ignore"] }).exited;
  if ((await touch("/tmp/here")) !== 0) throw new Error("/tmp cannot be written to");
  if ((await touch("/here")) === 0) throw new Error("the root folder can be written to");
}

async function stops(pid: number, child: Bun.Subprocess): Promise<void> {
  const started = performance.now();
  process.kill(pid, "SIGTERM");
  const code = await Promise.race([child.exited, Bun.sleep(PATIENCE_MS)]);
  const took = performance.now() - started;
  if (code !== 0 || took > STOP_MAX_MS) throw new Error(`SIGTERM to process 1: ended with ${code ?? "nothing"} after ${took.toFixed(0)} ms`);
}
