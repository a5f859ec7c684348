/**
 * Files on their way into a message and out of it, inside the transaction of the message itself: a post holds all of its files or is refused, and a
 * message that goes lets go of them. Their bytes go after COMMIT (`forgetReleased`), or with the sweep that comes after a crash.
 */
import { and, eq, inArray, isNull } from "drizzle-orm";
import type { FileOfMessage } from "../../db/schema-of-content.ts";
import type { Tables, Tx } from "../../db/store.ts";
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";

export type FileRow = Tables["files"]["$inferSelect"];

/** Puts these into the message, which the transaction stores; null unless all are the sender's own, of this room, stored, and in no message. */
export async function attach(
  chat: Chat,
  tx: Tx,
  { who, room_id, message_id, ids }: { who: Principal; room_id: string; message_id: string; ids: readonly string[] },
): Promise<FileOfMessage[] | null> {
  const { files } = chat.store.t;
  const rows = await tx
    .select()
    .from(files)
    .where(and(eq(files.tenant_id, who.tenant_id), inArray(files.id, [...ids])));
  const found = new Map(rows.filter((row) => isFree(row, who, room_id)).map((row) => [row.id, row]));
  const told = ids.flatMap((id) => found.get(id) ?? []).map(fileView);
  if (told.length !== found.size || told.length !== ids.length) return null; // one of them is named twice, or is not to be had
  const mine = and(eq(files.tenant_id, who.tenant_id), inArray(files.id, [...ids]), isNull(files.message_id), isNull(files.removed_at));
  const taken = await tx.update(files).set({ message_id }).where(mine).returning({ id: files.id });
  return taken.length === ids.length ? told : null;
}

const isFree = (row: FileRow, { user_id }: Principal, room_id: string): boolean =>
  row.purpose === "message" &&
  row.uploader_id === user_id &&
  row.room_id === room_id &&
  row.message_id === null &&
  row.stored_at !== null &&
  row.removed_at === null;

/** As a message's row tells it. */
export const fileView = ({ id, name, type, bytes, width, height, preview_hash }: FileRow): FileOfMessage => ({
  id,
  name,
  type,
  bytes,
  ...(width !== null && height !== null && { width, height }),
  ...(preview_hash !== null && { preview: true }),
});

/** Nobody reads the files of these messages from COMMIT on. */
export async function release(chat: Chat, tx: Tx, tenant_id: string, message_ids: readonly string[]): Promise<void> {
  if (message_ids.length === 0) return;
  const { files } = chat.store.t;
  await tx
    .update(files)
    .set({ removed_at: chat.now() })
    .where(and(eq(files.tenant_id, tenant_id), inArray(files.message_id, [...message_ids]), isNull(files.removed_at)));
}
