/**
 * What is somebody's own, for them to take along: a line of JSON for their profile, one for their picture, one for each room, one for each of their
 * messages, one for each that they have saved (which one, and not its words, which are another's), and one at the end that says that it is whole. A
 * page at a time is held. The right is asked for again with each: when it ends, the lines end.
 */
import { and, asc, eq, gt, lte } from "drizzle-orm";
import { breathe } from "./breathe.ts";
import type { Chat } from "./chat.ts";
import { findFile } from "./files.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { renewed } from "./renewed.ts";
import { type Person, personIn } from "./user-rows.ts";
import { at, messageView, tellingOf } from "./views.ts";

const STRETCH = 2_000; // messages of a room looked through at once; no index finds them by sender

/** The lines, in pieces. What can be refused is refused before the first. */
export async function exportMine(chat: Chat, who: Principal): Promise<AsyncGenerator<string>> {
  const person = await personIn(chat, chat.store.read, who.tenant_id, who.user_id);
  return lines(chat, who, person, await roomsOf(chat, who));
}

async function* lines(chat: Chat, who: Principal, person: Person, rooms: Awaited<ReturnType<typeof roomsOf>>): AsyncGenerator<string> {
  const { id, username, display_name, role, kind, settings, status_text, status_emoji } = person;
  const profile = { id, username, display_name, role, kind, settings, status_text, status_emoji, created_at: at(person.created_at) };
  yield line({ type: "profile", exported_at: at(chat.now()), ...profile });
  const picture = await pictureOf(chat, who, person);
  if (picture) yield line(picture);
  for (const { room, member } of rooms) {
    const isIn = member.left_at === null; // what a room is called is for those who are in it
    const about = isIn ? { kind: room.type, name: room.name, description: room.description } : { kind: room.type, left_at: at(member.left_at ?? 0) };
    yield line({ type: "room", id: room.id, ...about, role: member.role, level: member.level, joined_at: at(member.joined_at) });
  }
  let messages = 0;
  for (const { room } of rooms) {
    for (let from = room.first_seq - 1; from < room.last_seq; from += STRETCH) {
      await breathe();
      if (!(await renewed(chat, who))) refuse("unauthorized");
      const written = await writtenIn(chat, room.id, id, from);
      messages += written.length;
      if (written.length > 0) yield written.map((row) => line({ type: "message", ...messageView(row) })).join("");
    }
  }
  const saved = await savedBy(chat, who);
  if (saved.length > 0) yield saved.map((row) => line({ type: "saved", ...row, saved_at: at(row.saved_at) })).join("");
  yield line({ type: "end", rooms: rooms.length, messages });
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;

/** Its bytes too: as an address it would be of no use to who has left. Null where they have none, or it cannot be had. */
async function pictureOf(chat: Chat, who: Principal, { avatar_id }: Person) {
  if (avatar_id === null) return null;
  const { path, type } = await findFile(chat, who, { file_id: avatar_id }).catch(() => ({ path: null, type: "" }));
  return path === null ? null : { type: "picture", id: avatar_id, media_type: type, base64: (await Bun.file(path).bytes()).toBase64() };
}

async function roomsOf(chat: Chat, { tenant_id, user_id }: Principal) {
  const { members, rooms } = chat.store.t;
  return chat.store.read
    .select({ room: rooms, member: members })
    .from(members)
    .innerJoin(rooms, and(eq(rooms.tenant_id, members.tenant_id), eq(rooms.id, members.room_id)))
    .where(and(eq(members.tenant_id, tenant_id), eq(members.user_id, user_id)))
    .orderBy(asc(rooms.id));
}

async function writtenIn(chat: Chat, room_id: string, user_id: string, from: number) {
  const { messages } = chat.store.t;
  return chat.store.read
    .select(tellingOf(messages))
    .from(messages)
    .where(and(eq(messages.room_id, room_id), gt(messages.seq, from), lte(messages.seq, from + STRETCH), eq(messages.sender_id, user_id)))
    .orderBy(asc(messages.seq));
}

/** A thousand at most. */
async function savedBy(chat: Chat, { tenant_id, user_id }: Principal) {
  const { messages, saved } = chat.store.t;
  return chat.store.read
    .select({ room_id: saved.room_id, message_id: saved.message_id, saved_at: saved.created_at })
    .from(saved)
    .innerJoin(messages, and(eq(messages.id, saved.message_id), eq(messages.room_id, saved.room_id)))
    .where(and(eq(saved.tenant_id, tenant_id), eq(saved.user_id, user_id)))
    .orderBy(asc(saved.id));
}
