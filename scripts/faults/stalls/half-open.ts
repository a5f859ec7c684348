/** A peer that is gone without a word. Traffic to it goes on, and is even taken: only its silence tells. */
import { openRaw } from "./raw-socket.ts";
import { inScene, type Measured, openPoster, syncFrom } from "./scene.ts";

const LEAST_MS = 60_000;
const MOST_MS = 65_000;

/** In a busy room, beside one that answers pings and is let be. */
export function halfOpenIsClosed(executable: string): Promise<Measured> {
  return inScene({ executable }, async (scene) => {
    const { reach, room_id, bob } = scene;
    const [poster, lively, silent] = [
      await openPoster(scene),
      await openRaw(reach, bob.token),
      await openRaw(reach, bob.token, { answersPings: false }),
    ];
    await syncFrom(lively, room_id, 0);
    await syncFrom(silent, room_id, 0);
    const last_byte = performance.now();
    const heard = silent.bytes();
    while (silent.isOpen() && performance.now() - last_byte < MOST_MS + 10_000) {
      await poster.post("the room is busy");
      await Bun.sleep(50);
    }
    const ms = Math.round(performance.now() - last_byte);
    const spared = lively.isOpen();
    for (const socket of [poster, lively, silent]) socket.close();
    return {
      pass: ms >= LEAST_MS && ms <= MOST_MS && spared && silent.bytes() > heard,
      what: `closed ${(ms / 1_000).toFixed(1)} s after its last byte, having taken ${silent.bytes() - heard} bytes since; the one that answers pings is ${spared ? "still there" : "GONE"}`,
    };
  });
}
