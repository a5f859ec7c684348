/**
 * What becomes of files that nobody has any more. A row is first marked as removed, then its bytes go unless another row has them, then the row: whatever
 * ends the process between two of these, the next sweep goes on. Of what was uploaded and never posted a day is left to its uploader, and as long to a
 * face or a logo on its way to its place.
 */
import { and, asc, eq, inArray, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { FileRow } from "./attached.ts";
import { breathe } from "./breathe.ts";
import type { Chat } from "./chat.ts";

const KEPT_UNPOSTED_MS = 86_400_000;
const STEP = 500;

/** Work of a loop. All rows are looked at in the order of their age, some at a time: no index knows which were never used. */
export async function sweepFiles(chat: Chat): Promise<void> {
  const { files } = chat.store.t;
  const old = chat.now() - KEPT_UNPOSTED_MS;
  let from: Pick<FileRow, "created_at" | "id"> | null = null;
  for (;;) {
    await breathe();
    const rows: Pick<FileRow, "tenant_id" | "id" | "purpose" | "message_id" | "stored_at" | "removed_at" | "created_at">[] = await chat.store.read
      .select({
        tenant_id: files.tenant_id,
        id: files.id,
        purpose: files.purpose,
        message_id: files.message_id,
        stored_at: files.stored_at,
        removed_at: files.removed_at,
        created_at: files.created_at,
      })
      .from(files)
      .where(from === null ? undefined : sql`(${files.created_at}, ${files.id}) > (${from.created_at}, ${from.id})`)
      .orderBy(asc(files.created_at), asc(files.id))
      .limit(STEP);
    const unposted = rows.filter((row) => row.removed_at === null && row.created_at < old && !hasPlace(row));
    const removed = rows.filter((row) => row.removed_at !== null);
    for (const [tenant_id, some] of Map.groupBy([...unposted, ...removed], (row) => row.tenant_id)) {
      const ids = some.map(({ id }) => id);
      await discard(chat, tenant_id, ids);
      await forget(chat, tenant_id, await removedAmong(chat, tenant_id, ids));
    }
    from = rows.at(-1) ?? null;
    if (rows.length < STEP || from === null) break;
  }
  await chat.depot.sweep(old);
}

/** A face and a logo have theirs as soon as they are stored, a message's file once it is posted. */
const hasPlace = ({ purpose, message_id, stored_at }: Pick<FileRow, "purpose" | "message_id" | "stored_at">): boolean =>
  purpose === "message" ? message_id !== null : stored_at !== null;

/** After COMMIT of what let go of them. A disk that refuses is logged: the sweep comes again. */
export async function forgetReleased(chat: Chat, tenant_id: string, message_ids: readonly string[]): Promise<void> {
  if (message_ids.length === 0) return;
  const { files } = chat.store.t;
  try {
    const released = and(eq(files.tenant_id, tenant_id), inArray(files.message_id, [...message_ids]), isNotNull(files.removed_at));
    await forget(chat, tenant_id, await chat.store.read.select().from(files).where(released));
  } catch (fault) {
    chat.log.error("files.released", fault);
  }
}

/** Marks those that are in no message: nobody can post them from now on. Gives how many that were. */
export async function discard(chat: Chat, tenant_id: string, ids: readonly string[]): Promise<number> {
  const { files } = chat.store.t;
  const mine = and(eq(files.tenant_id, tenant_id), inArray(files.id, [...ids]), isNull(files.message_id), isNull(files.removed_at));
  const gone = await chat.store.write((tx) => tx.update(files).set({ removed_at: chat.now() }).where(mine).returning({ id: files.id }));
  return gone.length;
}

export async function removedAmong(chat: Chat, tenant_id: string, ids: readonly string[]): Promise<FileRow[]> {
  const { files } = chat.store.t;
  return chat.store.read
    .select()
    .from(files)
    .where(and(eq(files.tenant_id, tenant_id), inArray(files.id, [...ids]), isNotNull(files.removed_at)));
}

/** The bytes first: a row without bytes is found again, bytes without a row are not. What cannot go now keeps its row, and goes with a later sweep. */
export async function forget(chat: Chat, tenant_id: string, rows: readonly FileRow[]): Promise<void> {
  const { files } = chat.store.t;
  const ids: string[] = [];
  for (const { id, hash, preview_hash } of rows) {
    let isGone = true;
    for (const one of [hash, preview_hash]) {
      if (one !== null) isGone = (await chat.depot.remove(tenant_id, one, () => isWanted(chat, tenant_id, one))) && isGone;
    }
    if (isGone) ids.push(id);
  }
  if (ids.length === 0) return;
  await chat.store.write((tx) => tx.delete(files).where(and(eq(files.tenant_id, tenant_id), inArray(files.id, ids))));
}

/** By a row of any purpose that is not removed, also one whose bytes are on their way. */
async function isWanted(chat: Chat, tenant_id: string, hash: string): Promise<boolean> {
  const { files } = chat.store.t;
  const [found] = await chat.store.read
    .select({ id: files.id })
    .from(files)
    .where(and(eq(files.tenant_id, tenant_id), or(eq(files.hash, hash), eq(files.preview_hash, hash)), isNull(files.removed_at)))
    .limit(1);
  return found !== undefined;
}
