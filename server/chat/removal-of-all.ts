/**
 * Everything somebody wrote becomes tombstones, room by room, in small transactions: each locks its room for a moment, and each row takes a rev of
 * its own, so that whoever reads or resumes learns of it as of any removal. No index finds messages by sender: a room is read in stretches.
 */
import { and, asc, eq, gt, inArray, isNull, lte } from "drizzle-orm";
import { advanceRooms } from "../../db/islands.ts";
import type { Row } from "../protocol.ts";
import type { Tx } from "../../db/store.ts";
import { release } from "./attached.ts";
import { breathe } from "./breathe.ts";
import type { Chat } from "./chat.ts";
import { forgetReleased } from "./file-sweep.ts";
import { tell } from "./outbox.ts";
import type { Principal } from "./principal.ts";
import { lockedRoom } from "./room-changes.ts";
import { usersNamed } from "./senders.ts";
import { type MessageRow, messageView, type RoomRow } from "./views.ts";

const BATCH = 100; // rows in one transaction
const STRETCH = 5_000; // rows looked through at once
const ROWS_MAX = 1_000; // tombstones by one request
const STRETCHES_MAX = 100; // looked through by one request

/** Removes some, and says whether there are more. Asks no right: only behind one. */
export async function removeMessagesOf(chat: Chat, who: Principal, user_id: string): Promise<boolean> {
  let left = ROWS_MAX;
  let stretches = STRETCHES_MAX;
  for (const room of await roomsOf(chat, who.tenant_id, user_id)) {
    for (let from = room.first_seq - 1; from < room.last_seq; from += STRETCH) {
      await breathe();
      for (;;) {
        const seqs = await writtenIn(chat, room.id, user_id, from);
        if (seqs.length === 0) break;
        if (left <= 0) return true;
        left -= await removeSome(chat, who, room.id, user_id, seqs);
      }
      stretches -= 1;
      if (stretches <= 0 && left < ROWS_MAX) return true; // something was done, so that asking again comes to an end
    }
  }
  return false;
}

/** Every room they are in or were in. */
async function roomsOf(chat: Chat, tenant_id: string, user_id: string): Promise<Pick<RoomRow, "id" | "first_seq" | "last_seq">[]> {
  const { members, rooms } = chat.store.t;
  return chat.store.read
    .select({ id: rooms.id, first_seq: rooms.first_seq, last_seq: rooms.last_seq })
    .from(members)
    .innerJoin(rooms, and(eq(rooms.tenant_id, members.tenant_id), eq(rooms.id, members.room_id)))
    .where(and(eq(members.tenant_id, tenant_id), eq(members.user_id, user_id)))
    .orderBy(asc(rooms.id));
}

async function writtenIn(chat: Chat, room_id: string, user_id: string, from: number): Promise<number[]> {
  const { messages } = chat.store.t;
  const rows = await chat.store.read
    .select({ seq: messages.seq })
    .from(messages)
    .where(
      and(
        eq(messages.room_id, room_id),
        gt(messages.seq, from),
        lte(messages.seq, from + STRETCH),
        eq(messages.sender_id, user_id),
        isNull(messages.removed_at),
      ),
    )
    .orderBy(asc(messages.seq))
    .limit(BATCH);
  return rows.map(({ seq }) => seq);
}

async function removeSome(chat: Chat, who: Principal, room_id: string, user_id: string, seqs: number[]): Promise<number> {
  const { tenant_id } = who;
  const removed = await chat.store.write(async (tx) => {
    const room = await lockedRoom(tx, tenant_id, room_id);
    const rows = await bury(chat, tx, room, user_id, seqs);
    await advanceRooms(tx, [{ ...room, last_rev: room.last_rev + rows.length }], chat.now());
    const tellings = rows.map(({ id, rev }) => ({ tenant_id, event: "message.changed" as const, room, subject_id: id, detail: { rev } }));
    await tell(chat, tx, tellings);
    return rows;
  });
  const [user] = await usersNamed(chat, tenant_id, [user_id]);
  const told = removed.map(messageView);
  const rows: Row[] = user ? told.map((message) => ({ type: "message", message, user })) : [];
  if (rows.length > 0) chat.backplane.ring({ tenant_id, room_id, rows });
  for (const message of told) chat.hooks.after("message.changed", { who, message });
  await forgetReleased(
    chat,
    tenant_id,
    removed.map(({ id }) => id),
  );
  return removed.length;
}

async function bury(chat: Chat, tx: Tx, room: RoomRow, user_id: string, seqs: number[]): Promise<MessageRow[]> {
  const { messages, mentions, reactions } = chat.store.t;
  const found = await tx
    .select()
    .from(messages)
    .where(and(eq(messages.room_id, room.id), inArray(messages.seq, seqs), eq(messages.sender_id, user_id), isNull(messages.removed_at)))
    .orderBy(asc(messages.seq));
  if (found.length === 0) return [];
  const bare = { content: "", meta: null, mentions: null, files: null, reactions: null, pinned_at: null, pinned_by: null, removed_at: chat.now() };
  const rows = found.map((row, i) => ({ ...row, ...bare, rev: room.last_rev + i + 1 }));
  for (const { id, rev } of rows)
    await tx
      .update(messages)
      .set({ ...bare, rev })
      .where(and(eq(messages.id, id), eq(messages.room_id, room.id)));
  const ids = found.map(({ id }) => id);
  const addressed = ["*", ...new Set(found.flatMap((row) => row.mentions ?? []))]; // without them every mention in the room would be looked at
  const ours = and(eq(mentions.tenant_id, room.tenant_id), eq(mentions.room_id, room.id));
  await tx.delete(mentions).where(and(ours, inArray(mentions.user_id, addressed), inArray(mentions.seq, seqs)));
  await tx.delete(reactions).where(and(eq(reactions.tenant_id, room.tenant_id), inArray(reactions.message_id, ids)));
  await release(chat, tx, room.tenant_id, ids);
  return rows;
}
