/** A server is killed under three thousand sockets and starts again: how long each of them was away from its room. */
import { readFileSync } from "node:fs";
import { call } from "../person.ts";
import { inScene, type Measured, p99, type Scene } from "../stalls/scene.ts";
import { inTurn, positionOf, type Seat, sit } from "./crowd.ts";

const SOCKETS = 3_000;
const BACK_WITHIN_MS = 5_000;
const FIRST_WAIT_MS = 1_000; // as our client has it: any time up to a ceiling that doubles
const HERD_MS = 500; // who finds nobody asks again so soon
const LONGEST_WAIT_MS = 30_000;
const POSTS = 20;

/** `herd`: everybody comes at once and again at once; `jitter`: as our own client does. Those who were told to wait do. */
export const allComeBack = (executable: string, policy: "herd" | "jitter"): Promise<Measured> =>
  inScene({ executable }, (scene) => play(scene, policy));

async function play({ served, reach, room_id, owner, bob }: Scene, policy: "herd" | "jitter"): Promise<Measured> {
  await postSome({ reach, room_id, owner }, "before");
  const place = { room_id, ...(await positionOf(reach, bob.token, room_id)) };
  const seats = await inTurn(SOCKETS, () => sit(reach, bob.token, place));
  if (seats.includes(null)) return { pass: false, what: "not everybody could come in the first place" };
  const faults_before = reach.tally.internal;
  const killed_at = performance.now();
  await served.kill();
  const started = served.start();
  const back = seats.map(async (before): Promise<{ seat: Seat; away_ms: number }> => {
    await before?.closed;
    for (let wait_ms = FIRST_WAIT_MS; ; wait_ms = Math.min(LONGEST_WAIT_MS, 2 * wait_ms)) {
      await Bun.sleep(policy === "herd" ? HERD_MS : Math.random() * wait_ms);
      const seat = await sit(reach, bob.token, place);
      if (seat) return { seat, away_ms: performance.now() - killed_at };
    }
  });
  await started;
  const first_ms = performance.now() - killed_at;
  const posting = postSome({ reach, room_id, owner }, "after");
  const all = await Promise.race([Promise.all(back), Bun.sleep(60_000).then(() => null)]);
  await posting;
  if (!all) return { pass: false, what: "a minute later not everybody was back" };
  const ran_ms = ranMs(served.pid());
  const { seq } = await positionOf(reach, bob.token, room_id);
  for (const until = performance.now() + 5_000; performance.now() < until && all.some(({ seat }) => seat.last_seq !== seq);) await Bun.sleep(20);
  const incomplete = all.filter(({ seat }) => seat.last_seq !== seq || seat.gaps > 0).length;
  // From the first answer on: how long a start takes is held to elsewhere, and here three thousand ask on the same two cores meanwhile.
  const away = all.map(({ away_ms }) => Math.max(0, away_ms - first_ms));
  const faults = reach.tally.internal - faults_before;
  for (const { seat } of all) seat.close();
  return {
    pass: p99(away) < BACK_WITHIN_MS && incomplete === 0 && faults === 0,
    what: `${all.length} back and level after p50 ${Math.round(away.toSorted((a, b) => a - b)[away.length >> 1] ?? 0)} ms, p99 ${Math.round(p99(away))} ms, the last after ${Math.round(Math.max(...away))} ms (of its first answer, ${Math.round(first_ms)} ms after the kill); ${incomplete} without every post, ${faults} faults; the server ran for ${Math.round(ran_ms)} ms`,
  };
}

/** Milliseconds that the server's thread has run: on a machine that does other things the time of day says little of the server. */
const ranMs = (pid: number): number => Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;

async function postSome({ reach, room_id, owner }: Pick<Scene, "reach" | "room_id" | "owner">, name: string): Promise<void> {
  for (let i = 0; i < POSTS; i += 1)
    await call(reach, "POST", `/rooms/${room_id}/messages`, owner, {
      client_id: `storm-${name}-${String(i).padStart(12, "0")}`,
      content: `${name} ${i}`,
    });
}
