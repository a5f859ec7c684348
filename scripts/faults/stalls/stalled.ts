/** Readers that stop reading in a busy room. */
import type { ServerFrame } from "../../../server/protocol.ts";
import { ownMs } from "../../check/queued.ts";
import { endOf, memoryOf, watchMemory } from "./kernel.ts";
import { openRaw, type RawSocket } from "./raw-socket.ts";
import { inScene, kibibytes, type Measured, openPoster, p99, type Scene, syncFrom } from "./scene.ts";

const LARGE = "ü".repeat(4_000); // 8,000 bytes
const HALF_BUFFER = 48 << 10; // of what the server lets wait (server/live/live.ts)
const COST = 256 << 10;
const GONE_WITHIN_MS = 10_000;
const PATIENCE_MS = 30_000;

/** One reader stalls until the server's own buffer for it is more than half full; then the room falls silent, so that nothing but time closes it. */
export function stalledIsClosed(executable: string): Promise<Measured> {
  return inScene({ executable }, async (scene) => {
    const { reach, room_id, bob, served } = scene;
    const held = new Map<number, number>();
    const keep = (frame: ServerFrame): void => void (frame.type === "message" && held.set(frame.message.seq, frame.message.rev));
    const [poster, witness, staller] = [await openPoster(scene), await openRaw(reach, bob.token), await openRaw(reach, bob.token, { onFrame: keep })];
    await syncFrom(witness, room_id, 0);
    await syncFrom(staller, room_id, 0);
    let posts = 0;
    for (; posts < 20; posts += 1) await poster.post(LARGE);
    await untilEqual(witness, staller);

    staller.stall();
    const [witnessed, taken] = [witness.bytes(), staller.bytes()];
    // What the witness was sent and the staller was not, and what the kernel does not hold either, lies in the server.
    const buffered = (): number => {
      const [theirs, ours] = [endOf(served.port, staller.port), endOf(staller.port, served.port)];
      return witness.bytes() - witnessed - (staller.bytes() - taken) - (theirs?.sending ?? 0) - (ours?.unread ?? 0);
    };
    for (; buffered() <= HALF_BUFFER && posts < 3_000; posts += 1) await poster.post(LARGE);
    const passed = performance.now();
    const most = buffered();
    while (endOf(served.port, staller.port) && performance.now() - passed < PATIENCE_MS) await Bun.sleep(20);
    const gone_ms = Math.round(performance.now() - passed);

    if (gone_ms >= PATIENCE_MS) return { pass: false, what: `not closed ${PATIENCE_MS} ms after its buffer was half full (${kibibytes(most)})` };
    staller.read();
    await staller.closed;
    const missed = posts - held.size;
    const again = await openRaw(reach, bob.token, { onFrame: keep });
    await syncFrom(again, room_id, Math.max(...held.values()));
    const complete = Array.from({ length: posts }, (_, i) => i + 1).every((seq) => held.has(seq)) && held.size === posts;
    for (const socket of [poster, witness, again]) socket.close();
    return {
      pass: most > HALF_BUFFER && most <= COST && gone_ms <= GONE_WITHIN_MS && missed > 0 && complete,
      what: `closed ${gone_ms} ms after its buffer was half full (${kibibytes(most)}); ${missed} of ${posts} missed, after the resume ${complete ? "all there" : "NOT ALL THERE"}`,
    };
  });
}

const READERS = 200;
const POSTS = 1_200; // more than the kernel takes for one reader

/** Two hundred readers, first all reading, then all stalled under the same posts: what the second round costs beyond the first is theirs. */
export function stalledCostsLittle(executable: string): Promise<Measured> {
  return inScene({ executable }, async (scene) => {
    const { served } = scene;
    const poster = await openPoster(scene);
    await postTo(scene, poster, false);
    const reading = await postTo(scene, poster, false);
    const stalled = await postTo(scene, poster, true);
    poster.close();
    const each = Math.max(0, stalled.peak - reading.peak) / READERS;
    const slower = stalled.p99 - reading.p99;
    return {
      pass: each <= COST && stalled.open === 0 && reading.open === READERS && slower <= 50,
      what:
        `${READERS} stalled sockets cost ${kibibytes(each)} each at most (peak ${kibibytes(stalled.peak)}, all reading ${kibibytes(reading.peak)}, ` +
        `now ${kibibytes(memoryOf(served.pid()))}), ${READERS - stalled.open} closed; p99 of others' posts ${stalled.p99.toFixed(1)} ms, all reading ${reading.p99.toFixed(1)} ms`,
    };
  });
}

async function postTo({ reach, bob, served }: Scene, poster: { post(content: string): Promise<number> }, stall: boolean) {
  const readers: RawSocket[] = [];
  for (let i = 0; i < READERS; i += 1) {
    const reader = await openRaw(reach, bob.token);
    reader.say({ type: "sync", rooms: [] });
    await reader.next("caught_up");
    if (stall) reader.stall();
    readers.push(reader);
  }
  const memory = watchMemory(served.pid());
  const times: number[] = [];
  for (let i = 0; i < POSTS; i += 1) times.push(await ownMs(served.pid(), () => poster.post(LARGE)));
  const isOpen = (reader: RawSocket): boolean => endOf(served.port, reader.port) !== null;
  const until = performance.now() + (stall ? GONE_WITHIN_MS : 0);
  while (performance.now() < until && readers.some(isOpen)) await Bun.sleep(100);
  const open = readers.filter(isOpen).length;
  const peak = memory.stop();
  for (const reader of readers) reader.close();
  return { peak, open, p99: p99(times) };
}

async function untilEqual(one: RawSocket, other: RawSocket): Promise<void> {
  for (let quiet = 0, last = -1; quiet < 5;) {
    await Bun.sleep(20);
    const sum = one.bytes() + other.bytes();
    quiet = sum === last ? quiet + 1 : 0;
    last = sum;
  }
}
