/** How a socket of the first seed's dialect opens: its address names its one room, and its ticket is mostly bound to that already. */
import type { Chat } from "../chat/chat.ts";
import { memberOf } from "../chat/members.ts";
import type { Principal } from "../chat/principal.ts";
import { refuse } from "../chat/refusal.ts";
import { spokenIn } from "../protocol/dialects.ts";

/**
 * The right that the socket has: for `chatroom.v1` that of the room in `?room_id=`, which may stand in the ticket alone. Refuses `not_found` (no room of
 * the asker's, or not the ticket's) and `invalid` (no room).
 */
export async function boundTo(chat: Chat, request: Request, who: Principal): Promise<Principal> {
  if (spokenIn(request.headers.get("sec-websocket-protocol")) !== "chatroom.v1") return who;
  const room_id = URL.parse(request.url)?.searchParams.get("room_id") ?? who.room_id;
  if (room_id === undefined) return refuse("invalid", { fields: ["room_id"] });
  await memberOf(chat, who, room_id);
  return { ...who, room_id };
}
