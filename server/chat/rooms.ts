/** Rooms as their members and the workspace see them: made, found, listed, renamed, archived. Rights are asked of members.ts. */
import { and, asc, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import { storeFaultOf } from "../../db/faults.ts";
import { findMyRooms } from "../../db/request-islands.ts";
import { NOBODY_SPEAKS } from "../../db/spoken.ts";
import type { Read, Tx } from "../../db/store.ts";
import type { List, NewRoom, PatchRoom, Room, Row } from "../protocol.ts";
import { acked } from "./acked.ts";
import { auditRoom } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { checkMeta } from "./content.ts";
import { limitsOf } from "./limits.ts";
import { enabledUsers, memberOf, memberWhoMay, type Place } from "./members.ts";
import { newMember } from "./membership.ts";
import { keyedRoom, keyOf } from "./room-keys.ts";
import { changeRoom, lockedRoom, metadataOf, peopleOf, ringAll, roomFrame } from "./room-changes.ts";
import { mentionsOf } from "./mentions.ts";
import { foldChannelName } from "./names.ts";
import { tell } from "./outbox.ts";
import { given, prepared } from "./prepared.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { raiseRights } from "./rights.ts";
import { at, type MemberRow, memberView, mineView, readSeq, type RoomRow, roomView, userView } from "./views.ts";

/**
 * Makes a room with its maker as owner, and the people named. A dm is found where there is one already (`created: false`): its key is made
 * of its people, so two who open it at once meet in one; so is a group by the `unique_key` it was given. Refuses `invalid` (people who are not
 * there, a name that folds to nothing, metadata), `too_large` (metadata) and `conflict` (a channel's name is taken, archived ones included; a key
 * is that of a group that the asker is not in).
 */
export async function createRoom(chat: Chat, who: Principal, input: NewRoom): Promise<{ room: Room; created: boolean }> {
  if (who.room_id !== undefined) refuse("forbidden");
  if (input.type !== "dm" && input.metadata) checkMeta(input.metadata, await limitsOf(chat, who.tenant_id), "metadata");
  const people = [...new Set([who.user_id, ...(input.user_ids ?? [])])].sort();
  const made = await chat.store.write((tx) => insertRoom(chat, tx, who, input, people));
  if (!made && input.type === "channel") refuse("conflict", { fields: ["name"] });
  if (!made) return { room: await getRoom(chat, who, { room_id: await keyedRoom(chat, who, keyOf(input, people)) }), created: false };
  ringAll(chat, who.tenant_id, made.room.id, made.rows);
  const room = await getRoom(chat, who, { room_id: made.room.id });
  chat.hooks.after("room.created", { who, room });
  return { room, created: true };
}

/** The room and its members in one transaction, with the rows to ring; null where its name or its people have one already. `people` are sorted. */
export async function insertRoom(
  chat: Chat,
  tx: Tx,
  who: Principal,
  input: NewRoom,
  people: readonly string[],
): Promise<{ room: RoomRow; rows: Row[] } | null> {
  const { t } = chat.store;
  const users = await enabledUsers(chat, tx, who.tenant_id, people);
  if (users.length !== people.length) refuse("invalid", { fields: ["user_ids"] });
  const rev = people.length + 1;
  const room: RoomRow = { ...blankRoom(chat, who, input, people), last_rev: rev, rev, member_count: people.length };
  const [inserted] = await tx.insert(t.rooms).values(room).onConflictDoNothing().returning({ id: t.rooms.id });
  if (!inserted) return null;
  const maker = input.type === "channel" || input.type === "group" ? "owner" : "member";
  const members = people.map((user_id, i) => newMember(chat, room, user_id, i + 1, user_id === who.user_id ? maker : "member"));
  await tx.insert(t.members).values(members);
  await raiseRights(chat, tx, who.tenant_id, people);
  await tell(chat, tx, [{ tenant_id: room.tenant_id, event: "room.created", room, subject_id: room.id, detail: { rev } }]);
  const rows = members.flatMap((member): Row[] => {
    const user = users.find(({ id }) => id === member.user_id);
    return user ? [{ type: "member", member: memberView(member), user: userView(chat, user) }] : [];
  });
  return { room, rows: [...rows, await roomFrame(chat, tx, room)] };
}

/** One room of mine, with what it is to me. */
export async function getRoom(chat: Chat, who: Principal, input: Place): Promise<Room> {
  const { room, member } = await memberOf(chat, who, input.room_id);
  return viewed(chat, room, member);
}

/** All my rooms, by id, each with `me` and `online`. A ticket bound to one room sees that one. */
export async function listRooms(chat: Chat, who: Principal): Promise<List<Room>> {
  return { items: await roomsOf(chat, who) };
}

export const roomsOf = async (chat: Chat, who: Principal): Promise<Room[]> => (await roomsAndPeople(chat, who)).rooms;

/** And for each dm and group everybody who is in it. */
export async function roomsAndPeople(chat: Chat, who: Principal): Promise<{ rooms: Room[]; people: ReadonlyMap<string, string[]> }> {
  const { read } = chat.store;
  const { tenant_id, user_id } = who;
  const found = (await findMyRooms(read, { tenant_id, user_id })).filter(({ id }) => who.room_id === undefined || id === who.room_id);
  const isRead = found.every((room) => readSeq(room) >= room.last_seq); // then nobody can be mentioned in what is not read
  const unread = new Map((isRead ? [] : await unreadMentions(chat, { tenant_id, user_id })).map((one) => [one.room_id, one]));
  const direct = found.filter(({ type }) => type !== "channel").map(({ id }) => id);
  const people = await peopleByRoom(chat, read, who.tenant_id, direct);
  const last = await lastByRoom(chat, read, who.tenant_id, direct);
  const rooms = found.map((room) => {
    const user_ids = people.get(room.id);
    const last_at = last.get(room.id);
    const { metadata } = room;
    const { count, last_seq } = unread.get(room.id) ?? { count: 0, last_seq: room.last_seq };
    const counted = last_seq === room.last_seq ? room : { ...room, last_seq }; // as of the count: who hears a later message counts it themselves
    return roomView(counted, {
      metadata,
      last_at: last_at === undefined ? undefined : at(last_at),
      user_ids: user_ids?.slice(0, 20),
      online: user_ids && chat.sessions.online(who.tenant_id, user_ids),
      me: mineView(counted, room, count),
    });
  });
  return { rooms, people };
}

/** The workspace's public channels, by folded name, mine and others alike; nothing in them is readable before joining. */
export async function listPublicRooms(chat: Chat, who: Principal, input: { cursor?: string; limit?: number } = {}): Promise<List<Room>> {
  if (who.room_id !== undefined) refuse("forbidden");
  const { t, read } = chat.store;
  const limit = input.limit ?? 100;
  const rows = await read
    .select()
    .from(t.rooms)
    .where(
      and(
        eq(t.rooms.tenant_id, who.tenant_id),
        eq(t.rooms.type, "channel"),
        eq(t.rooms.visibility, "public"),
        input.cursor === undefined ? undefined : gt(t.rooms.folded_name, input.cursor),
      ),
    )
    .orderBy(asc(t.rooms.folded_name))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map((room) => roomView(room));
  const last = rows[limit - 1];
  return rows.length > limit && last?.folded_name ? { items, next_cursor: last.folded_name } : { items };
}

/** Room admins rename, describe, open or close a channel, archive and reopen it, and say who posts. What already is so takes no rev. */
export async function patchRoom(chat: Chat, who: Principal, input: Place & PatchRoom): Promise<Room> {
  if (input.metadata) checkMeta(input.metadata, await limitsOf(chat, who.tenant_id), "metadata");
  const rows = await chat.store.write(async (tx) => changed(chat, tx, who, input)).catch(taken);
  ringAll(chat, who.tenant_id, input.room_id, rows);
  return getRoom(chat, who, input);
}

export const archiveRoom = (chat: Chat, who: Principal, input: Place): Promise<Room> => patchRoom(chat, who, { ...input, archived: true });

async function changed(chat: Chat, tx: Tx, who: Principal, input: Place & PatchRoom): Promise<Row[]> {
  const room = await lockedRoom(tx, who.tenant_id, input.room_id);
  await memberWhoMay(chat, "rename, describe, open, close or archive it, set its metadata, or say who posts", who, input.room_id, tx);
  if (room.type === "dm") refuse("forbidden");
  if (room.type === "group" && (input.visibility ?? input.archived ?? input.posting) !== undefined) refuse("invalid", { fields: ["type"] });
  const archived_at = input.archived === undefined ? room.archived_at : input.archived ? (room.archived_at ?? chat.now()) : null;
  const name = input.name?.trim() ?? room.name;
  const next = {
    name,
    folded_name: room.type === "channel" && name !== null ? folded(name) : null,
    description: input.description ?? room.description,
    visibility: input.visibility ?? room.visibility,
    archived_at,
    posting: input.posting === undefined ? room.posting : input.posting === "admins" ? ("admins" as const) : null,
  };
  const same = (Object.keys(next) as (keyof typeof next)[]).every((column) => next[column] === room[column]);
  const { metadata = null } = input.metadata === undefined ? {} : await metadataOf(chat, tx, room);
  const kept = input.metadata === undefined || JSON.stringify(input.metadata) === JSON.stringify(metadata);
  if (same && kept) return [];
  if (archived_at !== room.archived_at) {
    const action = archived_at === null ? "room.restored" : "room.archived";
    await auditRoom(chat, tx, who, { action, target_id: room.id, detail: { room_id: room.id } });
  }
  const rights_rev = room.rights_rev + 1; // archived or not, and who posts, is a right to post
  return [await roomFrame(chat, tx, await changeRoom(chat, tx, room, { revs: 0, rights_rev, ...next, ...(!kept && { metadata: input.metadata }) }))];
}

function taken(fault: unknown): never {
  const known = storeFaultOf(fault);
  if (known?.kind === "conflict" && known.constraint === "rooms_folded_name") refuse("conflict", { fields: ["name"] });
  throw fault;
}

function blankRoom(chat: Chat, who: Principal, input: NewRoom, people: readonly string[]): RoomRow {
  const now = chat.now();
  const channel = input.type === "channel" ? input : null;
  return {
    tenant_id: who.tenant_id,
    id: chat.newId(),
    type: input.type,
    visibility: channel?.visibility ?? "private",
    name: channel?.name.trim() ?? null,
    folded_name: channel ? folded(channel.name) : null,
    description: channel?.description ?? "",
    owner_id: input.type === "dm" ? null : who.user_id,
    unique_key: keyOf(input, people),
    first_seq: 1,
    last_seq: 0,
    last_rev: 0,
    last_at: now,
    rev: 0,
    rights_rev: 1,
    member_count: 0,
    archived_at: null,
    metadata: (input.type !== "dm" && input.metadata) || null,
    posting: null,
    ...NOBODY_SPEAKS,
    created_at: now,
    updated_at: now,
  };
}

const folded = (name: string): string => foldChannelName(name) ?? refuse("invalid", { fields: ["name"] });

async function viewed(chat: Chat, room: RoomRow, member: MemberRow): Promise<Room> {
  const { read } = chat.store;
  const people = await peopleOf(chat, read, room);
  const unread = readSeq(member) < room.last_seq ? await mentionsOf(chat, read, member, room.last_seq) : 0;
  const last_at = people && (await lastByRoom(chat, read, room.tenant_id, [room.id])).get(room.id);
  return roomView(room, {
    ...(people && { user_ids: people }),
    ...(await metadataOf(chat, read, room)),
    ...(last_at !== undefined && { last_at: at(last_at) }),
    me: mineView(room, member, unread),
  });
}

const unreadMentions = prepared(({ read, t }) =>
  read
    .select({
      room_id: t.mentions.room_id,
      last_seq: sql<number>`max(${t.rooms.last_seq})`.mapWith(Number),
      count: sql<number>`count(distinct ${t.mentions.seq})`.mapWith(Number),
    })
    .from(t.members)
    .crossJoin(t.rooms)
    .crossJoin(t.mentions) // CROSS: SQLite would begin with every mention of the workspace, which lie in groups
    .where(
      and(
        eq(t.members.tenant_id, given("tenant_id")),
        eq(t.members.user_id, given("user_id")),
        isNull(t.members.left_at),
        eq(t.rooms.tenant_id, sql`${t.members.tenant_id} || ''`), // or Postgres may begin with every room of the workspace
        eq(t.rooms.id, t.members.room_id),
        eq(t.mentions.tenant_id, t.members.tenant_id),
        eq(t.mentions.room_id, t.members.room_id),
        inArray(t.mentions.user_id, [given("user_id"), "*"]),
        gt(
          t.mentions.seq,
          sql`case when ${t.members.marked_seq} <= ${acked} then ${t.members.marked_seq} - 1 else ${acked} end`, // readSeq
        ),
      ),
    )
    .groupBy(t.mentions.room_id)
    .prepare("unread_mentions"),
);

async function peopleByRoom(chat: Chat, read: Read, tenant_id: string, room_ids: string[]): Promise<Map<string, string[]>> {
  if (room_ids.length === 0) return new Map();
  const { members } = chat.store.t;
  const rows = await read
    .select({ room_id: members.room_id, user_id: members.user_id })
    .from(members)
    .where(and(eq(members.tenant_id, tenant_id), inArray(members.room_id, room_ids), isNull(members.left_at)))
    .orderBy(asc(members.room_id), asc(members.user_id)); // by user_id alone SQLite would read every member of the workspace
  const people = Map.groupBy(rows, ({ room_id }) => room_id);
  return new Map([...people].map(([room_id, found]) => [room_id, found.map(({ user_id }) => user_id)]));
}

/** When each room's newest message was written: one row of the room's order each, found by its place. */
async function lastByRoom(chat: Chat, read: Read, tenant_id: string, room_ids: string[]): Promise<Map<string, number>> {
  if (room_ids.length === 0) return new Map();
  const { messages, rooms } = chat.store.t;
  const rows = await read
    .select({ room_id: rooms.id, created_at: messages.created_at })
    .from(rooms)
    .innerJoin(messages, and(eq(messages.room_id, rooms.id), eq(messages.seq, rooms.last_seq)))
    .where(and(eq(rooms.tenant_id, tenant_id), inArray(rooms.id, room_ids)));
  return new Map(rows.map(({ room_id, created_at }) => [room_id, created_at]));
}
