/** Files: brought into a room by who may post there, read by exactly those who can read their message, each time as of then. */
import { and, eq } from "drizzle-orm";
import { lockTenant } from "../../db/locks.ts";
import type { UploadedFile } from "../protocol/files.ts";
import { type FileRow, fileView } from "./attached.ts";
import type { Chat } from "./chat.ts";
import type { Taken } from "./depot.ts";
import { nameOf } from "./file-names.ts";
import { discard, forget, removedAmong } from "./file-sweep.ts";
import { lowered } from "./limits.ts";
import { type Found, memberOf, type Place } from "./members.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { renewed } from "./renewed.ts";
import { mayPost } from "./room-rights.ts";
import { olderOf, refuseBeyondRoom, roomFor } from "./storage.ts";
import { at } from "./views.ts";

/** `length` in bytes as it was announced, null where it was not. */
export type Upload = Place & { name: string; length: number | null };
export type FilePlace = { file_id: string };
/** Where the bytes lie, and how they may be shown. `is_lasting`: who has read them once may keep them, as they keep the name they stand beside. */
export type FoundFile = { path: string; name: string; type: string; is_picture: boolean; etag: string; is_lasting: boolean };

const AT_ONCE = 8; // uploads of one person: each holds a connection for as long as its line is slow

/**
 * Takes a file's bytes as they come. It is in no message yet: a draft that names it puts it into one. Refuses `not_found`, `archived`, `forbidden` (may not
 * post), `too_large` (before the first byte where the length says so), `storage_full` (the disk, or what the workspace may keep), `invalid` (empty),
 * `bad_request` (another length than announced), `rate_limited` (eight at once), `unauthorized` (the right ended meanwhile). Nothing is left of what is refused.
 */
export async function uploadFile(chat: Chat, who: Principal, input: Upload, body: AsyncIterable<Uint8Array>): Promise<UploadedFile> {
  const { limits } = await posterIn(chat, who, input);
  const { file_bytes } = lowered(chat.config.limits, limits);
  if (input.length === 0) refuse("invalid", { fields: ["content-length"] });
  if ((input.length ?? 0) > file_bytes) refuse("too_large");
  const left = await roomFor(chat, who.tenant_id, input.length ?? 1, input.length ?? file_bytes);
  const leave = enter(chat, who);
  let taken: Taken | null = null;
  try {
    taken = await chat.depot.take(who.tenant_id, body, Math.min(file_bytes, left));
    if (taken.received === 0) refuse("invalid", { fields: ["content-length"] });
    if (input.length !== null && taken.received !== input.length) refuse("bad_request");
    const by = (await renewed(chat, who)) ?? refuse("unauthorized"); // it took as long as its line is slow
    await posterIn(chat, by, input);
    return await stored(chat, by, input, taken);
  } finally {
    leave();
    await taken?.drop();
  }
}

async function posterIn(chat: Chat, who: Principal, { room_id }: Place): Promise<Found> {
  const found = await memberOf(chat, who, room_id);
  if (found.room.archived_at !== null) refuse("archived");
  if (!mayPost(who, found)) refuse("forbidden");
  return found;
}

/** The row before the place of the bytes: what no row names may be collected. Until `stored_at` nobody is told of it. */
async function stored(chat: Chat, who: Principal, input: Upload, taken: Taken): Promise<UploadedFile> {
  const { files } = chat.store.t;
  const now = chat.now();
  const row: FileRow = {
    tenant_id: who.tenant_id,
    id: chat.newId(),
    purpose: "message",
    uploader_id: who.user_id,
    room_id: input.room_id,
    message_id: null,
    name: nameOf(input.name),
    type: taken.type,
    bytes: taken.bytes,
    hash: taken.hash,
    preview_hash: taken.picture?.preview_hash ?? null,
    width: taken.picture?.width ?? null,
    height: taken.picture?.height ?? null,
    stored_at: null,
    removed_at: null,
    created_at: now,
  };
  const mine = and(eq(files.tenant_id, row.tenant_id), eq(files.id, row.id));
  const older = await olderOf(chat, row.tenant_id);
  await chat.store.write(async (tx) => {
    await lockTenant(tx, row.tenant_id);
    await refuseBeyondRoom(chat, tx, row.tenant_id, older, row.bytes);
    await tx.insert(files).values(row);
  });
  await taken.place();
  await chat.store.write((tx) => tx.update(files).set({ stored_at: chat.now() }).where(mine));
  return { ...fileView(row), room_id: input.room_id, created_at: at(now) };
}

/** Refuses `not_found`: also to whoever cannot read its message now, and before there is one to all but its uploader. */
export async function findFile(chat: Chat, who: Principal, { file_id, preview = false }: FilePlace & { preview?: boolean }): Promise<FoundFile> {
  return foundAs(chat, await fileOf(chat, who, file_id), preview);
}

/** Refuses `not_found` where the bytes are no more. The right is the caller's to ask. */
export async function foundAs(chat: Chat, row: FileRow, preview = false): Promise<FoundFile> {
  const hash = preview ? row.preview_hash : row.hash;
  const path = hash === null ? null : await chat.depot.find(row.tenant_id, hash);
  if (hash === null || path === null) refuse("not_found");
  const is_picture = row.width !== null;
  const type = preview ? "image/webp" : row.type;
  return { path, name: row.name, type, is_picture, etag: `"${hash.slice(0, 32)}"`, is_lasting: row.purpose !== "message" };
}

/** Takes back what one has uploaded and not posted. Refuses `not_found`: also for what is in a message, which is removed instead. */
export async function discardFile(chat: Chat, who: Principal, { file_id }: FilePlace): Promise<void> {
  const row = await fileOf(chat, who, file_id);
  if (row.uploader_id !== who.user_id || row.purpose !== "message") refuse("not_found");
  if ((await discard(chat, who.tenant_id, [row.id])) === 0) refuse("not_found");
  await forget(chat, who.tenant_id, await removedAmong(chat, who.tenant_id, [row.id]));
}

async function fileOf(chat: Chat, who: Principal, file_id: string): Promise<FileRow> {
  const { files } = chat.store.t;
  const [row] = await chat.store.read
    .select()
    .from(files)
    .where(and(eq(files.tenant_id, who.tenant_id), eq(files.id, file_id)));
  if (!row || row.stored_at === null || row.removed_at !== null) refuse("not_found");
  if (row.purpose !== "message") return row; // faces and signs are of the whole workspace
  if (row.message_id === null && row.uploader_id !== who.user_id) refuse("not_found");
  await memberOf(chat, who, row.room_id ?? "");
  return row;
}

const entered = new WeakMap<Chat, Map<string, number>>();

/** For who brings bytes. Refuses `rate_limited`; gives what ends it. */
export function enter(chat: Chat, { tenant_id, user_id }: Principal): () => void {
  const counts = entered.get(chat) ?? new Map<string, number>();
  entered.set(chat, counts);
  const key = JSON.stringify([tenant_id, user_id]);
  const count = counts.get(key) ?? 0;
  if (count >= AT_ONCE) refuse("rate_limited", { retry_after_ms: 1_000 });
  counts.set(key, count + 1);
  return () => {
    const left = (counts.get(key) ?? 1) - 1;
    if (left === 0) counts.delete(key);
    else counts.set(key, left);
  };
}
