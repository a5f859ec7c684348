/**
 * Resuming is a question of state, not of a log: whoever has seen rev N is sent every row whose rev is above N, as it is now, in rev order.
 * The room's `last_rev` R is read first and nothing above it is told: three unbounded reads would skip a row that changes between them.
 * One function does it for the feed, for a socket that resumes and for REST.
 */
import { and, asc, eq, gt, gte, inArray, lte, sql } from "drizzle-orm";
import { firstBornAfter } from "../../db/search-islands.ts";
import type { Row, SincePage, User } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { memberOf, type Place } from "./members.ts";
import { roomFrame } from "./room-changes.ts";
import { given, prepared } from "./prepared.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { usersNamed } from "./senders.ts";
import { type MemberRow, memberView, messageView, type RoomRow, type TellingRow, tellingOf } from "./views.ts";

export type Since = { rows: Row[]; position: number; more_after: boolean };
type RoomPlace = { tenant_id: string; room_id: string };

const STEP = 200; // rows of each kind per question: bounds what one answer holds in memory
const ASKED_AT_ONCE = 500;
const RESUME_MAX = 2_000; // beyond it a client pages again rather than replay

/** The rev a row was told at. */
export const revOf = (row: Row): number => (row.type === "message" ? row.message.rev : row.type === "member" ? row.member.rev : row.room.rev);

/**
 * Rows with a rev in (cursor, position], in rev order, none above `last`; ask again from `position` while `more_after`. Asks no right: the feed
 * and a joining socket have asked. A room that is not there has no rows.
 */
export async function since(chat: Chat, place: RoomPlace, cursor: number, last = Infinity): Promise<Since> {
  const room = await roomRow(chat, place);
  const until = Math.min(room?.last_rev ?? 0, last);
  if (!room || until <= cursor) return { rows: [], position: cursor, more_after: false };
  const fresh = await freshMessages(chat, room, cursor, until);
  const changed = await changedMessages(chat, room, cursor, until);
  const members = await changedMembers(chat, room, cursor, until);
  const full = [fresh, changed, members].filter((rows) => rows.length === STEP);
  const position = Math.min(until, ...full.map((rows) => rows.at(-1)?.rev ?? until));
  const people = await peopleIn(chat, place.tenant_id, [...fresh, ...changed], members);
  const rows = [
    ...[...fresh, ...changed].flatMap((row) => withUser(people, row.sender_id, (user) => ({ type: "message", message: messageView(row), user }))),
    ...members.flatMap((row) => withUser(people, row.user_id, (user) => ({ type: "member", member: memberView(row), user }))),
    ...(room.rev > cursor ? [await roomFrame(chat, chat.store.read, room)] : []),
  ].filter((row) => revOf(row) <= position);
  return { rows: rows.sort((a, b) => revOf(a) - revOf(b)), position, more_after: position < until };
}

/** The same for a member, as REST has it. */
export async function sinceRev(chat: Chat, who: Principal, input: Place & { since_rev: number }): Promise<SincePage> {
  const { room } = await memberOf(chat, who, input.room_id);
  if (input.since_rev > room.last_rev) refuse("gone"); // a cursor of another history: begin again from a page
  const { rows, position, more_after } = await since(chat, { ...who, room_id: input.room_id }, input.since_rev);
  await memberOf(chat, who, input.room_id); // asked again after the rows were read: who is out by then reads none of them
  const users = new Map(rows.flatMap((row) => (row.type === "room" ? [] : [[row.user.id, row.user] as const])));
  return { items: rows, position, more_after, users: [...users.values()] };
}

export type Owed = { count: number; position: number; steps(): AsyncGenerator<Row[]> };

/**
 * What a client without state never acked: messages above its stored `acked_seq`, by rev, to be joined live from `position`. Read in steps, since
 * whoever is owed them may read slowly; a message that changes meanwhile is in none, `position` lies before it. `reset` when there are more than 2,000.
 */
export async function sinceAck(chat: Chat, who: Principal, room_id: string): Promise<Owed | "reset"> {
  const { room, member } = await memberOf(chat, who, room_id);
  const { messages } = chat.store.t;
  const found = await chat.store.read
    .select({ id: messages.id, rev: messages.rev })
    .from(messages)
    .where(and(eq(messages.room_id, room_id), gt(messages.seq, member.acked_seq), lte(messages.seq, room.last_seq)))
    .orderBy(asc(messages.seq))
    .limit(RESUME_MAX + 1);
  if (found.length > RESUME_MAX) return "reset";
  const owed = found.filter(({ rev }) => rev <= room.last_rev).sort((a, b) => a.rev - b.rev);
  return {
    count: owed.length,
    position: room.last_rev,
    async *steps() {
      for (let from = 0; from < owed.length; from += STEP) yield owedRows(chat, room, owed.slice(from, from + STEP));
    },
  };
}

async function owedRows(chat: Chat, room: RoomRow, some: readonly { id: string }[]): Promise<Row[]> {
  const { messages } = chat.store.t;
  const ids = some.map(({ id }) => id);
  const rows = await chat.store.read
    .select(tellingOf(messages))
    .from(messages)
    .where(and(eq(messages.room_id, room.id), inArray(messages.id, ids), lte(messages.rev, room.last_rev)))
    .orderBy(asc(messages.rev));
  const people = await peopleIn(chat, room.tenant_id, rows, []);
  return rows.flatMap((row) => withUser(people, row.sender_id, (user) => ({ type: "message", message: messageView(row), user })));
}

/** The rev of the room's last change; 0 for a room that is not there. Asks no right: it is where the feed begins. */
export async function lastRev(chat: Chat, place: RoomPlace): Promise<number> {
  return (await roomRow(chat, place))?.last_rev ?? 0;
}

/** The same of many rooms at once. */
export async function lastRevs(chat: Chat, places: readonly RoomPlace[]): Promise<Map<string, number>> {
  const { rooms } = chat.store.t;
  const found = new Map<string, number>();
  for (const [tenant_id, some] of Map.groupBy(places, (place) => place.tenant_id)) {
    for (let from = 0; from < some.length; from += ASKED_AT_ONCE) {
      const ids = some.slice(from, from + ASKED_AT_ONCE).map(({ room_id }) => room_id);
      const rows = await chat.store.read
        .select({ id: rooms.id, last_rev: rooms.last_rev })
        .from(rooms)
        .where(and(eq(rooms.tenant_id, tenant_id), inArray(rooms.id, ids)));
      for (const { id, last_rev } of rows) found.set(id, last_rev);
    }
  }
  return found;
}

async function roomRow(chat: Chat, { tenant_id, room_id }: RoomPlace): Promise<RoomRow | undefined> {
  const [room] = await roomAt(chat, { tenant_id, room_id });
  return room;
}

const roomAt = prepared(({ read, t: { rooms } }) =>
  read
    .select()
    .from(rooms)
    .where(and(eq(rooms.tenant_id, given("tenant_id")), eq(rooms.id, given("room_id"))))
    .prepare("room"),
);

/** Rows not changed since they were posted, from the first born after the cursor: found by seq, so no index on rev has to be paid for by posts. */
async function freshMessages(chat: Chat, room: RoomRow, cursor: number, until: number): Promise<TellingRow[]> {
  const from = await firstBornAfter(chat.store.read, room, cursor);
  return from > room.last_seq ? [] : unchanged(chat, { room_id: room.id, from, last_seq: room.last_seq, until });
}

const unchanged = prepared(({ read, t: { messages } }) =>
  read
    .select(tellingOf(messages))
    .from(messages)
    .where(
      and(
        eq(messages.room_id, given("room_id")),
        gte(messages.seq, given("from")),
        lte(messages.seq, given("last_seq")),
        eq(messages.rev, messages.born_rev),
        lte(messages.born_rev, given("until")),
      ),
    )
    .orderBy(asc(messages.seq))
    .limit(STEP)
    .prepare("unchanged"),
);

/** Rows changed since they were posted: a partial index holds only these. */
const changedMessages = (chat: Chat, { id: room_id }: RoomRow, cursor: number, until: number): Promise<TellingRow[]> =>
  changed(chat, { room_id, cursor, until });

const changed = prepared(({ read, t: { messages } }) =>
  read
    .select(tellingOf(messages))
    .from(messages)
    .where(and(eq(messages.room_id, given("room_id")), sql`rev > born_rev`, gt(messages.rev, given("cursor")), lte(messages.rev, given("until"))))
    .orderBy(asc(messages.rev))
    .limit(STEP)
    .prepare("changed"),
);

const changedMembers = (chat: Chat, { tenant_id, id: room_id }: RoomRow, cursor: number, until: number): Promise<MemberRow[]> =>
  cameOrWent(chat, { tenant_id, room_id, cursor, until });

const cameOrWent = prepared(({ read, t: { members } }) =>
  read
    .select()
    .from(members)
    .where(
      and(
        eq(members.tenant_id, given("tenant_id")),
        eq(members.room_id, given("room_id")),
        gt(members.rev, given("cursor")),
        lte(members.rev, given("until")),
      ),
    )
    .orderBy(asc(members.rev))
    .limit(STEP)
    .prepare("came_or_went"),
);

async function peopleIn(chat: Chat, tenant_id: string, messages: readonly TellingRow[], members: readonly MemberRow[]): Promise<Map<string, User>> {
  const ids = [...messages.map(({ sender_id }) => sender_id), ...members.map(({ user_id }) => user_id)];
  return new Map((await usersNamed(chat, tenant_id, ids)).map((user) => [user.id, user]));
}

function withUser(people: ReadonlyMap<string, User>, id: string, row: (user: User) => Row): Row[] {
  const user = people.get(id);
  return user ? [row(user)] : []; // the row's user is never deleted while the row is there
}
