/** Where in a room something begins: hot statements as those of islands.ts. */
import type { Island, Read } from "./store.ts";

/**
 * Binary search over seq, as one statement: the first message of the room that satisfies `test`, which must hold from some seq on. Rows go from the front
 * alone, so one that is not there lies before all that are: `first_seq` may have been read before another deleted below it.
 */
const search = (test: string): Island<{ lo: number }> => ({
  text: `WITH RECURSIVE look(lo, hi) AS (
      SELECT CAST($1 AS bigint), CAST($2 AS bigint)
      UNION ALL
      SELECT CASE WHEN ${test} THEN look.lo ELSE (look.lo + look.hi) / 2 + 1 END, CASE WHEN ${test} THEN (look.lo + look.hi) / 2 ELSE look.hi END
      FROM look LEFT JOIN messages m ON m.room_id = $3 AND m.seq = (look.lo + look.hi) / 2 WHERE look.lo < look.hi
    ) SELECT lo FROM look WHERE lo >= hi`,
});
const bornAfter = search("m.born_rev > CAST($4 AS bigint)");
const sentSince = search("m.created_at >= CAST($4 AS bigint)");

type Span = { id: string; first_seq: number; last_seq: number };

/** The seq of the first message born after `rev`; `last_seq + 1` if there is none. */
export const firstBornAfter = async (read: Read, room: Span, rev: number): Promise<number> => firstWhere(read, bornAfter, room, rev);
/** The seq of the first message sent at `ms` or later; `last_seq + 1` if there is none. Right because `created_at` never goes back in a room. */
export const firstSentSince = async (read: Read, room: Span, ms: number): Promise<number> => firstWhere(read, sentSince, room, ms);

async function firstWhere(read: Read, island: Island<{ lo: number }>, room: Span, bound: number): Promise<number> {
  const [found] = await read.ask(island, [room.first_seq, room.last_seq + 1, room.id, bound]);
  return found?.lo ?? room.first_seq; // it always ends; what could delete must never take "nothing found" for "all"
}
