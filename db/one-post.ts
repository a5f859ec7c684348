/**
 * One post alone as a statement, which is what most flushes are where people talk: the same as that of many (posts-at-once.ts), without the lists, whose
 * making and taking apart costs the database more than the post.
 */
import type { Numbered, RoomOfPosts } from "./posts-at-once.ts";
import { ranTo, spoke } from "./spoken.ts";
import type { Island, Value } from "./store.ts";

/** Takes what `ofOnePost` gives. The room is found by its key whatever the planner believes, by an insert that meets its row; where it meets none, all is undone. */
export const onePost: Island<Numbered> = {
  text: `WITH advanced AS (
    INSERT INTO rooms AS r (tenant_id, id, last_seq, last_rev, last_at, updated_at, rights_rev, type, visibility, description, first_seq, rev, member_count, created_at, speaker_id)
      VALUES ($2, $3, 1, 1, $1::bigint, $1::bigint, $4::bigint, 'channel', 'private', '', 1, 1, -1, $1::bigint, $6)
    ON CONFLICT (tenant_id, id) DO UPDATE
      SET last_seq = r.last_seq + 1, last_rev = r.last_rev + 1, last_at = greatest(r.last_at, excluded.last_at), updated_at = excluded.updated_at,
        ${spoke("excluded.speaker_id")}
      WHERE r.rights_rev = excluded.rights_rev AND r.archived_at IS NULL AND r.posting IS NULL
    RETURNING last_seq, last_rev, last_at, member_count, prior_id, prior_from, prior_at
  ), stored AS (
    INSERT INTO messages (id, tenant_id, room_id, sender_id, client_id, content, seq, rev, born_rev, created_at)
      SELECT $5, $2, $3, $6, $7, $8, last_seq, last_rev, last_rev, last_at FROM advanced
  ), acked AS (
    UPDATE members SET ${ranTo("a.prior_from", "a.last_seq - 1", "a.prior_at")} FROM advanced AS a
    WHERE members.tenant_id = $2 AND members.room_id = $3 AND members.user_id = a.prior_id AND acked_seq < a.last_seq - 1
  )
  SELECT CASE WHEN member_count <> -1 THEN last_seq ELSE CAST('not as it was: members ' || member_count AS bigint) END AS last_seq, last_rev, last_at
  FROM advanced`,
};

/** Null where they are more than one, or one that has more to say than its text. */
export function ofOnePost(rooms: readonly RoomOfPosts[], now: number): Value[] | null {
  const [room] = rooms;
  const [row] = room?.rows ?? [];
  if (!room || !row || rooms.length > 1 || room.rows.length > 1) return null;
  return [now, room.tenant_id, room.room_id, room.rights_rev, row.id, row.sender_id, row.client_id, row.content];
}
