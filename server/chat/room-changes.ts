/** The steps that every change of a room is made of, all inside one `write`; the bell comes after it. */
import { and, asc, eq, isNull } from "drizzle-orm";
import { lockRoom } from "../../db/islands.ts";
import type { Read, Tx } from "../../db/store.ts";
import type { Row } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { refuse } from "./refusal.ts";
import { type RoomRow, roomView } from "./views.ts";

/** The room, locked until commit. For use behind a check of right in the same transaction. */
export async function lockedRoom(tx: Tx, tenant_id: string, room_id: string): Promise<RoomRow> {
  return (await lockRoom(tx, tenant_id, room_id)) ?? refuse("not_found");
}

/** Writes the room's own row after `revs` other rows of this change: each row takes a rev, the room's comes last. */
export async function changeRoom(chat: Chat, tx: Tx, room: RoomRow, change: Partial<RoomRow> & { revs: number }): Promise<RoomRow> {
  const { t } = chat.store;
  const { revs, ...columns } = change;
  const rev = room.last_rev + revs + 1;
  const next: RoomRow = { ...room, ...columns, rev, last_rev: rev, updated_at: chat.now() };
  await tx
    .update(t.rooms)
    .set(next)
    .where(and(eq(t.rooms.tenant_id, room.tenant_id), eq(t.rooms.id, room.id)));
  return next;
}

/** The room's row as its stream tells it: nothing in it depends on who hears it. */
export async function roomFrame(chat: Chat, read: Read, room: RoomRow): Promise<Row> {
  const people = await peopleOf(chat, read, room);
  return { type: "room", room: roomView(room, { ...(people && { user_ids: people }), ...(await metadataOf(chat, read, room)) }) };
}

/** What its application keeps with the room. Asked apart: rooms that are locked or looked up for a post do without it. */
export async function metadataOf(chat: Chat, read: Read, room: Pick<RoomRow, "tenant_id" | "id">): Promise<{ metadata?: Record<string, unknown> }> {
  const { rooms } = chat.store.t;
  const [found] = await read
    .select({ metadata: rooms.metadata })
    .from(rooms)
    .where(and(eq(rooms.tenant_id, room.tenant_id), eq(rooms.id, room.id)));
  return found?.metadata ? { metadata: found.metadata } : {};
}

/** The people of a dm or group; undefined for a channel. */
export async function peopleOf(chat: Chat, read: Read, room: RoomRow): Promise<string[] | undefined> {
  if (room.type === "channel") return undefined;
  const { t } = chat.store;
  const rows = await read
    .select({ user_id: t.members.user_id })
    .from(t.members)
    .where(and(eq(t.members.tenant_id, room.tenant_id), eq(t.members.room_id, room.id), isNull(t.members.left_at)))
    .orderBy(asc(t.members.user_id))
    .limit(20);
  return rows.map(({ user_id }) => user_id);
}

/** Rings the room, then whoever gained or lost by it. Only after COMMIT. */
export function ringAll(chat: Chat, tenant_id: string, room_id: string, rows: readonly Row[]): void {
  if (rows.length > 0) chat.backplane.ring({ tenant_id, room_id, rows });
  for (const row of rows) if (row.type === "member") chat.backplane.ringUser({ tenant_id, user_id: row.member.user_id });
}
