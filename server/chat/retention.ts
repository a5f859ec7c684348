/**
 * Retention: where a tenant keeps messages for so many days, older ones are deleted from the beginning of each room. `rooms.first_seq` rises in the
 * same transaction as the rows go, so that pages, resumes and unread never count what is not there; `seq` goes on. What is told is the room: whoever
 * holds rows below its `first_seq` drops them. In small batches, each with the room locked for a moment, so that no post waits for a year of rows.
 */
import { and, asc, eq, gt, inArray, isNotNull, lt, lte } from "drizzle-orm";
import { firstSentSince } from "../../db/search-islands.ts";
import type { Tx } from "../../db/store.ts";
import type { Row } from "../protocol.ts";
import { release } from "./attached.ts";
import { breathe } from "./breathe.ts";
import type { Chat } from "./chat.ts";
import { forEachOf } from "./each.ts";
import { forgetReleased } from "./file-sweep.ts";
import { forgetSaved } from "./saved.ts";
import { changeRoom, lockedRoom, ringAll, roomFrame } from "./room-changes.ts";

const DAY_MS = 86_400_000;
const BATCH = 500; // messages deleted in one transaction, rooms looked at in one question
const NAMED_AT_ONCE = 500;

/** Work of a loop. Deletes what every tenant keeps no longer, as of now. */
export async function retain(chat: Chat): Promise<void> {
  const { tenants } = chat.store.t;
  const rows = await chat.store.read.select({ id: tenants.id, config: tenants.config }).from(tenants).where(isNotNull(tenants.config));
  const keeping = rows.flatMap(({ id, config }) => (config?.retention_days === undefined ? [] : [{ tenant_id: id, days: config.retention_days }]));
  const placeOf = ({ tenant_id }: { tenant_id: string }) => ({ tenant_id });
  await forEachOf(chat, "retain.tenant", keeping, placeOf, ({ tenant_id, days }) => retainIn(chat, tenant_id, chat.now() - days * DAY_MS));
}

/** `since`: what was sent before it goes. */
async function retainIn(chat: Chat, tenant_id: string, since: number): Promise<void> {
  const { rooms } = chat.store.t;
  const { read } = chat.store;
  let isNews = false;
  for (let after = ""; ;) {
    await breathe();
    const found = await read
      .select({ id: rooms.id, first_seq: rooms.first_seq, last_seq: rooms.last_seq })
      .from(rooms)
      .where(and(eq(rooms.tenant_id, tenant_id), gt(rooms.id, after), lte(rooms.first_seq, rooms.last_seq)))
      .orderBy(asc(rooms.id))
      .limit(BATCH);
    const old = await beginningBefore(chat, tenant_id, found, since);
    isNews ||= old.length > 0;
    await forEachOf(
      chat,
      "retain.room",
      old,
      ({ id }) => ({ room_id: id }),
      async (room) => {
        const until = await firstSentSince(read, room, since);
        for (let first = room.first_seq; first < until;) first = await forgetSome(chat, { tenant_id, room_id: room.id }, until);
      },
    );
    const last = found.at(-1);
    if (found.length < BATCH || !last) break;
    after = last.id;
  }
  if (isNews) await forgetSaved(chat, tenant_id);
}

/** Those of these rooms whose first message is older: mostly none, and the others need no search. */
async function beginningBefore<R extends { id: string; first_seq: number }>(
  chat: Chat,
  tenant_id: string,
  some: readonly R[],
  since: number,
): Promise<R[]> {
  const { messages, rooms } = chat.store.t;
  if (some.length === 0) return [];
  const ids = some.map(({ id }) => id);
  const found = await chat.store.read
    .select({ id: rooms.id })
    .from(rooms)
    .innerJoin(messages, and(eq(messages.room_id, rooms.id), eq(messages.seq, rooms.first_seq)))
    .where(and(eq(rooms.tenant_id, tenant_id), inArray(rooms.id, ids), lt(messages.created_at, since)));
  const old = new Set(found.map(({ id }) => id));
  return some.filter(({ id }) => old.has(id));
}

/** Deletes a batch of those before `until`, and gives the room's first seq after it. */
async function forgetSome(chat: Chat, place: { tenant_id: string; room_id: string }, until: number): Promise<number> {
  type Forgotten = { first_seq: number; rows: Row[]; released: string[] };
  const { first_seq, rows, released } = await chat.store.write(async (tx): Promise<Forgotten> => {
    const room = await lockedRoom(tx, place.tenant_id, place.room_id);
    const first_seq = Math.min(until, room.first_seq + BATCH);
    if (first_seq <= room.first_seq) return { first_seq: until, rows: [], released: [] }; // another instance was here
    const released = await deleteBelow(chat, tx, place, first_seq);
    return { first_seq, released, rows: [await roomFrame(chat, tx, await changeRoom(chat, tx, room, { revs: 0, first_seq }))] };
  });
  ringAll(chat, place.tenant_id, place.room_id, rows);
  await forgetReleased(chat, place.tenant_id, released);
  return first_seq;
}

/** Gives the ids of those that held files. */
async function deleteBelow(chat: Chat, tx: Tx, { tenant_id, room_id }: { tenant_id: string; room_id: string }, seq: number): Promise<string[]> {
  const { messages, mentions, reactions } = chat.store.t;
  const gone = await tx
    .delete(messages)
    .where(and(eq(messages.tenant_id, tenant_id), eq(messages.room_id, room_id), lt(messages.seq, seq)))
    .returning({ id: messages.id, mentions: messages.mentions, files: messages.files, reactions: messages.reactions });
  const reacted = gone.filter((message) => message.reactions !== null).map(({ id }) => id);
  if (reacted.length > 0) await tx.delete(reactions).where(and(eq(reactions.tenant_id, tenant_id), inArray(reactions.message_id, reacted)));
  const held = gone.flatMap(({ id, files }) => (files ? [id] : []));
  await release(chat, tx, tenant_id, held);
  const addressed = ["*", ...new Set(gone.flatMap((message) => message.mentions ?? []))]; // without them every mention in the room would be looked at
  for (let from = 0; from < addressed.length; from += NAMED_AT_ONCE) {
    const some = addressed.slice(from, from + NAMED_AT_ONCE);
    await tx
      .delete(mentions)
      .where(and(eq(mentions.tenant_id, tenant_id), eq(mentions.room_id, room_id), inArray(mentions.user_id, some), lt(mentions.seq, seq)));
  }
  return held;
}
