/** Stretches: posts of a room whose numbers follow on each other, as first and last. */
import type { Stretch } from "../../db/delivery-islands.ts";

/** All of these in their order; what follows on what is there makes it longer. */
export function joined(stretches: readonly Stretch[], others: readonly Stretch[]): Stretch[] {
  const all = stretches.map(([...stretch]): Stretch => stretch);
  const last = new Map(all.map((stretch) => [stretch[0], stretch]));
  for (const [room_id, from, to] of others) {
    const before = last.get(room_id);
    if (before?.[2] === from - 1) before[2] = to;
    else all.push([room_id, from, to]);
  }
  return all;
}

/** The first so many posts of these, and the others. */
export function cutAt(stretches: readonly Stretch[], many: number): [Stretch[], Stretch[]] {
  const [first, others]: [Stretch[], Stretch[]] = [[], []];
  let left = many;
  for (const [room_id, from, to] of stretches) {
    const until = Math.min(to, from + left - 1);
    if (until >= from) first.push([room_id, from, until]);
    if (until < to) others.push([room_id, until + 1, to]);
    left -= until - from + 1;
  }
  return [first, others];
}

/** Room and number of each. */
export const placesIn = ([room_id, from, to]: Stretch): [string, number][] => Array.from({ length: to - from + 1 }, (_, i) => [room_id, from + i]);
