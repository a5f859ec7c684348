/** One's list of rooms as the bytes that are answered. */
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";
import { roomsAndPeople } from "./rooms.ts";
import type { Still } from "./still.ts";

/** `listRooms` as JSON in UTF-8. Whoever is given the bytes changes none of them. */
export async function readyRooms(chat: Chat, who: Principal): Promise<Still> {
  const moment = chat.store.moment?.() ?? null;
  const { rooms, people } = await roomsAndPeople(chat, who);
  const counted = rooms.flatMap(({ id, online }) => (online === undefined ? [] : [{ user_ids: people.get(id) ?? [], online }]));
  return {
    bytes: Buffer.from(JSON.stringify({ items: rooms })),
    moment,
    holds: () => counted.every(({ user_ids, online }) => chat.sessions.online(who.tenant_id, user_ids) === online),
  };
}
