/** Pins: what a room keeps at hand. A pin stands on the message's own row and is told as an edit is. */
import { and, desc, eq, isNotNull, sql } from "drizzle-orm";
import type { Message, User } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { type Found, headOf, type Place } from "./members.ts";
import { changeMessage, type MessagePlace } from "./messages.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { refuseUnless } from "./room-rights.ts";
import { usersNamed } from "./senders.ts";
import { messageView, tellingOf } from "./views.ts";

const PINS_MAX = 100; // of one room: a list that is read whole

/** Refuses `gone` (a tombstone), `archived`, `forbidden` (where only admins post) and `too_large` (a 101st). What is pinned already takes no rev. */
export async function pinMessage(chat: Chat, who: Principal, place: MessagePlace): Promise<Message> {
  const { messages } = chat.store.t;
  return changeMessage(chat, who, place, async (found, message, tx) => {
    refuseUnlessPinning(who, found);
    if (message.removed_at !== null) refuse("gone");
    if (message.pinned_at !== null) return null;
    const [pinned] = await tx
      .select({ count: sql<number>`count(*)`.mapWith(Number) })
      .from(messages)
      .where(pinnedIn(chat, place));
    if ((pinned?.count ?? 0) >= PINS_MAX) refuse("too_large", { fields: ["message_id"] });
    return { pinned_at: chat.now(), pinned_by: who.user_id };
  });
}

/** Whoever pinned it. Refuses `archived` and `forbidden` as above. */
export async function unpinMessage(chat: Chat, who: Principal, place: MessagePlace): Promise<Message> {
  return changeMessage(chat, who, place, (found, message) => {
    refuseUnlessPinning(who, found);
    return message.pinned_at === null ? null : { pinned_at: null, pinned_by: null };
  });
}

/** All of them, the newest pin first, and their senders and who pinned them once each. */
export async function listPins(chat: Chat, who: Principal, { room_id }: Place): Promise<{ items: Message[]; users: User[] }> {
  await headOf(chat, who, room_id);
  const { messages } = chat.store.t;
  const rows = await chat.store.read
    .select(tellingOf(messages))
    .from(messages)
    .where(pinnedIn(chat, { room_id }))
    .orderBy(desc(messages.pinned_at), desc(messages.seq))
    .limit(PINS_MAX);
  await headOf(chat, who, room_id); // asked again after the rows were read: who is out by then reads nothing
  const ids = rows.flatMap(({ sender_id, pinned_by }) => (pinned_by === null ? [sender_id] : [sender_id, pinned_by]));
  return { items: rows.map(messageView), users: await usersNamed(chat, who.tenant_id, ids) };
}

function refuseUnlessPinning(who: Principal, { room, member }: Found): void {
  refuseUnless(room.posting === "admins" ? "pin a message where only admins post" : "pin a message, or take the pin off", who, member);
  if (room.archived_at !== null) refuse("archived");
}

const pinnedIn = (chat: Chat, { room_id }: Place) => {
  const { messages } = chat.store.t;
  return and(eq(messages.room_id, room_id), isNotNull(messages.pinned_at));
};
