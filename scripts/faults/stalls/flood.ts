/** One socket that sends as much as it can, and what that does to everybody else. */
import { ownMs } from "../../check/queued.ts";
import { memoryOf, watchMemory } from "./kernel.ts";
import { framed, openRaw, type RawSocket } from "./raw-socket.ts";
import { inScene, type Measured, p99 } from "./scene.ts";

const FRAMES = 8_000;
const FRAME_CONTENT = "🦑".repeat(4_000); // 16,000 bytes
const FRAME_META = { note: "z".repeat(14_000) };
const MORE_BYTES = 50 << 20;
const OTHERS_P99_MS = 100;
const ASK_EVERY_MS = 25; // below 50 a second, the limit of one socket

/** 8,000 posts of 30 KB in one go. `lifted`: no limit of rates stands in their way, and only what bounds memory does. */
export function floodIsBounded(executable: string, lifted: boolean): Promise<Measured> {
  return inScene({ executable, lifted }, async ({ served, reach, room_id, owner, bob }) => {
    const other = await openRaw(reach, owner);
    await askAll(served.pid(), other, 20);
    const flooder = await openRaw(reach, bob.token);
    const frames = Array.from({ length: FRAMES }, (_, i) => {
      const client_id = `flood-${String(i).padStart(16, "0")}`;
      return framed(Buffer.from(JSON.stringify({ type: "message", id: String(i), room_id, client_id, content: FRAME_CONTENT, meta: FRAME_META })));
    });
    const before = memoryOf(served.pid());
    const memory = watchMemory(served.pid());
    let flooding = true;
    const asking = askAll(served.pid(), other, 60, () => flooding);
    let sent = 0;
    for (const frame of frames) {
      if (!flooder.isOpen()) break;
      await flooder.write(frame);
      sent += 1;
    }
    flooding = false;
    const times = await asking;
    const more = memory.stop() - before;
    const closed = flooder.closing() ?? (flooder.isOpen() ? null : 1006);
    flooder.close();
    other.close();
    const slowest = p99(times);
    return {
      pass: more < MORE_BYTES && slowest < OTHERS_P99_MS && served.isAlive(),
      what: `${sent} of ${FRAMES} frames of 30 KB taken, ${closed === null ? "not closed" : `closed with ${closed}`}; memory +${(more / (1 << 20)).toFixed(1)} MiB, p99 of others ${slowest.toFixed(1)} ms (${times.length} asked)`,
    };
  });
}

/** Pings one after the other, at least `least` times; gives what each took, without the line for a processor: of sixty the p99 is the slowest. */
async function askAll(pid: number, socket: RawSocket, least: number, goesOn: () => boolean = () => false): Promise<number[]> {
  const times: number[] = [];
  while (times.length < least || goesOn()) {
    const asked = ownMs(pid, async () => {
      const pong = socket.next("pong");
      socket.say({ type: "ping" });
      await pong;
    });
    times.push(await asked);
    await Bun.sleep(ASK_EVERY_MS);
  }
  return times;
}
