/**
 * The one door to a room: a `Room` comes from `memberOf` and nowhere else, so whoever holds one has asked for the right. Absent and
 * forbidden are one answer.
 */
import { and, asc, eq, gt, inArray, isNotNull, isNull, type SQL } from "drizzle-orm";
import { findMember } from "../../db/islands.ts";
import { findHead, findMyHeads, type Head } from "../../db/request-islands.ts";
import type { TenantLimits } from "../../db/schema.ts";
import type { Read } from "../../db/store.ts";
import type { List, Member, Row, User } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { type Deed, refuseUnless } from "./room-rights.ts";
import { findByName } from "./user-names.ts";
import { type MemberRow, memberView, type RoomRow, type UserRow, userView } from "./views.ts";

export type { Head } from "../../db/request-islands.ts";
export type Place = { room_id: string };
export type Found = { room: RoomRow; member: MemberRow; user: UserRow; limits: TenantLimits };

/** The room as the asker, who is in it, finds it. Refuses `not_found`: also for whoever is not a member, or whose ticket is bound to another room. */
export async function memberOf(chat: Chat, who: Principal, room_id: string, read: Read = chat.store.read): Promise<Found> {
  if (who.room_id !== undefined && who.room_id !== room_id) refuse("not_found");
  return (await findMember(read, { tenant_id: who.tenant_id, room_id, user_id: who.user_id })) ?? refuse("not_found");
}

/** The same right, for whoever needs no more of the room than its head: in an eighth of the time. */
export async function headOf(chat: Chat, who: Principal, room_id: string): Promise<Head> {
  if (who.room_id !== undefined && who.room_id !== room_id) refuse("not_found");
  return (await findHead(chat.store.read, { tenant_id: who.tenant_id, room_id, user_id: who.user_id })) ?? refuse("not_found");
}

/** The heads of all rooms that the asker is in, by id; a ticket bound to one room finds that one. One question: for whoever needs many of them. */
export async function headsOf(chat: Chat, who: Principal): Promise<ReadonlyMap<string, Head>> {
  const found = await findMyHeads(chat.store.read, who);
  return new Map(found.flatMap((head) => (who.room_id === undefined || who.room_id === head.id ? [[head.id, head]] : [])));
}

/** The row that says that the asker has left; null while they are in the room, or if they never were. */
export async function departureOf(chat: Chat, who: Principal, room_id: string): Promise<Row | null> {
  const { t, read } = chat.store;
  const [found] = await read
    .select({ member: t.members, user: t.users })
    .from(t.members)
    .innerJoin(t.users, and(eq(t.users.tenant_id, t.members.tenant_id), eq(t.users.id, t.members.user_id)))
    .where(and(memberKey(chat, who.tenant_id, room_id, who.user_id), isNotNull(t.members.left_at)));
  return found ? { type: "member", member: memberView(found.member), user: userView(chat, found.user) } : null;
}

/** Like memberOf; refuses `forbidden` to members who may not do that (room-rights.ts). */
export async function memberWhoMay(chat: Chat, deed: Deed, who: Principal, room_id: string, read: Read = chat.store.read): Promise<Found> {
  const found = await memberOf(chat, who, room_id, read);
  refuseUnless(deed, who, found.member);
  return found;
}

/**
 * Who is in the room now, by user id; `cursor` is the last user id of the page before. With `q` those whose name has a word that begins so, of the
 * alphabet's first, in one page.
 */
export async function listMembers(
  chat: Chat,
  who: Principal,
  input: Place & { cursor?: string; limit?: number; q?: string },
): Promise<List<{ member: Member; user: User }>> {
  const mine = await memberOf(chat, who, input.room_id);
  const { t, read } = chat.store;
  const limit = input.limit ?? 100;
  const found = input.q === undefined ? null : await findMembers(chat, mine, { q: input.q, limit });
  const rows = await read
    .select({ member: t.members, user: t.users })
    .from(t.members)
    .innerJoin(t.users, and(eq(t.users.tenant_id, t.members.tenant_id), eq(t.users.id, t.members.user_id)))
    .where(
      and(
        eq(t.members.tenant_id, who.tenant_id),
        eq(t.members.room_id, input.room_id),
        isNull(t.members.left_at),
        input.cursor === undefined ? undefined : gt(t.members.user_id, input.cursor),
        found === null ? undefined : inArray(t.members.user_id, found),
      ),
    )
    .orderBy(asc(t.members.user_id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(({ member, user }) => ({ member: memberView(member), user: userView(chat, user) }));
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next_cursor: last.member.user_id } : { items };
}

const MEMBERS_LISTED = 5_000; // 4 ms on SQLite, where everybody else waits meanwhile

/** Those of a room are listed once; where they are very many, each who is found is asked for, because the first will do. */
async function findMembers(chat: Chat, { room }: Found, { q, limit }: { q: string; limit: number }): Promise<string[]> {
  const { t, read } = chat.store;
  const { tenant_id, id: room_id, member_count } = room;
  const id = t.user_names.user_id;
  const there = and(eq(t.members.tenant_id, tenant_id), eq(t.members.room_id, room_id), isNull(t.members.left_at));
  const among = (more?: SQL) => inArray(id, read.select({ user_id: t.members.user_id }).from(t.members).where(and(there, more)));
  const seen = member_count <= MEMBERS_LISTED ? among() : among(eq(t.members.user_id, id));
  return (await findByName(chat, read, { tenant_id, q, limit, seen })).map((user) => user.id);
}

/** Which of these are enabled users of the tenant. */
export async function enabledUsers(chat: Chat, read: Read, tenant_id: string, user_ids: readonly string[]): Promise<UserRow[]> {
  const { t } = chat.store;
  const here = and(eq(t.users.tenant_id, tenant_id), inArray(t.users.id, [...user_ids]), isNull(t.users.disabled_at));
  return read.select().from(t.users).where(here).orderBy(asc(t.users.id));
}

export const memberKey = (chat: Chat, tenant_id: string, room_id: string, user_id: string) => {
  const { members } = chat.store.t;
  return and(eq(members.tenant_id, tenant_id), eq(members.room_id, room_id), eq(members.user_id, user_id));
};
