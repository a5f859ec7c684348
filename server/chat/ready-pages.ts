/**
 * Pages of rooms as the bytes that are answered: what many ask for is read and written once. A page that is kept is given only while it is what would
 * be read: the room stands where it stood, and the people whom it names are told as they were. Both are asked each time, with the right to read it. What
 * changes while a page is read moves the room beyond where the page says it stood, so nobody is given it again.
 */
import type { Head } from "../../db/request-islands.ts";
import type { Chat } from "./chat.ts";
import { headOf } from "./members.ts";
import { type PageInput, readPage, standsAt } from "./messages.ts";
import type { Principal } from "./principal.ts";
import { createRecent, type Recent } from "./recent.ts";
import { usersNamed } from "./senders.ts";

type Ready = { room: Head; user_ids: string[]; users: string; bytes: Uint8Array };

const BYTES_MAX = 8 << 20;
const PAGE_BYTES_MAX = 1 << 20; // a larger one would take the place of all others
const ENTRY_BYTES = 1_000; // its key and what is said beside the bytes, at the least

/** `pageMessages` as JSON in UTF-8. Whoever is given the bytes changes none of them. */
export async function pageBytes(chat: Chat, who: Principal, input: PageInput): Promise<Uint8Array> {
  const pages = pagesOf(chat);
  const key = keyOf(who, input);
  const kept = pages.use(key);
  const [room, users] = await Promise.all([headOf(chat, who, input.room_id), kept && usersNamed(chat, who.tenant_id, kept.user_ids)]);
  if (kept && users && standsAt(kept.room, room) && JSON.stringify(users) === kept.users) return kept.bytes;
  const page = await readPage(chat, who, input, room);
  const bytes = Buffer.from(JSON.stringify(page));
  if (bytes.length <= PAGE_BYTES_MAX) pages.set(key, { room, user_ids: page.users.map(({ id }) => id), users: JSON.stringify(page.users), bytes });
  return bytes;
}

const keyOf = ({ tenant_id }: Principal, { room_id, before_seq, after_seq, around_seq, around_time, limit }: PageInput): string =>
  JSON.stringify([tenant_id, room_id, before_seq, after_seq, around_seq, around_time, limit]);

const made = new WeakMap<Chat, Recent<Ready>>();

function pagesOf(chat: Chat): Recent<Ready> {
  const found = made.get(chat) ?? createRecent<Ready>(BYTES_MAX, ({ bytes }) => bytes.length + ENTRY_BYTES);
  made.set(chat, found);
  return found;
}
