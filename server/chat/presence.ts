/** Passing things: typing and presence. Neither has a row in the room; both are told only to those who are in it. */
import { and, asc, eq, isNull } from "drizzle-orm";
import type { Presence } from "../protocol.ts";
import type { Chat, UserBell } from "./chat.ts";
import { memberOf, type Place } from "./members.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { at } from "./views.ts";

/** Tells the room that one is typing, or no longer; it expires at the receiver after 6 s. Refuses `archived`. */
export async function noteTyping(chat: Chat, who: Principal, input: Place & { is_typing: boolean }): Promise<void> {
  const { room } = await memberOf(chat, who, input.room_id);
  if (room.archived_at !== null) refuse("archived");
  const { tenant_id, user_id } = who;
  chat.backplane.tell({
    tenant_id,
    to: { room_id: input.room_id },
    frame: { type: "typing", room_id: input.room_id, user_id, is_typing: input.is_typing },
  });
}

/** Who of the room is here, by user id: derived from open sockets. At most 1,000 members are told. */
export async function presenceOf(chat: Chat, who: Principal, input: Place): Promise<Presence[]> {
  await memberOf(chat, who, input.room_id);
  const { t, read } = chat.store;
  const rows = await read
    .select({ user_id: t.users.id, last_seen_at: t.users.last_seen_at })
    .from(t.members)
    .innerJoin(t.users, and(eq(t.users.tenant_id, t.members.tenant_id), eq(t.users.id, t.members.user_id)))
    .where(and(eq(t.members.tenant_id, who.tenant_id), eq(t.members.room_id, input.room_id), isNull(t.members.left_at)))
    .orderBy(asc(t.users.id))
    .limit(1_000);
  return rows.map(({ user_id, last_seen_at }) => ({
    user_id,
    status: chat.sessions.statusOf({ tenant_id: who.tenant_id, user_id }),
    last_seen_at: last_seen_at === null ? null : at(last_seen_at),
  }));
}

/** Keeps when a user was last here: written once, when the last of their sockets has been gone for the grace. */
export async function noteGone(chat: Chat, { tenant_id, user_id }: UserBell): Promise<void> {
  const { users } = chat.store.t;
  await chat.store.write((tx) =>
    tx
      .update(users)
      .set({ last_seen_at: chat.now() })
      .where(and(eq(users.tenant_id, tenant_id), eq(users.id, user_id))),
  );
}
