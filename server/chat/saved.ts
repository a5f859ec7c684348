/** What somebody put by for themselves. Nobody else is told; their own sockets are, so that every device shows the same bookmarks. */
import { and, desc, eq, isNull, lt, notExists, or } from "drizzle-orm";
import { lockUser } from "../../db/locks.ts";
import type { Tx } from "../../db/store.ts";
import type { List, Message, Time, User } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { memberOf } from "./members.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { usersNamed } from "./senders.ts";
import { at, type MessageRow, messageView, tellingOf } from "./views.ts";

export type SavedMessage = { id: string; saved_at: Time; message: Message };
type MessageId = { message_id: string };

const FORGOTTEN_AT_ONCE = 200;
const SAVED_MAX = 1_000; // of one person: a list that their page holds whole

/** Again is ok. Refuses `not_found` (also what the asker cannot read), `gone` (a tombstone) and `too_large` (a 1,001st). */
export async function saveMessage(chat: Chat, who: Principal, { message_id }: MessageId): Promise<void> {
  const { saved } = chat.store.t;
  const room_id = await chat.store.write(async (tx) => {
    const { room_id, removed_at } = await readable(chat, tx, who, message_id);
    if (removed_at !== null) refuse("gone");
    const own = { tenant_id: who.tenant_id, user_id: who.user_id };
    await lockUser(tx, own);
    const made = await tx
      .insert(saved)
      .values({ ...own, id: chat.newId(), message_id, room_id, created_at: chat.now() })
      .onConflictDoNothing()
      .returning({ id: saved.id });
    if (made.length > 0) await refuseTooMany(chat, tx, who);
    return room_id;
  });
  tellOwn(chat, who, { room_id, message_id, is_saved: true });
}

/** Refuses `not_found` what one has not saved; a message that one can no longer read is let go all the same. */
export async function unsaveMessage(chat: Chat, who: Principal, { message_id }: MessageId): Promise<void> {
  const { saved } = chat.store.t;
  const [gone] = await chat.store.write((tx) =>
    tx
      .delete(saved)
      .where(and(ownedBy(chat, who), eq(saved.message_id, message_id)))
      .returning({ room_id: saved.room_id }),
  );
  if (!gone) refuse("not_found");
  tellOwn(chat, who, { room_id: gone.room_id, message_id, is_saved: false });
}

/**
 * What was saved last comes first, each message as it is now; `cursor` is the id of the last of the page before. Only of rooms the asker still
 * reads: what was saved in another stays saved, and is here again with the room.
 */
export async function listSaved(
  chat: Chat,
  who: Principal,
  input: { cursor?: string; limit?: number } = {},
): Promise<List<SavedMessage> & { users: User[] }> {
  if (who.room_id !== undefined) refuse("forbidden");
  const { members, messages, saved } = chat.store.t;
  const limit = input.limit ?? 50;
  const found = await chat.store.read
    .select({ id: saved.id, saved_at: saved.created_at, message: tellingOf(messages) })
    .from(saved)
    .innerJoin(members, mineIn(chat))
    .innerJoin(messages, and(eq(messages.id, saved.message_id), eq(messages.room_id, saved.room_id)))
    .where(and(ownedBy(chat, who), input.cursor === undefined ? undefined : lt(saved.id, input.cursor)))
    .orderBy(desc(saved.id))
    .limit(limit + 1);
  const rows = found.slice(0, limit);
  const items = rows.map(({ id, saved_at, message }) => ({ id, saved_at: at(saved_at), message: messageView(message) }));
  const users = await usersNamed(
    chat,
    who.tenant_id,
    rows.map(({ message }) => message.sender_id),
  );
  const last = items.at(-1);
  return { items, users, ...(found.length > limit && last && { next_cursor: last.id }) };
}

/** Which messages those are, newest first: all of them, so that a page can show on each row whether it is one. */
export async function listSavedIds(chat: Chat, who: Principal): Promise<{ message_ids: string[] }> {
  if (who.room_id !== undefined) refuse("forbidden");
  const { members, messages, saved } = chat.store.t;
  const rows = await chat.store.read
    .select({ message_id: saved.message_id })
    .from(saved)
    .innerJoin(members, mineIn(chat))
    .innerJoin(messages, and(eq(messages.id, saved.message_id), eq(messages.room_id, saved.room_id)))
    .where(ownedBy(chat, who))
    .orderBy(desc(saved.id))
    .limit(SAVED_MAX);
  return { message_ids: rows.map(({ message_id }) => message_id) };
}

/** Lets go of what nothing is left of, whoever saved it: by a look at all that is saved, because no index leads there from a message. */
export async function forgetSaved(chat: Chat, tenant_id: string): Promise<void> {
  const { messages, saved } = chat.store.t;
  const there = chat.store.read.select({ id: messages.id }).from(messages).where(eq(messages.id, saved.message_id));
  const lost = chat.store.read
    .select({ user_id: saved.user_id, id: saved.id })
    .from(saved)
    .where(and(eq(saved.tenant_id, tenant_id), notExists(there)))
    .limit(FORGOTTEN_AT_ONCE);
  for (;;) {
    const rows = await lost;
    if (rows.length === 0) return;
    const which = rows.map(({ user_id, id }) => and(eq(saved.user_id, user_id), eq(saved.id, id)));
    await chat.store.write((tx) => tx.delete(saved).where(and(eq(saved.tenant_id, tenant_id), or(...which))));
  }
}

/** Found by its id alone, and then asked for as the asker finds it: what they may not read does not exist. */
async function readable(chat: Chat, tx: Tx, who: Principal, message_id: string): Promise<Pick<MessageRow, "room_id" | "removed_at">> {
  const { messages } = chat.store.t;
  const [row] = await tx
    .select({ room_id: messages.room_id, removed_at: messages.removed_at })
    .from(messages)
    .where(and(eq(messages.id, message_id), eq(messages.tenant_id, who.tenant_id)));
  if (!row) refuse("not_found");
  await memberOf(chat, who, row.room_id, tx);
  return row;
}

/** Those of which retention has left nothing are let go before anybody is told that they keep too much. */
async function refuseTooMany(chat: Chat, tx: Tx, who: Principal): Promise<void> {
  const { messages, saved } = chat.store.t;
  if ((await tx.$count(saved, ownedBy(chat, who))) <= SAVED_MAX) return;
  const there = tx.select({ id: messages.id }).from(messages).where(eq(messages.id, saved.message_id));
  await tx.delete(saved).where(and(ownedBy(chat, who), notExists(there)));
  if ((await tx.$count(saved, ownedBy(chat, who))) > SAVED_MAX) refuse("too_large", { fields: ["message_id"] });
}

function tellOwn(chat: Chat, { tenant_id, user_id }: Principal, what: { room_id: string; message_id: string; is_saved: boolean }): void {
  chat.backplane.tell({ tenant_id, to: { user_id }, frame: { type: "saved", ...what } });
}

const ownedBy = (chat: Chat, { tenant_id, user_id }: Principal) => {
  const { saved } = chat.store.t;
  return and(eq(saved.tenant_id, tenant_id), eq(saved.user_id, user_id));
};

/** The room is still theirs. */
const mineIn = (chat: Chat) => {
  const { members, saved } = chat.store.t;
  return and(eq(members.tenant_id, saved.tenant_id), eq(members.room_id, saved.room_id), eq(members.user_id, saved.user_id), isNull(members.left_at));
};
