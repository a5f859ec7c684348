/** How a socket of the first seed's dialect opens: its address names its one room, and its ticket is mostly bound to that already. */
import type { Chat } from "../chat/chat.ts";
import { type Head, headOf } from "../chat/members.ts";
import type { Principal } from "../chat/principal.ts";
import { refuse } from "../chat/refusal.ts";
import { spokenIn } from "../protocol/dialects.ts";

/** The room that the socket is of, and where it stands; null: it is of all rooms of its user. */
export type Opening = { who: Principal; from: Head | null };

/**
 * For `chatroom.v1` the room in `?room_id=`, which may stand in the ticket alone. How far it is, is read before the socket opens: its client hears
 * whatever is said from then on, and knows no other way to ask. Refuses `not_found` (no room of the asker's, or not the ticket's) and `invalid` (no room).
 */
export async function openingOf(chat: Chat, request: Request, who: Principal): Promise<Opening> {
  if (spokenIn(request.headers.get("sec-websocket-protocol")) !== "chatroom.v1") return { who, from: null };
  const room_id = URL.parse(request.url)?.searchParams.get("room_id") ?? who.room_id;
  if (room_id === undefined) return refuse("invalid", { fields: ["room_id"] });
  return { who: { ...who, room_id }, from: await headOf(chat, who, room_id) };
}
