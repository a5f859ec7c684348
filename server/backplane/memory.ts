/** The backplane of one process: a bell is heard in the turn in which it is rung. */
import type { Backplane, Ears } from "../chat/chat.ts";

export function createMemoryBackplane(): Backplane {
  const ears = new Set<Ears>();
  return {
    ring: (bell) => ears.forEach((ear) => ear.room(bell)),
    ringUser: (bell) => ears.forEach((ear) => ear.user(bell)),
    tell: (notice) => ears.forEach((ear) => ear.notice(notice)),
    listen: (ear) => void ears.add(ear),
    tend: async () => {},
    close: async () => ears.clear(),
  };
}
