/** The time of day jumping an hour either way under a running executable: its own clock is set (clock.c), not the machine's. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pagesOf } from "../audit.ts";
import { call, type Reach, signIn } from "../person.ts";
import { inScene, type Measured, type Scene } from "../stalls/scene.ts";

const HOUR_S = 3_600;
const POSTS = 20;

export async function clockJumps(executable: string): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "snug-clock-"));
  const [shim, file] = [join(folder, "clock.so"), join(folder, "ahead")];
  const set = (seconds: number): void => writeFileSync(file, new Uint8Array(BigInt64Array.of(BigInt(seconds)).buffer), { flag: "r+" });
  try {
    writeFileSync(file, new Uint8Array(8));
    const { exitCode, stderr } = Bun.spawnSync(["cc", "-shared", "-fPIC", "-O1", "-o", shim, resolve(import.meta.dir, "clock.c")]);
    if (exitCode !== 0) throw new Error(`no C compiler made the clock: ${stderr.toString()}`);
    return await inScene({ executable, env: { LD_PRELOAD: shim, AHEAD_FILE: file } }, (scene) => play(scene, set));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function play(scene: Scene, set: (seconds: number) => void): Promise<Measured> {
  const wrong: string[] = [];
  await postAll(scene, 0);
  for (const [i, [name, seconds]] of JUMPS.entries()) {
    const { reach } = scene;
    const old = await ticketFor(reach, (await signIn(reach, "owner"))?.token ?? null);
    set(seconds);
    if (Math.abs((await clockOf(scene)) - Date.now() - seconds * 1_000) > 5_000) wrong.push(`${name}: the clock did not jump`);
    if (await opens(reach, old)) wrong.push(`${name}: a ticket of before opened`);
    const token = (await signIn(reach, "owner"))?.token ?? null;
    const ticket = await ticketFor(reach, token);
    if (!(await opens(reach, ticket))) wrong.push(`${name}: a new ticket did not open`);
    if (await opens(reach, ticket)) wrong.push(`${name}: a used ticket opened`);
    await postAll({ ...scene, owner: token ?? "" }, i + 1);
  }
  const token = (await signIn(scene.reach, "owner"))?.token ?? "";
  const rows = [...((await pagesOf(scene.reach, token, [scene.room_id])).get(scene.room_id)?.values() ?? [])];
  const times = await timesOf(scene, token);
  if (rows.some(({ seq, content }, i) => seq !== i + 1 || content !== `no. ${seq}`)) wrong.push("posts are out of order");
  if (rows.length !== POSTS * (JUMPS.length + 1)) wrong.push(`${rows.length} rows`);
  if (times.some((time, i) => time < (times[i - 1] ?? 0))) wrong.push("a message is older than the one before it");
  if (!scene.served.isAlive()) wrong.push("the server ended");
  return {
    pass: wrong.length === 0,
    what: `an hour ahead, back, and an hour behind: ${rows.length} posts in the order they were sent, tickets of before opened nothing${wrong.length === 0 ? "" : `; WRONG: ${wrong.join("; ")}`}`,
  };
}

const JUMPS = [
  ["an hour ahead", HOUR_S],
  ["back again", 0],
  ["an hour behind", -HOUR_S],
] as const;

async function postAll({ reach, room_id, owner }: Scene, round: number): Promise<void> {
  for (let i = 1; i <= POSTS; i += 1) {
    const n = round * POSTS + i;
    await call(reach, "POST", `/rooms/${room_id}/messages`, owner, { client_id: `clock-${String(n).padStart(16, "0")}`, content: `no. ${n}` });
  }
}

async function ticketFor(reach: Reach, token: string | null): Promise<string> {
  const answer = await call(reach, "POST", "/ws/tickets", token, {});
  return ((answer?.body ?? {}) as { ticket?: string }).ticket ?? "none";
}

function opens({ url }: Reach, ticket: string): Promise<boolean> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, ["snug.v1", `ticket.${ticket}`]);
  return new Promise((resolve) => {
    socket.onmessage = () => {
      socket.close();
      resolve(true);
    };
    socket.onclose = () => resolve(false);
  });
}

async function clockOf({ served }: Scene): Promise<number> {
  const { timestamp }: { timestamp: string } = JSON.parse(await (await fetch(`${served.url}/health`)).text());
  return Date.parse(timestamp);
}

async function timesOf({ reach, room_id }: Scene, token: string): Promise<number[]> {
  const answer = await call(reach, "GET", `/rooms/${room_id}/messages?after_seq=0&limit=200`, token);
  const { items } = (answer?.body ?? {}) as { items: { created_at: string }[] }; // the route's schema
  return items.map(({ created_at }) => Date.parse(created_at));
}
