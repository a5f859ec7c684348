/** Passing things: typing and presence. Neither has a row in the room; both are told only to those who are in it. */
import { and, asc, eq, inArray, isNull, lt, lte, or } from "drizzle-orm";
import type { Presence } from "../protocol.ts";
import type { Chat, UserBell } from "./chat.ts";
import { createLimiter, type Limiter, type Rate } from "./limiter.ts";
import { memberOf, type Place } from "./members.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { mayPost } from "./room-rights.ts";
import { seenBy } from "./seen-by.ts";
import { at } from "./views.ts";

const ASKED_AT_ONCE = 500;

/** What a page says while somebody types: one each few seconds, and that it is over. What goes beyond is not told: nobody waits for it. */
const TYPING: Rate = { per_second: 1, burst: 5 };
const typings = new WeakMap<Chat, Limiter>();

/** Tells the room that one is typing, or no longer; it expires at the receiver after 6 s. Refuses `archived`, and `forbidden` to who may not post there. */
export async function noteTyping(chat: Chat, who: Principal, input: Place & { is_typing: boolean }): Promise<void> {
  const found = await memberOf(chat, who, input.room_id);
  if (found.room.archived_at !== null) refuse("archived");
  if (!mayPost(who, found)) refuse("forbidden");
  const { tenant_id, user_id } = who;
  const limiter = typings.get(chat) ?? createLimiter(TYPING);
  typings.set(chat, limiter);
  if (!limiter.tryTake(JSON.stringify([tenant_id, user_id, input.room_id]), chat.now())) return;
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
    .limit(COUNTED_MAX);
  return rows.map((row) => presenceView(chat, who, row));
}

const COUNTED_MAX = 1_000;

/** How many people of the room are here; null in a room of more than 1,000, where they are not counted. Asks no right: told to those in the room. */
export async function onlineIn(chat: Chat, { tenant_id, room_id }: { tenant_id: string; room_id: string }): Promise<number | null> {
  const { members } = chat.store.t;
  const rows = await chat.store.read
    .select({ user_id: members.user_id })
    .from(members)
    .where(and(eq(members.tenant_id, tenant_id), eq(members.room_id, room_id), isNull(members.left_at)))
    .limit(COUNTED_MAX + 1);
  if (rows.length > COUNTED_MAX) return null;
  return chat.sessions.online(
    tenant_id,
    rows.map(({ user_id }) => user_id),
  );
}

/** Who of these users is here, by user id; who is not there, or not to be known of, is absent. */
export async function presenceOfUsers(chat: Chat, who: Principal, { user_ids }: { user_ids: readonly string[] }): Promise<Presence[]> {
  const { users } = chat.store.t;
  const rows = await chat.store.read
    .select({ user_id: users.id, last_seen_at: users.last_seen_at })
    .from(users)
    .where(and(eq(users.tenant_id, who.tenant_id), inArray(users.id, [...user_ids]), await seenBy(chat, who, "few")))
    .orderBy(asc(users.id));
  return rows.map((row) => presenceView(chat, who, row));
}

/** Who is here is seen now: the column says when they were last seen to go. */
function presenceView(chat: Chat, { tenant_id }: Principal, { user_id, last_seen_at }: { user_id: string; last_seen_at: number | null }): Presence {
  const status = chat.sessions.statusOf({ tenant_id, user_id });
  const seen_at = status === "offline" ? last_seen_at : chat.now();
  return { user_id, status, last_seen_at: seen_at === null ? null : at(seen_at) };
}

/** The rooms of at most `members` people that these users are in. */
export async function roomsOfPeople(chat: Chat, people: readonly UserBell[], members: number): Promise<(UserBell & { room_id: string })[]> {
  const { t, read } = chat.store;
  const found: (UserBell & { room_id: string })[] = [];
  for (const [tenant_id, some] of Map.groupBy(people, (place) => place.tenant_id)) {
    for (let from = 0; from < some.length; from += ASKED_AT_ONCE) {
      const ids = some.slice(from, from + ASKED_AT_ONCE).map(({ user_id }) => user_id);
      const rows = await read
        .select({ tenant_id: t.members.tenant_id, user_id: t.members.user_id, room_id: t.members.room_id })
        .from(t.members)
        .innerJoin(t.rooms, and(eq(t.rooms.tenant_id, t.members.tenant_id), eq(t.rooms.id, t.members.room_id)))
        .where(
          and(eq(t.members.tenant_id, tenant_id), inArray(t.members.user_id, ids), isNull(t.members.left_at), lte(t.rooms.member_count, members)),
        );
      found.push(...rows);
    }
  }
  return found;
}

/** Keeps when these users were last here: when the last of their sockets has been gone for the grace, or this instance stops. A later time stays. */
export async function noteGone(chat: Chat, people: readonly UserBell[], seen_at: number): Promise<void> {
  const { users } = chat.store.t;
  const before = or(isNull(users.last_seen_at), lt(users.last_seen_at, seen_at));
  await chat.store.write(async (tx) => {
    for (const [tenant_id, some] of Map.groupBy(people, (place) => place.tenant_id)) {
      for (let from = 0; from < some.length; from += ASKED_AT_ONCE) {
        const ids = some.slice(from, from + ASKED_AT_ONCE).map(({ user_id }) => user_id);
        await tx
          .update(users)
          .set({ last_seen_at: seen_at })
          .where(and(eq(users.tenant_id, tenant_id), inArray(users.id, ids), before));
      }
    }
  });
}
