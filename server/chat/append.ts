/**
 * Append: the one way a message comes to be. What arrives in one turn of the event loop, by either door and for any room, is one
 * transaction: rooms locked in the order of their ids, `client_id`s looked up, only the fresh ones numbered and inserted. Numbering first and
 * letting a conflict drop the row would leave holes; locking in the order of arrival would deadlock.
 *
 * COMMIT has returned before anybody hears: then the bell, then the replies, in the same turn. Append answers each post with a row or a
 * refusal, so that one bad post refuses only itself; it throws faults alone, and a fault never stops the next flush.
 */
import { and, eq } from "drizzle-orm";
import { ackOwnRuns, advanceRooms, findMember, insertMessages, lockRooms, type PostKey, storedPosts } from "../../db/islands.ts";
import type { Tx } from "../../db/store.ts";
import type { Draft, User } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";
import { Refusal, type RefusalCode, type RefusalDetail } from "./refusal.ts";
import { type MessageRow, messageView, type RoomRow } from "./views.ts";

/** A post whose right and meaning have been asked. `rights_rev` is that of the room when the right was read: append asks again if it has risen. */
export type Post = {
  who: Principal;
  user: User;
  room_id: string;
  rights_rev: number;
  draft: Draft;
  mentions: { user_ids: string[]; everybody: boolean };
};

export type Appended = { row: MessageRow; fresh: boolean } | { refused: RefusalCode; detail: RefusalDetail };
type Waiting = Post & { settle(result: Appended): void; fail(fault: unknown): void };

const WAITING_MAX = 10_000; // full means a clear refusal, never a queue without end
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
  let turn = Promise.resolve();

  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    let results: Appended[];
    try {
      results = await chat.store.write((tx) => appendAll(chat, tx, batch));
    } catch (fault) {
      for (const post of batch) post.fail(fault);
      return;
    }
    ringFresh(chat, batch, results);
    batch.forEach((post, i) => {
      const result = results[i];
      if (result) post.settle(result);
    });
  };

  return (post) => {
    if (waiting.length >= WAITING_MAX) return Promise.reject(new Refusal("unavailable"));
    const { promise, resolve, reject } = Promise.withResolvers<Appended>();
    waiting.push({ ...post, settle: resolve, fail: reject });
    if (waiting.length === 1) {
      setImmediate(() => {
        turn = turn.then(flush); // one batch in flight, the next collects meanwhile
      });
    }
    return promise;
  };
}

/** One bell per room, its rows in the order of their revs. */
function ringFresh(chat: Chat, batch: readonly Post[], results: readonly Appended[]): void {
  const fresh = results.flatMap((result, i) => {
    const post = batch[i];
    return post && "row" in result && result.fresh ? [{ post, row: result.row }] : [];
  });
  for (const [room_id, found] of Map.groupBy(fresh, ({ row }) => row.room_id)) {
    const [first] = found;
    if (!first) continue;
    const rows = found.map(({ post, row }) => ({ type: "message" as const, message: messageView(row), user: post.user }));
    chat.backplane.ring({ tenant_id: first.row.tenant_id, room_id, rows });
  }
}

async function appendAll(chat: Chat, tx: Tx, batch: readonly Post[]): Promise<Appended[]> {
  const keys = batch.map(keyOf);
  const rooms = await lockRooms(tx, keys);
  const stored = await storedPosts(tx, keys);
  const now = chat.now();
  const fresh = new Map<string, MessageRow>();
  const results: Appended[] = [];
  for (const [i, post] of batch.entries()) results.push(await placed(chat, tx, post, { rooms, stored: stored[i], fresh, now }));
  const rows = [...fresh.values()];
  if (rows.length === 0) return results;
  await insertMessages(tx, rows);
  const touched = new Set(rows.map(({ room_id }) => room_id));
  await advanceRooms(
    tx,
    [...rooms.values()].filter(({ id }) => touched.has(id)),
    now,
  );
  await ackOwnRuns(tx, runsOf(rows), now);
  await noteMentions(chat, tx, batch, results);
  return results;
}

type Turn = { rooms: Map<string, RoomRow>; stored: MessageRow | undefined; fresh: Map<string, MessageRow>; now: number };

async function placed(chat: Chat, tx: Tx, post: Post, { rooms, stored, fresh, now }: Turn): Promise<Appended> {
  if (stored) return { row: stored, fresh: false };
  const key = JSON.stringify([post.room_id, post.who.user_id, post.draft.client_id]);
  const twin = fresh.get(key);
  if (twin) return { row: twin, fresh: false };
  const room = rooms.get(post.room_id);
  if (!room) return { refused: "not_found", detail: {} };
  if (room.rights_rev !== post.rights_rev && !(await findMember(tx, { ...post.who, room_id: room.id }))) return { refused: "not_found", detail: {} };
  if (room.archived_at !== null) return { refused: "archived", detail: {} };
  const reply_to = post.draft.reply_to ?? null;
  if (reply_to !== null && !(await isIn(chat, tx, room, reply_to, fresh))) return { refused: "invalid", detail: { fields: ["reply_to"] } };
  room.last_seq += 1;
  room.last_rev += 1;
  room.last_at = Math.max(now, room.last_at); // never back within a room, so a date is found by binary search
  const row: MessageRow = {
    id: chat.newId(),
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
    reply_to,
    created_at: room.last_at,
    edited_at: null,
    removed_at: null,
  };
  fresh.set(key, row);
  return { row, fresh: true };
}

const keyOf = (post: Post): PostKey => ({
  tenant_id: post.who.tenant_id,
  room_id: post.room_id,
  sender_id: post.who.user_id,
  client_id: post.draft.client_id,
});

async function isIn(chat: Chat, tx: Tx, room: RoomRow, message_id: string, fresh: ReadonlyMap<string, MessageRow>): Promise<boolean> {
  for (const row of fresh.values()) if (row.id === message_id && row.room_id === room.id) return true;
  const { messages } = chat.store.t;
  const [found] = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.id, message_id), eq(messages.room_id, room.id)));
  return found !== undefined;
}

/** Runs of one sender's posts without another's between: each counts as one for its sender's ack. */
function runsOf(rows: readonly MessageRow[]): { tenant_id: string; room_id: string; sender_id: string; first: number; last: number }[] {
  const runs: { tenant_id: string; room_id: string; sender_id: string; first: number; last: number }[] = [];
  for (const inRoom of Map.groupBy(rows, ({ room_id }) => room_id).values()) {
    for (const { tenant_id, room_id, sender_id, seq } of inRoom) {
      const run = runs.at(-1);
      if (run && run.room_id === room_id && run.sender_id === sender_id && run.last === seq - 1) run.last = seq;
      else runs.push({ tenant_id, room_id, sender_id, first: seq, last: seq });
    }
  }
  return runs;
}

async function noteMentions(chat: Chat, tx: Tx, batch: readonly Post[], results: readonly Appended[]): Promise<void> {
  const rows = batch.flatMap(({ mentions, who }, i) => {
    const result = results[i];
    if (!result || !("row" in result) || !result.fresh) return [];
    const { tenant_id, room_id, seq } = result.row;
    const addressed = [...mentions.user_ids.filter((user_id) => user_id !== who.user_id), ...(mentions.everybody ? ["*"] : [])];
    return addressed.map((user_id) => ({ tenant_id, room_id, user_id, seq }));
  });
  if (rows.length > 0) await tx.insert(chat.store.t.mentions).values(rows);
}
