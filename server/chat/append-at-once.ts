/**
 * A batch of posts as one statement, where the database has that (`store.once`): numbered there, with nothing asked before. Nearly every batch can be one.
 * What must be asked inside the transaction cannot. Nothing here is trusted:
 * the statement stores nothing where a room's rights are not those under which its posts were allowed.
 */
import { type NotStored, type Numbered, type RoomOfPosts, storeAtOnce } from "../../db/posts-at-once.ts";
import type { Message } from "../protocol.ts";
import type { Appended, Post } from "./append.ts";
import { owedFor, type Run } from "./bundles.ts";
import type { Chat } from "./chat.ts";
import { at } from "./views.ts";

/** Stores all of it or nothing; says why nothing. `asks`: something must be asked under the locks. */
export async function appendAtOnce(chat: Chat, once: Once, batch: readonly Post[]): Promise<Appended[] | NotStored | "asks"> {
  const placed = placeAll(chat, batch);
  if (!placed) return "asks";
  const rooms = [...placed.rooms.values()].sort((a, b) => (a.room_id < b.room_id ? -1 : 1));
  const owed = owedFor(
    chat,
    rooms.map(({ tenant_id, room, rows }) => ({ tenant_id, room, posts: rows })),
  );
  const numbers = await storeAtOnce(once, rooms, owed?.rows ?? [], chat.now());
  if (typeof numbers === "string") return numbers;
  for (const [i, { rows }] of rooms.entries()) {
    const room = numbers[i];
    if (room) number(rows, room);
  }
  owed?.committed();
  return placed.results;
}

type Once = Parameters<typeof storeAtOnce>[0];
type Room = RoomOfPosts & { room: Run["room"]; rows: Message[]; addressed: RoomOfPosts["addressed"][number][] };
/** `another` has the same `client_id`, and is another's or in another room. */
type Fresh = { message: Message; another: Fresh | undefined };
type Placed = { rooms: Map<string, Room>; results: Appended[] };

/** Each post in its room, in the order they came; null where one of them cannot be stored so. */
function placeAll(chat: Chat, batch: readonly Post[]): Placed | null {
  const rooms = new Map<string, Room>();
  const fresh = new Map<string, Fresh>(); // by `client_id`
  const results: Appended[] = [];
  for (const post of batch) {
    const before = fresh.get(post.draft.client_id);
    const twin = twinOf(post, before);
    if (twin) {
      results.push({ message: twin, fresh: false });
      continue;
    }
    const { tenant_id } = post.who;
    const { rights_rev } = post.standing;
    let room = rooms.get(post.room_id);
    if (!room) rooms.set(post.room_id, (room = roomOf(post)));
    if (room.rights_rev !== rights_rev || room.tenant_id !== tenant_id || asks(post)) return null;
    const message = messageOf(chat, post);
    address(room, post);
    room.rows.push(message);
    fresh.set(message.client_id, { message, another: before });
    results.push({ message, fresh: true });
  }
  return { rooms, results };
}

function twinOf({ room_id, who }: Post, before: Fresh | undefined): Message | null {
  for (let at = before; at; at = at.another) if (at.message.room_id === room_id && at.message.sender_id === who.user_id) return at.message;
  return null;
}

const asks = ({ draft: { reply_to = null, files } }: Post): boolean => reply_to !== null || files !== undefined;

const roomOf = ({ who: { tenant_id }, room_id, standing: { rights_rev, type, visibility } }: Post): Room => ({
  tenant_id,
  room_id,
  rights_rev,
  room: { id: room_id, type, visibility },
  rows: [],
  addressed: [],
});

/** Without its numbers and its time. */
const messageOf = (chat: Chat, { who, room_id, draft, mentions }: Post): Message => ({
  id: chat.newId(),
  room_id,
  sender_id: who.user_id,
  seq: 0,
  rev: 0,
  client_id: draft.client_id,
  content: draft.content,
  meta: draft.meta ?? null,
  mentions: mentions.user_ids,
  reply_to: null,
  created_at: "",
});

/** The next post of the room tells its mentions to these. */
function address(room: Room, { who, mentions: { user_ids, everybody } }: Post): void {
  for (const user_id of user_ids) if (user_id !== who.user_id) room.addressed.push({ row: room.rows.length, user_id });
  if (everybody) room.addressed.push({ row: room.rows.length, user_id: "*" });
}

function number(rows: readonly Message[], { last_seq, last_rev, last_at }: Numbered): void {
  const time = at(last_at);
  for (const [i, message] of rows.entries()) {
    const back = rows.length - 1 - i;
    message.seq = last_seq - back;
    message.rev = last_rev - back;
    message.created_at = time;
  }
}
