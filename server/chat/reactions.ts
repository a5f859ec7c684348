/**
 * Reactions: the table is the truth, the message's row tells the count and the first who did. Both are written under the room's lock in one
 * transaction that takes the room's next rev, as an edit does: so pages, the feed and a resume carry them without a question of their own.
 */
import { and, asc, eq, gt, notInArray } from "drizzle-orm";
import type { Tx } from "../../db/store.ts";
import type { List, Message, Reaction, Time, User } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { type Found, memberOf } from "./members.ts";
import { changeMessage, getMessage, type MessagePlace } from "./messages.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { refuseUnless } from "./room-rights.ts";
import { at, type MessageRow, userView } from "./views.ts";

export type Reacting = MessagePlace & { emoji: string };

const KINDS_MAX = 20; // of one message
const NAMED_MAX = 20; // of one kind, in the message's row
const EMOJI_BYTES = 64;

/**
 * Once per person and emoji: again is ok and takes no rev. Gives the message as it is now. Refuses `invalid` (not exactly one emoji, or over 64 bytes),
 * `archived`, `gone` (a tombstone) and `too_large` (a 21st kind).
 */
export async function react(chat: Chat, who: Principal, { emoji, ...place }: Reacting): Promise<Message> {
  const { reactions } = chat.store.t;
  return changeMessage(chat, who, place, async (found, message, tx) => {
    checkEmoji(emoji);
    refuseUnlessOpen(who, found, message);
    const { tenant_id } = found.room;
    const mine = { tenant_id, message_id: message.id, emoji, user_id: who.user_id };
    const before = message.reactions ?? [];
    if (before.length >= KINDS_MAX && !before.some((one) => one.emoji === emoji)) refuse("too_large", { fields: ["emoji"] });
    const made = await tx
      .insert(reactions)
      .values({ ...mine, room_id: message.room_id, created_at: chat.now() })
      .onConflictDoNothing()
      .returning({ user_id: reactions.user_id });
    return made.length === 0 ? null : { reactions: withOne(before, emoji, who.user_id) };
  });
}

/** Takes one's own back; where there is none it is ok and takes no rev. Refuses as `react` does, but for the count. */
export async function unreact(chat: Chat, who: Principal, { emoji, ...place }: Reacting): Promise<Message> {
  const { reactions } = chat.store.t;
  return changeMessage(chat, who, place, async (found, message, tx) => {
    checkEmoji(emoji);
    refuseUnlessOpen(who, found, message);
    const gone = await tx
      .delete(reactions)
      .where(and(ofKind(chat, who, message, emoji), eq(reactions.user_id, who.user_id)))
      .returning({ user_id: reactions.user_id });
    return gone.length === 0 ? null : { reactions: await withoutOne(chat, tx, who, message, emoji) };
  });
}

/** Who reacted so, by user id; `cursor` is the last user id of the page before. What nobody gave is an empty list. */
export async function listReactions(
  chat: Chat,
  who: Principal,
  input: Reacting & { cursor?: string; limit?: number },
): Promise<List<{ user: User; created_at: Time }>> {
  const { message } = await getMessage(chat, who, input);
  checkEmoji(input.emoji);
  const limit = input.limit ?? 100;
  const { t, read } = chat.store;
  const rows = await read
    .select({ user: t.users, created_at: t.reactions.created_at })
    .from(t.reactions)
    .innerJoin(t.users, and(eq(t.users.tenant_id, t.reactions.tenant_id), eq(t.users.id, t.reactions.user_id)))
    .where(and(ofKind(chat, who, message, input.emoji), input.cursor === undefined ? undefined : gt(t.reactions.user_id, input.cursor)))
    .orderBy(asc(t.reactions.user_id))
    .limit(limit + 1);
  await memberOf(chat, who, input.room_id); // asked again after the rows were read: who is out by then reads nothing
  const items = rows.slice(0, limit).map(({ user, created_at }) => ({ user: userView(chat, user), created_at: at(created_at) }));
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next_cursor: last.user.id } : { items };
}

/** Which of them the asker gave: what the message's row does not say where more gave one than it names. */
export async function listOwnReactions(chat: Chat, who: Principal, place: MessagePlace): Promise<{ items: string[] }> {
  const { message } = await getMessage(chat, who, place);
  const { reactions } = chat.store.t;
  const rows = await chat.store.read
    .select({ emoji: reactions.emoji })
    .from(reactions)
    .where(and(eq(reactions.tenant_id, who.tenant_id), eq(reactions.message_id, message.id), eq(reactions.user_id, who.user_id)))
    .orderBy(asc(reactions.emoji));
  return { items: rows.map(({ emoji }) => emoji) };
}

/** Exactly one emoji of those that Unicode recommends, which are in NFC: so that no two spellings of one are two reactions. */
export function checkEmoji(emoji: string): void {
  if (!ONE_EMOJI.test(emoji) || Buffer.byteLength(emoji) > EMOJI_BYTES) refuse("invalid", { fields: ["emoji"] });
}
const ONE_EMOJI = /^\p{RGI_Emoji}$/v;

function refuseUnlessOpen(who: Principal, { room, member }: Found, message: MessageRow): void {
  refuseUnless("react to a message", who, member);
  if (message.removed_at !== null) refuse("gone");
  if (room.archived_at !== null) refuse("archived");
}

function withOne(before: readonly Reaction[], emoji: string, user_id: string): Reaction[] {
  if (!before.some((one) => one.emoji === emoji)) return [...before, { emoji, count: 1, user_ids: [user_id] }];
  return before.map((one) =>
    one.emoji === emoji ? { ...one, count: one.count + 1, user_ids: [...one.user_ids, user_id].slice(0, NAMED_MAX) } : one,
  );
}

async function withoutOne(chat: Chat, tx: Tx, who: Principal, message: MessageRow, emoji: string): Promise<Reaction[] | null> {
  const left: Reaction[] = [];
  for (const one of message.reactions ?? []) {
    if (one.emoji !== emoji) left.push(one);
    else if (one.count > 1) left.push({ emoji, count: one.count - 1, user_ids: await namedStill(chat, tx, who, message, one) });
  }
  return left.length > 0 ? left : null;
}

/** The place that became free goes to the next of those who are not named. */
async function namedStill(chat: Chat, tx: Tx, who: Principal, message: MessageRow, { emoji, count, user_ids }: Reaction): Promise<string[]> {
  const { reactions } = chat.store.t;
  const named = user_ids.filter((id) => id !== who.user_id);
  if (named.length === user_ids.length || count <= NAMED_MAX) return named;
  const [next] = await tx
    .select({ user_id: reactions.user_id })
    .from(reactions)
    .where(and(ofKind(chat, who, message, emoji), notInArray(reactions.user_id, named)))
    .orderBy(asc(reactions.created_at), asc(reactions.user_id))
    .limit(1);
  return next ? [...named, next.user_id] : named;
}

const ofKind = (chat: Chat, { tenant_id }: Principal, { id }: { id: string }, emoji: string) => {
  const { reactions } = chat.store.t;
  return and(eq(reactions.tenant_id, tenant_id), eq(reactions.message_id, id), eq(reactions.emoji, emoji));
};
