/**
 * Append: the one way a message comes to be. What arrives in one turn of the event loop, by either door and for any room, is one
 * transaction: rooms locked in the order of their ids, and only fresh posts numbered and inserted. Numbering first and letting a conflict drop
 * the row would leave holes; locking in the order of arrival would deadlock.
 *
 * Nearly every post is fresh, so a batch is numbered as if all were, and what finds one of them stored gives the whole transaction up and makes it
 * again with its `client_id`s looked up first; so do the next batches, since who sends again has more to send.
 *
 * COMMIT has returned before anybody hears: then the bell, then the replies, in the same turn. Append answers each post with a row or a
 * refusal, so that one bad post refuses only itself; it throws faults alone, and a fault never stops the next flush.
 */
import { and, eq } from "drizzle-orm";
import {
  advanceRooms,
  type CountedRoom,
  findMember,
  insertMentions,
  insertMessages,
  lockRooms,
  type PostKey,
  storedPosts,
} from "../../db/islands.ts";
import { ackRuns, addToFirst, type FirstRun, speak } from "../../db/acks.ts";
import type { Tx } from "../../db/store.ts";
import type { Draft, Message, Row } from "../protocol.ts";
import type { FileOfMessage } from "../../db/schema-of-content.ts";
import { appendAtOnce } from "./append-at-once.ts";
import { attach } from "./attached.ts";
import { breathe } from "./breathe.ts";
import { BundleTaken, owedFor, type Run, writeOwed } from "./bundles.ts";
import type { Chat } from "./chat.ts";
import { gather } from "./gather.ts";
import type { Principal } from "./principal.ts";
import { Refusal, type RefusalCode, type RefusalDetail } from "./refusal.ts";
import { mayPost } from "./room-rights.ts";
import type { Standing } from "./standing.ts";
import { type MessageRow, messageView } from "./views.ts";

/** A post whose right and meaning have been asked. `standing.rights_rev` is that of the room when the right was read: append asks again if it has risen. */
export type Post = {
  who: Principal;
  room_id: string;
  standing: Standing;
  draft: Draft;
  mentions: { user_ids: string[]; everybody: boolean };
};

/** `message` is the same object for the bell and for the reply: what is made of it once need not be made again (live/texts.ts). */
export type Appended = { message: Message; fresh: boolean } | { refused: RefusalCode; detail: RefusalDetail };
type Waiting = { post: Post; settle(result: Appended): void; fail(fault: unknown): void };

const WAITING_MAX = 10_000; // full means a clear refusal, never a queue without end
const LOOKED_UP = 100; // batches after one that held a stored post: who sends everything twice costs others nothing more
const appenders = new WeakMap<Chat, (post: Post) => Promise<Appended>>(); // one batch in the making per chat

/** Puts the post into the batch of this turn, now; resolves after COMMIT with its row or its refusal. Throws faults, and `unavailable` when full. */
export function append(chat: Chat, post: Post): Promise<Appended> {
  const existing = appenders.get(chat);
  if (existing) return existing(post);
  const made = createAppender(chat);
  appenders.set(chat, made);
  return made(post);
}

function createAppender(chat: Chat): (post: Post) => Promise<Appended> {
  let waiting: Waiting[] = [];
  let flushing = false;
  let lookUp = 0; // in how many of the next batches
  let many = false; // the last batch held more than one

  const write = async <R>(work: (tx: Tx) => Promise<R>): Promise<R> => {
    try {
      return await chat.store.write(work);
    } catch (fault) {
      if (fault instanceof StoredBefore) lookUp = LOOKED_UP;
      else if (!(fault instanceof BundleTaken)) throw fault;
      return write(work); // each comes once
    }
  };
  /** At once where that may be; else, and where that came to nothing, under the locks. */
  const store = async (take: () => Post[]): Promise<Appended[]> => {
    const { once } = chat.store;
    if (once && lookUp === 0) {
      await breathe(); // as much as this turn brings
      const stored = await appendAtOnce(chat, once, take());
      if (typeof stored !== "string") return stored;
      if (stored === "stored" || stored === "lost") lookUp = LOOKED_UP;
    }
    const { results, committed } = await write((tx) => appendAll(chat, tx, take(), lookUp > 0));
    committed();
    lookUp = Math.max(0, lookUp - 1);
    return results;
  };
  /** Takes all that waits when the transaction begins: what came while the store got ready for it is in it. One batch is in flight, the next collects meanwhile. */
  const flush = async (): Promise<void> => {
    let batch: Waiting[] = [];
    const take = (): Post[] => {
      if (batch.length === 0) [batch, waiting] = [waiting, []]; // else it is made once more
      return batch.map(({ post }) => post);
    };
    try {
      const results = await store(take);
      many = batch.length > 1;
      ringFresh(chat, batch, results);
      batch.forEach((post, i) => {
        const result = results[i];
        if (result) post.settle(result);
      });
    } catch (fault) {
      if (batch.length === 0) take(); // it failed before it began
      for (const post of batch) post.fail(fault);
    }
  };
  const flushAll = async (): Promise<void> => {
    flushing = true;
    while (waiting.length > 0) {
      if (many) await gather(() => waiting.length);
      await flush();
    }
    flushing = false;
  };

  return (post) => {
    if (waiting.length >= WAITING_MAX) return Promise.reject(new Refusal("unavailable"));
    return new Promise((settle, fail) => {
      waiting.push({ post, settle, fail });
      if (!flushing) void flushAll();
    });
  };
}

/** One bell per room, its rows in the order of their revs. */
function ringFresh(chat: Chat, batch: readonly Waiting[], results: readonly Appended[]): void {
  const rooms = new Map<string, { tenant_id: string; rows: Row[] }>();
  for (const [i, { post }] of batch.entries()) {
    const result = results[i];
    if (!result || !("message" in result) || !result.fresh) continue;
    const row: Row = { type: "message", message: result.message, user: post.standing.user };
    const room = rooms.get(post.room_id);
    if (room) room.rows.push(row);
    else rooms.set(post.room_id, { tenant_id: post.who.tenant_id, rows: [row] });
  }
  for (const [room_id, { tenant_id, rows }] of rooms) chat.backplane.ring({ tenant_id, room_id, rows });
}

/** One that was taken for fresh is stored. */
class StoredBefore extends Error {
  override readonly name = "StoredBefore";
}

async function appendAll(chat: Chat, tx: Tx, batch: readonly Post[], looksUp: boolean): Promise<{ results: Appended[]; committed: () => void }> {
  // Asked in this order, on one connection.
  const [rooms, stored] = await Promise.all([lockRooms(tx, batch.map(placeOf)), looksUp ? storedPosts(tx, batch.map(keyOf)) : []]);
  const turn: Turn = { rooms, rows: [], fresh: new Map(), first: new Map(), now: chat.now() };
  const results: Appended[] = [];
  for (const [i, post] of batch.entries()) {
    const row = stored[i];
    const placing = row ? { message: messageView(row), fresh: false } : placed(chat, tx, post, turn);
    results.push("then" in placing ? await placing : placing);
  }
  const { rows } = turn;
  if (rows.length === 0) return { results, committed: nothing };
  const touched = new Set(rows.map(({ room_id }) => room_id));
  const advanced = [...rooms.values()].filter(({ id }) => touched.has(id));
  const ended = speak(turn.first.values(), turn.now);
  const owed = owedFor(chat, runsOf(rows, rooms));
  const [areFresh] = await Promise.all([
    insertMessages(tx, rows),
    advanceRooms(tx, advanced, turn.now),
    ackRuns(tx, ended),
    insertMentions(tx, mentionsOf(batch, results)),
    writeOwed(tx, owed),
  ]);
  if (!areFresh) throw new StoredBefore("A post is stored already");
  return { results, committed: owed?.committed ?? nothing };
}

const nothing = (): void => {};

function runsOf(rows: readonly MessageRow[], rooms: ReadonlyMap<string, CountedRoom>): Iterable<Run> {
  const runs = new Map<string, Run & { posts: MessageRow[] }>();
  for (const row of rows) {
    const run = runs.get(row.room_id);
    const room = rooms.get(row.room_id);
    if (run) run.posts.push(row);
    else if (room) runs.set(row.room_id, { tenant_id: row.tenant_id, room, posts: [row] });
  }
  return runs.values();
}

/** What one transaction knows: its rooms, whose numbers rise as posts are placed, and what has been placed, in that order and by `client_id`. */
type Turn = { rooms: Map<string, CountedRoom>; rows: MessageRow[]; fresh: Map<string, Fresh>; first: Map<string, FirstRun>; now: number };
/** `another` was placed before it, with the same `client_id`: another's, or in another room. */
type Fresh = { row: MessageRow; message: Message; another: Fresh | undefined };

/** Waits only where something must be asked that most posts need not ask. */
function placed(chat: Chat, tx: Tx, post: Post, turn: Turn): Appended | Promise<Appended> {
  const twin = twinOf(post, turn);
  if (twin) return { message: twin.message, fresh: false };
  const room = turn.rooms.get(post.room_id);
  if (!room) return { refused: "not_found", detail: {} };
  const { reply_to = null } = post.draft;
  const isPlain = reply_to === null && !post.draft.files && room.posting === null;
  if (isPlain && room.rights_rev === post.standing.rights_rev) return numbered(chat, post, room, turn);
  return askedAgain(chat, tx, post, room, turn);
}

async function askedAgain(chat: Chat, tx: Tx, post: Post, room: CountedRoom, turn: Turn): Promise<Appended> {
  if (room.rights_rev !== post.standing.rights_rev || room.posting !== null) {
    const found = await findMember(tx, { ...post.who, room_id: room.id });
    if (!found) return { refused: "not_found", detail: {} };
    if (room.archived_at === null && !mayPost(post.who, found)) return { refused: "forbidden", detail: {} };
  }
  const { reply_to = null } = post.draft;
  if (room.archived_at === null && reply_to !== null && !(await isIn(chat, tx, room, reply_to, turn)))
    return { refused: "invalid", detail: { fields: ["reply_to"] } };
  const ids = room.archived_at === null ? post.draft.files : undefined;
  if (!ids) return numbered(chat, post, room, turn);
  const message_id = chat.newId();
  const files = await attach(chat, tx, { who: post.who, room_id: room.id, message_id, ids });
  return files ? numbered(chat, post, room, turn, { message_id, files }) : { refused: "invalid", detail: { fields: ["files"] } };
}

/** `held`: the id that its files already name. */
function numbered(
  chat: Chat,
  post: Post,
  room: CountedRoom,
  { rows, fresh, first, now }: Turn,
  held?: { message_id: string; files: FileOfMessage[] },
): Appended {
  if (room.archived_at !== null) return { refused: "archived", detail: {} };
  const before = room.last_at;
  room.last_seq += 1;
  room.last_rev += 1;
  room.last_at = Math.max(now, room.last_at); // never back within a room, so a date is found by binary search
  addToFirst(first, room, post.who.user_id, before);
  const row: MessageRow = {
    id: held?.message_id ?? chat.newId(),
    tenant_id: room.tenant_id,
    room_id: room.id,
    sender_id: post.who.user_id,
    client_id: post.draft.client_id,
    seq: room.last_seq,
    rev: room.last_rev,
    born_rev: room.last_rev,
    content: post.draft.content,
    meta: post.draft.meta ?? null,
    mentions: post.mentions.user_ids.length > 0 ? post.mentions.user_ids : null,
    reply_to: post.draft.reply_to ?? null,
    created_at: room.last_at,
    edited_at: null,
    removed_at: null,
    files: held?.files ?? null,
    reactions: null,
    pinned_at: null,
    pinned_by: null,
  };
  const message = messageView(row);
  rows.push(row);
  fresh.set(row.client_id, { row, message, another: fresh.get(row.client_id) });
  return { message, fresh: true };
}

/** The post of this transaction that this one says again. */
function twinOf({ room_id, who, draft }: Post, { fresh }: Turn): Fresh | undefined {
  let found = fresh.get(draft.client_id);
  while (found && (found.row.room_id !== room_id || found.row.sender_id !== who.user_id)) found = found.another;
  return found;
}

const placeOf = ({ who: { tenant_id }, room_id }: Post): { tenant_id: string; room_id: string } => ({ tenant_id, room_id });

const keyOf = (post: Post): PostKey => ({
  tenant_id: post.who.tenant_id,
  room_id: post.room_id,
  sender_id: post.who.user_id,
  client_id: post.draft.client_id,
});

async function isIn(chat: Chat, tx: Tx, room: CountedRoom, message_id: string, { rows }: Turn): Promise<boolean> {
  if (rows.some((row) => row.id === message_id && row.room_id === room.id)) return true;
  const { messages } = chat.store.t;
  const [found] = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.id, message_id), eq(messages.room_id, room.id)));
  return found !== undefined;
}

const NONE: never[] = [];

function mentionsOf(batch: readonly Post[], results: readonly Appended[]): { tenant_id: string; room_id: string; user_id: string; seq: number }[] {
  return batch.flatMap(({ mentions, who: { tenant_id, user_id: sender_id }, room_id }, i) => {
    if (mentions.user_ids.length === 0 && !mentions.everybody) return NONE;
    const result = results[i];
    if (!result || !("message" in result) || !result.fresh) return NONE;
    const { seq } = result.message;
    const addressed = [...mentions.user_ids.filter((user_id) => user_id !== sender_id), ...(mentions.everybody ? ["*"] : [])];
    return addressed.map((user_id) => ({ tenant_id, room_id, user_id, seq }));
  });
}
