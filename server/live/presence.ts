/**
 * Tells of who came and went: one frame per room and run, in rooms of up to 200 members. Each instance tells its own sockets what it knows of everybody,
 * so nothing has to be carried, and who was on an instance that died is told of like anybody else.
 */
import type { Chat } from "../chat/chat.ts";
import { noteGone, roomsOfPeople } from "../chat/presence.ts";
import { at } from "../chat/views.ts";
import type { Presence } from "../protocol.ts";
import type { Chatrooms, Coming } from "./chatroom.ts";
import { SMALL_ROOM } from "./known.ts";
import type { Change, Roster } from "./roster.ts";
import { keyOf } from "./session.ts";

export async function tellPresence(chat: Chat, roster: Roster, chatrooms: Chatrooms): Promise<void> {
  const changes = roster.changes();
  if (changes.length === 0) return;
  const unknown = changes.filter(({ rooms }) => rooms === null).map(({ place }) => place);
  const found = Map.groupBy(await roomsOfPeople(chat, unknown, SMALL_ROOM), keyOf);
  const told = new Map<string, { tenant_id: string; users: Presence[]; came: Coming[] }>();
  const tell = (room_id: string, { place, before, status, seen_at }: Change): void => {
    const room = told.get(room_id) ?? { tenant_id: place.tenant_id, users: [], came: [] };
    if (before === "offline" || status === "offline") room.came.push({ user_id: place.user_id, came: status !== "offline" });
    room.users.push({ user_id: place.user_id, status, last_seen_at: at(seen_at) });
    told.set(room_id, room);
  };
  for (const change of changes) {
    for (const { room_id, small } of change.rooms ?? []) if (small) tell(room_id, change);
    if (change.rooms === null) for (const { room_id } of found.get(keyOf(change.place)) ?? []) tell(room_id, change);
  }
  for (const [room_id, { tenant_id, users, came }] of told) {
    roster.toRoom({ tenant_id, room_id }, JSON.stringify({ type: "presence", room_id, users }));
    chatrooms.told({ tenant_id, room_id }, came);
  }
  roster.told(changes);
  for (const { place, status, seen_at, ours } of changes) {
    if (!ours) continue;
    chat.hooks.after("presence.changed", { ...place, status });
    if (status === "offline") await noteGone(chat, [place], seen_at);
  }
}
