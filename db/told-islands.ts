/** What an endpoint is told of a message, raw and by one question: it is asked at each attempt, while others post. */
import { type Driven, messageColumns, type PageRow, rowOf } from "./pages.ts";
import { faceColumns, type FaceRow } from "./request-islands.ts";
import type { Island, Read, Tables } from "./store.ts";

type RoomRow = Tables["rooms"]["$inferSelect"];
type Sender = { [K in keyof FaceRow as `user_${K}`]: FaceRow[K] };
type OrNull<Row> = { [K in keyof Row]: Row[K] | null };
type Row = { room_type: RoomRow["type"]; room_visibility: RoomRow["visibility"] } & OrNull<Driven> & OrNull<Sender>;

/** The message, and who sent it, as far as they are kept. */
export type ToldMessage = { room: Pick<RoomRow, "type" | "visibility">; message: PageRow | null; user: FaceRow | null };

const told: Island<Row> = {
  text: `SELECT r.type AS room_type, r.visibility AS room_visibility, ${messageColumns.map((name) => `m.${name}`).join(", ")},
    ${faceColumns.map((name) => `u.${name} AS user_${name}`).join(", ")}
    FROM rooms r LEFT JOIN messages m ON m.room_id = r.id AND m.id = $3 LEFT JOIN users u ON u.tenant_id = r.tenant_id AND u.id = m.sender_id
    WHERE r.tenant_id = $1 AND r.id = $2`,
};

/** All of the same moment; null where there is no such room. Asks no right. */
export async function findTold(read: Read, place: { tenant_id: string; room_id: string; message_id: string }): Promise<ToldMessage | null> {
  const [row] = await read.ask(told, [place.tenant_id, place.room_id, place.message_id]);
  if (!row) return null;
  const room = { type: row.room_type, visibility: row.room_visibility };
  return { room, message: isKept(row) ? rowOf(row) : null, user: hasSender(row) ? senderOf(row) : null };
}

const isKept = (row: Row): row is Row & Driven => row.id !== null;
const hasSender = (row: Row): row is Row & Sender => row.user_id !== null;

const senderOf = (row: Sender): FaceRow => ({
  id: row.user_id,
  username: row.user_username,
  display_name: row.user_display_name,
  role: row.user_role,
  kind: row.user_kind,
  disabled_at: row.user_disabled_at,
  avatar_id: row.user_avatar_id,
  status_text: row.user_status_text,
  status_emoji: row.user_status_emoji,
  status_until: row.user_status_until,
});
