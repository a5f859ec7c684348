/**
 * A conversation that took place elsewhere, put into a public channel of its own with the times it had. The second way a message comes to be,
 * for operators alone: `append` gives every post the time of its arrival and asks the sender's right, and neither has a meaning here. It keeps
 * append's invariants (the room locked, `client_id`s looked up, only the fresh numbered, all in one transaction), so a channel that was
 * filled like this differs from one that was talked in by nothing but its age, and putting the same lines again stores nothing. No bell is
 * rung: it is too much to carry, and the feed's own look finds it.
 */
import { createHash } from "node:crypto";
import { and, eq, inArray } from "drizzle-orm";
import { ackSpoken, endRun } from "../../db/acks.ts";
import { advanceRooms, insertMentions, insertMessages, type PostKey, storedPosts } from "../../db/islands.ts";
import { NOBODY_SPEAKS } from "../../db/spoken.ts";
import type { Tx } from "../../db/store.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { checkContent } from "./content.ts";
import { newMember } from "./membership.ts";
import { namesIn } from "./mentions.ts";
import { foldChannelName, foldUsername } from "./names.ts";
import { refuse } from "./refusal.ts";
import { raiseRights } from "./rights.ts";
import { changeRoom, lockedRoom } from "./room-changes.ts";
import { insertNames } from "./user-names.ts";
import type { MessageRow, RoomRow } from "./views.ts";

/** Someone who speaks or is spoken to; `at` is when they were first there. */
export type Speaker = { username: string; at: number };
/** `client_id` makes it the same line whenever it is put again. */
export type Line = { client_id: string; at: number; username: string; content: string };

export type Conversation = {
  room_id: string;
  /** Makes users of those whose names nobody has, and members of all. 500 at most at once. Resolves to how many are new in the room. */
  seat(speakers: readonly Speaker[]): Promise<number>;
  /** Stores the lines of seated speakers that are not stored yet, in the order given. 1,000 at most at once. Resolves to how many are new. */
  put(lines: readonly Line[]): Promise<number>;
};

type Place = { tenant_id: string; room_id: string };

/**
 * The conversation in the channel of this name, which is made if there is none. Refuses `invalid` (the name) and `conflict`: the channel is
 * there and was not made here, so its own messages and these would be in each other's way.
 */
export async function openConversation(
  chat: Chat,
  tenant_id: string,
  { channel, description, born_at }: { channel: string; description: string; born_at: number },
): Promise<Conversation> {
  const folded_name = foldChannelName(channel) ?? refuse("invalid", { fields: ["channel"] });
  const place = { tenant_id, room_id: conversationId(tenant_id, folded_name) };
  const { rooms } = chat.store.t;
  await chat.store.write(async (tx) => {
    const room = blank(place, { name: channel.trim(), folded_name, description, born_at });
    const [made] = await tx.insert(rooms).values(room).onConflictDoNothing().returning({ id: rooms.id });
    if (made) return await audit(chat, tx, { tenant_id, actor_id: null, action: "conversation.made", target_id: made.id });
    const [found] = await tx
      .select({ id: rooms.id })
      .from(rooms)
      .where(and(eq(rooms.tenant_id, tenant_id), eq(rooms.folded_name, folded_name)));
    if (found?.id !== place.room_id) refuse("conflict", { fields: ["channel"] });
  });
  let joined_since = 0; // the planner's last look: with what it believed of a small room it would read a large one whole
  let analyzed = 100;
  const seated = new Map<string, string>(); // username → id, of members:
  return {
    room_id: place.room_id,
    async seat(speakers) {
      const { joined, raised } = await chat.store.write((tx) => seat(chat, tx, place, speakers));
      for (const user_id of raised) chat.backplane.ringUser({ tenant_id, user_id });
      joined_since += joined;
      if (joined_since >= analyzed) {
        await chat.store.analyze();
        analyzed += joined_since;
        joined_since = 0;
      }
      return joined;
    },
    async put(lines) {
      const names = new Set(lines.flatMap(({ username, content }) => [username, ...namesIn(content)]));
      await learn(
        chat,
        place,
        seated,
        [...names].filter((name) => !seated.has(name)),
      );
      return chat.store.write((tx) => put(chat, tx, place, seated, lines));
    },
  };
}

/** Made of its name, so that it is known again; no other room can have it. */
function conversationId(tenant_id: string, folded_name: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify(["conversation", tenant_id, folded_name]))
    .digest("hex");
  return BigInt(`0x${hash.slice(0, 32)}`)
    .toString(32)
    .padStart(26, "0");
}

type Blank = { name: string; folded_name: string; description: string; born_at: number };

function blank({ tenant_id, room_id }: Place, { born_at, ...named }: Blank): RoomRow {
  return {
    tenant_id,
    id: room_id,
    type: "channel",
    visibility: "public",
    ...named,
    owner_id: null, // those who run the workspace run it
    unique_key: null,
    first_seq: 1,
    last_seq: 0,
    last_rev: 1,
    last_at: born_at,
    rev: 1,
    rights_rev: 1,
    member_count: 0,
    archived_at: null,
    metadata: null,
    posting: null,
    ...NOBODY_SPEAKS,
    created_at: born_at,
    updated_at: born_at,
  };
}

async function seat(chat: Chat, tx: Tx, place: Place, speakers: readonly Speaker[]): Promise<{ joined: number; raised: string[] }> {
  const { t } = chat.store;
  const room = await lockedRoom(tx, place.tenant_id, place.room_id);
  const names = speakers.map(({ username }) => username);
  const found = await tx
    .select({ id: t.users.id, username: t.users.username })
    .from(t.users)
    .where(and(eq(t.users.tenant_id, place.tenant_id), inArray(t.users.username, names)));
  const known = new Map(found.map(({ id, username }) => [username, id]));
  const users = speakers.filter(({ username }) => !known.has(username)).map((speaker) => newSpeaker(chat, place.tenant_id, speaker));
  if (users.length > 0) await tx.insert(t.users).values(users);
  await insertNames(chat, tx, users);
  const there = await membersAmong(chat, tx, place, [...known.values()]);
  const ids = new Map([...known, ...users.map(({ id, username }) => [username, id] as const)]);
  const joining = speakers.flatMap(({ username, at }) => {
    const user_id = ids.get(username);
    return user_id === undefined || there.has(user_id) ? [] : [{ user_id, at }];
  });
  if (joining.length === 0) return { joined: 0, raised: [] };
  await tx
    .insert(t.members)
    .values(joining.map(({ user_id, at }, i) => ({ ...newMember(chat, room, user_id, room.last_rev + i + 1), acked_at: at, joined_at: at })));
  const raised = [...known.values()].filter((id) => !there.has(id));
  const member_count = room.member_count + joining.length;
  await changeRoom(chat, tx, room, { revs: joining.length, member_count, rights_rev: room.rights_rev + 1 });
  await raiseRights(chat, tx, place.tenant_id, raised);
  return { joined: joining.length, raised };
}

async function membersAmong(chat: Chat, tx: Tx, { tenant_id, room_id }: Place, user_ids: readonly string[]): Promise<Set<string>> {
  if (user_ids.length === 0) return new Set();
  const { members } = chat.store.t;
  const rows = await tx
    .select({ user_id: members.user_id })
    .from(members)
    .where(and(eq(members.tenant_id, tenant_id), eq(members.room_id, room_id), inArray(members.user_id, [...user_ids])));
  return new Set(rows.map(({ user_id }) => user_id));
}

function newSpeaker(chat: Chat, tenant_id: string, { username, at }: Speaker) {
  if (foldUsername(username) !== username) refuse("invalid", { fields: ["username"] });
  const now = chat.now();
  return {
    tenant_id,
    id: chat.newId(),
    username,
    display_name: username,
    password_hash: null, // signs in when an operator gives them a password
    role: "member" as const,
    kind: "person" as const,
    settings: {},
    disabled_at: null,
    last_seen_at: null,
    rev: 1,
    changed_at: now,
    created_at: at,
    updated_at: now,
  };
}

/** Finds the ids of those among `names` who are members, or were: what they said before they left is theirs. */
async function learn(chat: Chat, { tenant_id, room_id }: Place, seated: Map<string, string>, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const { t, read } = chat.store;
  const rows = await read
    .select({ id: t.users.id, username: t.users.username })
    .from(t.users)
    .crossJoin(t.members) // CROSS: SQLite would begin with every member of the room
    .where(
      and(
        eq(t.users.tenant_id, tenant_id),
        inArray(t.users.username, [...names]),
        eq(t.members.tenant_id, tenant_id),
        eq(t.members.room_id, room_id),
        eq(t.members.user_id, t.users.id),
      ),
    );
  for (const { id, username } of rows) if (username !== null) seated.set(username, id);
}

async function put(chat: Chat, tx: Tx, place: Place, seated: ReadonlyMap<string, string>, lines: readonly Line[]): Promise<number> {
  await endRun(tx, place); // what is put is said by many
  const room = await lockedRoom(tx, place.tenant_id, place.room_id);
  if (room.archived_at !== null) refuse("archived");
  const said = lines.map((line) => ({ ...line, sender_id: seated.get(line.username) ?? refuse("invalid", { fields: ["username"] }) }));
  const keyOf = ({ client_id, sender_id }: { client_id: string; sender_id: string }): PostKey => ({ ...place, sender_id, client_id });
  const stored = await storedPosts(tx, said.map(keyOf));
  const rows: MessageRow[] = [];
  const twins = new Set<string>();
  for (const [i, { client_id, sender_id, at, content }] of said.entries()) {
    if (stored[i] || twins.has(`${sender_id} ${client_id}`)) continue;
    twins.add(`${sender_id} ${client_id}`);
    checkContent(content, chat.config.limits);
    room.last_seq += 1;
    room.last_rev += 1;
    room.last_at = Math.max(at, room.last_at); // never back within a room
    const addressed = [...new Set(namesIn(content).flatMap((name) => seated.get(name) ?? []))].sort();
    rows.push({
      ...{ id: chat.newId(), ...place, sender_id, client_id, content },
      ...{ seq: room.last_seq, rev: room.last_rev, born_rev: room.last_rev, created_at: room.last_at },
      ...{ meta: null, mentions: addressed.length > 0 ? addressed : null, reply_to: null, edited_at: null, removed_at: null },
      ...{ files: null, reactions: null, pinned_at: null, pinned_by: null },
    });
  }
  if (rows.length === 0) return 0;
  if (!(await insertMessages(tx, rows))) throw new Error("A line was stored while its room was locked");
  await advanceRooms(tx, [room], chat.now());
  await insertMentions(tx, mentionsOf(rows));
  const last = new Map(rows.map((row) => [row.sender_id, row]));
  // Who spoke had read what was said before: nobody was there to ack it.
  await ackSpoken(tx, [...last.values()]);
  return rows.length;
}

function mentionsOf(rows: readonly MessageRow[]): { tenant_id: string; room_id: string; user_id: string; seq: number }[] {
  return rows.flatMap(({ tenant_id, room_id, sender_id, seq, mentions }) =>
    (mentions ?? []).filter((user_id) => user_id !== sender_id).map((user_id) => ({ tenant_id, room_id, user_id, seq })),
  );
}
