/** The backplane of one process: a bell is heard in the turn in which it is rung. */
import type { Backplane } from "../chat/chat.ts";

type Ears = Parameters<Backplane["listen"]>[0];

export function createMemoryBackplane(): Backplane {
  const ears = new Set<Ears>();
  return {
    ring: (bell) => ears.forEach((ear) => ear.room(bell)),
    ringUser: (bell) => ears.forEach((ear) => ear.user(bell)),
    tell: (notice) => ears.forEach((ear) => ear.notice(notice)),
    listen: (ear) => void ears.add(ear),
    close: async () => ears.clear(),
  };
}
