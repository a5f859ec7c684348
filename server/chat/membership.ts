/** Coming, going and roles. Every change takes revs of the room, raises its `rights_rev` and the rights of the people concerned. */
import { and, asc, eq, isNull, ne, sql } from "drizzle-orm";
import { findMember } from "../../db/islands.ts";
import type { Tx } from "../../db/store.ts";
import type { Level, Member, Role, Row } from "../protocol.ts";
import { auditRoom } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { enabledUsers, memberKey, memberOf, memberWhoMay, type Place } from "./members.ts";
import { tell } from "./outbox.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { raiseRights } from "./rights.ts";
import { refuseUnless } from "./room-rights.ts";
import { changeRoom, lockedRoom, ringAll, roomFrame } from "./room-changes.ts";
import { type MemberRow, memberView, type RoomRow, type UserRow, userView } from "./views.ts";

/** Brings a user of the tenant into a group or channel. Any member may; a dm has its people for good. Refuses `invalid` for who is not there to be added. */
export async function addMember(chat: Chat, who: Principal, input: Place & { user_id: string }): Promise<Member> {
  const { room } = await memberOf(chat, who, input.room_id);
  if (room.type === "dm") refuse("forbidden");
  return enter(chat, who, input.room_id, input.user_id, async (tx, now) => {
    await memberWhoMay(chat, "bring somebody in", who, input.room_id, tx);
    if (now.archived_at !== null) refuse("archived");
  });
}

/** Joins a public channel (what is not one is `not_found`), or sets one's own level in a room one is in. */
export async function joinRoom(chat: Chat, who: Principal, input: Place & { level?: Level }): Promise<Member> {
  const { t } = chat.store;
  if (who.room_id !== undefined && who.room_id !== input.room_id) refuse("not_found");
  const mine = await findMember(chat.store.read, { ...who, room_id: input.room_id });
  if (mine) return input.level ? setLevel(chat, who, mine.member, input.level) : memberView(mine.member);
  const member = await enter(chat, who, input.room_id, who.user_id, async (_tx, room) => {
    if (room.type !== "channel" || room.visibility !== "public") refuse("not_found");
    if (room.archived_at !== null) refuse("archived");
  });
  if (input.level) {
    const [row] = await chat.store.read
      .select()
      .from(t.members)
      .where(memberKey(chat, who.tenant_id, input.room_id, who.user_id));
    if (row) return setLevel(chat, who, row, input.level);
  }
  return member;
}

/** Leaves a group or channel, or puts another out (room admins). An owner who leaves is followed by the longest-serving admin, else member, of those who may come in. */
export async function removeMember(chat: Chat, who: Principal, input: Place & { user_id: string }): Promise<void> {
  const self = input.user_id === who.user_id;
  const rows = await chat.store.write(async (tx) => {
    const room = await lockedRoom(tx, who.tenant_id, input.room_id);
    const { member: mine } = await memberWhoMay(chat, self ? "leave it" : "put somebody out", who, input.room_id, tx);
    if (room.type === "dm") refuse("forbidden");
    const theirs = await findMember(tx, { tenant_id: who.tenant_id, room_id: room.id, user_id: input.user_id });
    if (!theirs) refuse("not_found");
    if (!self && theirs.member.role === "owner") refuseUnless("put its owner out", who, mine);
    const now = chat.now();
    const left = await setIn(chat, tx, theirs.member, { left_at: now, rev: room.last_rev + 1, role: "member", updated_at: now });
    const heir = room.owner_id === input.user_id ? await heirOf(chat, tx, room, input.user_id) : undefined;
    const crowned = heir && (await setIn(chat, tx, heir.member, { role: "owner", rev: room.last_rev + 2, updated_at: now }));
    const next = await changeRoom(chat, tx, room, {
      revs: crowned ? 2 : 1,
      member_count: room.member_count - 1,
      rights_rev: room.rights_rev + 1,
      owner_id: heir ? heir.member.user_id : room.owner_id === input.user_id ? null : room.owner_id,
    });
    await raiseRights(chat, tx, who.tenant_id, crowned ? [input.user_id, crowned.user_id] : [input.user_id]);
    await tell(chat, tx, [{ tenant_id: who.tenant_id, event: "member.left", room, subject_id: input.user_id, detail: { rev: left.rev } }]);
    const told: Row[] = [{ type: "member", member: memberView(left), user: userView(chat, theirs.user) }];
    if (crowned && heir) told.push({ type: "member", member: memberView(crowned), user: userView(chat, heir.user) });
    const { room_id, user_id: target_id } = input;
    if (!self) await auditRoom(chat, tx, who, { action: "member.removed", target_id, detail: { room_id } });
    return [...told, await roomFrame(chat, tx, next)];
  });
  ringAll(chat, who.tenant_id, input.room_id, rows);
  const [first] = rows;
  if (first?.type === "member") chat.hooks.after("member.left", { who, member: first.member });
}

export const leaveRoom = (chat: Chat, who: Principal, input: Place): Promise<void> => removeMember(chat, who, { ...input, user_id: who.user_id });

/** Room admins make admins and members; only the owner hands ownership over, and becomes an admin by it. Nobody changes their own role. */
export async function setMemberRole(chat: Chat, who: Principal, input: Place & { user_id: string; role: Role }): Promise<Member> {
  const rows = await chat.store.write(async (tx) => {
    const room = await lockedRoom(tx, who.tenant_id, input.room_id);
    const { member: mine, user } = await memberWhoMay(chat, "make somebody an admin or a member", who, input.room_id, tx);
    if (room.type === "dm" || input.user_id === who.user_id) refuse("forbidden");
    const theirs = await findMember(tx, { tenant_id: who.tenant_id, room_id: room.id, user_id: input.user_id });
    if (!theirs) refuse("not_found");
    const crowns = input.role === "owner";
    if (crowns || theirs.member.role === "owner") refuseUnless("hand it over to another owner", who, mine);
    const now = chat.now();
    const set = (member: MemberRow, role: Role, rev: number): Promise<MemberRow> => setIn(chat, tx, member, { role, rev, updated_at: now });
    const told: Row[] = [
      { type: "member", member: memberView(await set(theirs.member, input.role, room.last_rev + 1)), user: userView(chat, theirs.user) },
    ];
    if (crowns) told.push({ type: "member", member: memberView(await set(mine, "admin", room.last_rev + 2)), user: userView(chat, user) });
    const next = await changeRoom(chat, tx, room, {
      revs: told.length,
      rights_rev: room.rights_rev + 1,
      ...(crowns && { owner_id: input.user_id }),
    });
    await raiseRights(chat, tx, who.tenant_id, crowns ? [input.user_id, who.user_id] : [input.user_id]);
    return [...told, await roomFrame(chat, tx, next)];
  });
  ringAll(chat, who.tenant_id, input.room_id, rows);
  const [first] = rows;
  return first?.type === "member" ? first.member : refuse("internal");
}

/** Changes these of somebody's row and nothing else: an ack of theirs, which takes no lock of the room, may arrive at the same moment. */
async function setIn(chat: Chat, tx: Tx, member: MemberRow, change: Partial<Omit<MemberRow, "acked_seq" | "acked_at">>): Promise<MemberRow> {
  await tx
    .update(chat.store.t.members)
    .set(change)
    .where(memberKey(chat, member.tenant_id, member.room_id, member.user_id));
  return { ...member, ...change };
}

async function enter(
  chat: Chat,
  who: Principal,
  room_id: string,
  user_id: string,
  allowed: (tx: Tx, room: RoomRow) => Promise<void>,
): Promise<Member> {
  const rows = await chat.store.write(async (tx): Promise<Row[]> => {
    const room = await lockedRoom(tx, who.tenant_id, room_id);
    await allowed(tx, room);
    const [user] = await enabledUsers(chat, tx, who.tenant_id, [user_id]);
    if (!user) refuse("invalid", { fields: ["user_id"] });
    if (room.type === "group" && room.member_count >= 20) refuse("conflict");
    return comeIn(chat, tx, room, user);
  });
  told(chat, who, rows);
  const [first] = rows;
  return first?.type === "member" ? first.member : refuse("internal");
}

/** Puts somebody into a room that is locked, unless they are in it; asks no right. Gives their row, and the room's where it has changed: for `told`, after COMMIT. */
export async function comeIn(chat: Chat, tx: Tx, room: RoomRow, user: UserRow): Promise<Row[]> {
  const { t } = chat.store;
  const { tenant_id, id: room_id } = room;
  const [before] = await tx
    .select()
    .from(t.members)
    .where(memberKey(chat, tenant_id, room_id, user.id));
  if (before && before.left_at === null) return [{ type: "member", member: memberView(before), user: userView(chat, user) }];
  const row = newMember(chat, room, user.id, room.last_rev + 1);
  await tx
    .insert(t.members)
    .values(row)
    .onConflictDoUpdate({ target: [t.members.tenant_id, t.members.room_id, t.members.user_id], set: row });
  const next = await changeRoom(chat, tx, room, { revs: 1, member_count: room.member_count + 1, rights_rev: room.rights_rev + 1 });
  await raiseRights(chat, tx, tenant_id, [user.id]);
  await tell(chat, tx, [{ tenant_id, event: "member.joined", room, subject_id: user.id, detail: { rev: row.rev } }]);
  return [{ type: "member", member: memberView(row), user: userView(chat, user) }, await roomFrame(chat, tx, next)];
}

/** Rings what `comeIn` gave, and tells the hooks, where somebody has come. */
export function told(chat: Chat, who: Principal, rows: readonly Row[]): void {
  const [first] = rows;
  if (first?.type !== "member" || rows.length === 1) return;
  ringAll(chat, who.tenant_id, first.member.room_id, rows);
  chat.hooks.after("member.joined", { who, member: first.member });
}

/** Joining and rejoining begin with everything acked: what was said before is history, not unread. */
export function newMember(chat: Chat, room: RoomRow, user_id: string, rev: number, role: Role = "member"): MemberRow {
  const now = chat.now();
  return {
    tenant_id: room.tenant_id,
    room_id: room.id,
    user_id,
    role,
    level: room.type === "channel" ? "mentions" : "all",
    acked_seq: room.last_seq,
    acked_at: now,
    rev,
    joined_at: now,
    left_at: null,
    updated_at: now,
    marked_seq: null,
  };
}

/** A level is one's own business: no rev of the room, only one's own other sockets are told. */
async function setLevel(chat: Chat, who: Principal, member: MemberRow, level: Level): Promise<Member> {
  const { t } = chat.store;
  await chat.store.write(async (tx) => {
    await tx
      .update(t.members)
      .set({ level, updated_at: chat.now() })
      .where(memberKey(chat, who.tenant_id, member.room_id, who.user_id));
    await raiseRights(chat, tx, who.tenant_id, [who.user_id]);
  });
  chat.backplane.ringUser({ tenant_id: who.tenant_id, user_id: who.user_id });
  return memberView({ ...member, level });
}

async function heirOf(chat: Chat, tx: Tx, room: RoomRow, leaver: string): Promise<{ member: MemberRow; user: UserRow } | undefined> {
  const { t } = chat.store;
  const [heir] = await tx
    .select({ member: t.members, user: t.users })
    .from(t.members)
    .innerJoin(t.users, and(eq(t.users.tenant_id, t.members.tenant_id), eq(t.users.id, t.members.user_id)))
    .where(and(eq(t.members.tenant_id, room.tenant_id), eq(t.members.room_id, room.id), isNull(t.members.left_at), ne(t.members.user_id, leaver)))
    .orderBy(
      sql`CASE WHEN ${t.users.disabled_at} IS NULL THEN 0 ELSE 1 END`,
      sql`CASE ${t.members.role} WHEN 'admin' THEN 0 ELSE 1 END`,
      asc(t.members.joined_at),
      asc(t.members.user_id),
    )
    .limit(1);
  return heir;
}
