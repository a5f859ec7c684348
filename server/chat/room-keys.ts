/** What makes two wishes for a room one room: the people of a dm, the key that an application gave a group. */
import { and, eq, isNull } from "drizzle-orm";
import type { NewRoom } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";

/** Null for what is always a room of its own. `people` are sorted. An application's keys cannot name a dm: those are hexadecimal. */
export function keyOf(input: NewRoom, people: readonly string[]): string | null {
  if (input.type === "dm") return dmKey(people);
  return input.type === "group" && input.unique_key !== undefined ? `group:${input.unique_key}` : null;
}

/** Length-prefixed, because ids may hold any separator: joined by one, two ids could name another pair. */
function dmKey(people: readonly string[]): string {
  const hash = new Bun.CryptoHasher("sha256");
  for (const id of people) hash.update(`${id.length}:${id}`);
  return hash.digest("hex");
}

/** The room of this key that the asker is in. Refuses `conflict` where they are not. */
export async function keyedRoom(chat: Chat, who: Principal, key: string | null): Promise<string> {
  const { rooms, members } = chat.store.t;
  const mine = and(eq(members.tenant_id, rooms.tenant_id), eq(members.room_id, rooms.id), eq(members.user_id, who.user_id), isNull(members.left_at));
  const [room] = await chat.store.read
    .select({ id: rooms.id })
    .from(rooms)
    .innerJoin(members, mine)
    .where(and(eq(rooms.tenant_id, who.tenant_id), eq(rooms.unique_key, key ?? "")));
  return room?.id ?? refuse("conflict", { fields: ["unique_key"] });
}
