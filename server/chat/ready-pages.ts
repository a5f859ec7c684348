/**
 * Pages of rooms as the bytes that are answered: what many ask for is read and written once. A page that is kept is given only while it is what would
 * be read: the room stands where it stood, and the people whom it names are told as they were. Both are asked each time, with the right to read it. What
 * changes while a page is read moves the room beyond where the page says it stood, so nobody is given it again.
 */
import { findHeadBeside, type Head } from "../../db/request-islands.ts";
import type { User } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { headOf } from "./members.ts";
import { type PageInput, readPage, standsAt } from "./messages.ts";
import type { Principal } from "./principal.ts";
import { createRecent, type Recent } from "./recent.ts";
import { refuse } from "./refusal.ts";
import { usersNamed } from "./senders.ts";
import type { Still } from "./still.ts";
import { userView } from "./views.ts";

type Ready = { room: Head; user_ids: string[]; users: string; bytes: Uint8Array<ArrayBuffer>; /** When a status on it ends. */ until: number };

const BYTES_MAX = 8 << 20;
const PAGE_BYTES_MAX = 1 << 20; // a larger one would take the place of all others
const ENTRY_BYTES = 1_000; // its key and what is said beside the bytes, at the least

/** `pageMessages` as JSON in UTF-8. Whoever is given the bytes changes none of them. */
export async function readyPage(chat: Chat, who: Principal, input: PageInput): Promise<Still> {
  const moment = chat.store.moment?.() ?? null;
  const { bytes, until } = await pageOf(chat, who, input);
  return { bytes, moment, holds: () => chat.now() < until };
}

async function pageOf(chat: Chat, who: Principal, input: PageInput): Promise<Pick<Ready, "bytes" | "until">> {
  const pages = pagesOf(chat);
  const key = keyOf(who, input);
  const kept = pages.use(key);
  const { room, users } = await asOfNow(chat, who, input.room_id, kept?.user_ids ?? []);
  if (kept && standsAt(kept.room, room) && JSON.stringify(users) === kept.users) return kept;
  const page = await readPage(chat, who, input, room);
  const bytes = Buffer.from(JSON.stringify(page));
  const until = Math.min(...page.users.map(({ status }) => (status?.until === undefined ? Infinity : Date.parse(status.until))));
  const ready = { room, user_ids: page.users.map(({ id }) => id), users: JSON.stringify(page.users), bytes, until };
  if (bytes.length <= PAGE_BYTES_MAX) pages.set(key, ready);
  return ready;
}

/** Where the room is for the asker, and these people as they are told. Refuses `not_found` as headOf does. */
async function asOfNow(chat: Chat, who: Principal, room_id: string, user_ids: readonly string[]): Promise<{ room: Head; users: User[] }> {
  if (user_ids.length === 0) return { room: await headOf(chat, who, room_id), users: [] };
  if (who.room_id !== undefined && who.room_id !== room_id) refuse("not_found");
  const both = await findHeadBeside(chat.store.read, { tenant_id: who.tenant_id, room_id, user_id: who.user_id }, user_ids);
  if (both) return { room: both.head ?? refuse("not_found"), users: both.faces.map((face) => userView(chat, face)) };
  const users = await usersNamed(chat, who.tenant_id, user_ids);
  return { room: await headOf(chat, who, room_id), users };
}

const keyOf = ({ tenant_id }: Principal, { room_id, before_seq, after_seq, around_seq, around_time, limit }: PageInput): string =>
  JSON.stringify([tenant_id, room_id, before_seq, after_seq, around_seq, around_time, limit]);

const made = new WeakMap<Chat, Recent<Ready>>();

function pagesOf(chat: Chat): Recent<Ready> {
  const found = made.get(chat) ?? createRecent<Ready>(BYTES_MAX, ({ bytes }) => bytes.length + ENTRY_BYTES);
  made.set(chat, found);
  return found;
}
