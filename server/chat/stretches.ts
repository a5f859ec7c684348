/** Stretches: posts of a room whose numbers follow on each other. */
import type { Stretch } from "../../db/delivery-islands.ts";

/** The first so many posts of these, and the others. */
export function cutAt(stretches: readonly Stretch[], many: number): [Stretch[], Stretch[]] {
  const [first, others]: [Stretch[], Stretch[]] = [[], []];
  let left = many;
  for (const [room_id, first_id, from, to] of stretches) {
    const until = Math.min(to, from + left - 1);
    if (until >= from) first.push([room_id, first_id, from, until]);
    if (until < to) others.push([room_id, first_id, until + 1, to]);
    left -= until - from + 1;
  }
  return [first, others];
}

/** Each of them alone. */
export const postsIn = ([room_id, first_id, from, to]: Stretch): Stretch[] =>
  Array.from({ length: to - from + 1 }, (_, i) => [room_id, first_id, from + i, from + i]);
