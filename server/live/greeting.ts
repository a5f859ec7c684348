/** The rooms of a greeting, in frames: a hundred each, or fewer where applications keep much with theirs, so that no frame passes what waits for one reader. */
import type { Room } from "../protocol.ts";

const ROOMS = 100;
const KEPT = 32 << 10; // UTF-16 units of metadata

/** At least one frame, which may be empty. */
export function greetingOf(rooms: readonly Room[]): Room[][] {
  const frames: Room[][] = [[]];
  let kept = 0;
  for (const room of rooms) {
    const size = room.metadata === undefined ? 0 : JSON.stringify(room.metadata).length;
    const frame = frames.at(-1) ?? [];
    if (frame.length === ROOMS || (frame.length > 0 && kept + size > KEPT)) {
      frames.push([room]);
      kept = size;
    } else {
      frame.push(room);
      kept += size;
    }
  }
  return frames;
}
