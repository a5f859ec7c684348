/**
 * A picture that stands for somebody or for the workspace, on its way to its place. Its row comes before its bytes, as every file's does, and is marked
 * as stored in the transaction that gives it its place: what is stored has one, what never was goes with the sweep of a day later.
 */
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "../../db/store.ts";
import type { FileRow } from "./attached.ts";
import type { Chat } from "./chat.ts";
import { enter } from "./files.ts";
import { forget, removedAmong } from "./file-sweep.ts";
import { limitsOf } from "./limits.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { renewed } from "./renewed.ts";
import { roomFor } from "./storage.ts";

/** `length` in bytes as it was announced, null where it was not. */
export type Brought = { length: number | null; body: AsyncIterable<Uint8Array> };
type Kind = { purpose: "avatar" | "logo"; shape: "square" | "whole" };
/** Gives the id of what stood there before, which goes with the same COMMIT, and what is to be told of it. `by` is who brings it, with their rights as of now. */
type Put<T> = (tx: Tx, file_id: string, by: Principal) => Promise<{ before: string | null; told: T }>;

const MOST_BYTES = 16_000_000; // as a phone takes it; what is kept of it has a thousandth of that

/**
 * Takes a picture of any size and keeps a small one of it, where `put` says. Refuses `too_large` (before the first byte where the length says so),
 * `invalid` (`picture`: it cannot be opened as one; `content-length`: empty), `storage_full`, `bad_request` (another length than announced),
 * `rate_limited`, `unauthorized` (the right ended meanwhile). Nothing is left of what is refused.
 */
export async function keepSmall<T>(chat: Chat, who: Principal, { purpose, shape }: Kind, { length, body }: Brought, put: Put<T>): Promise<T> {
  const { tenant_id } = who;
  const most = Math.min(MOST_BYTES, (await limitsOf(chat, tenant_id)).file_bytes);
  if (length === 0) refuse("invalid", { fields: ["content-length"] });
  if ((length ?? 0) > most) refuse("too_large");
  await roomFor(chat, tenant_id, 1);
  const leave = enter(chat, who);
  try {
    const taken = await chat.depot.takeSmall(tenant_id, body, most, shape);
    if (!taken) return refuse("invalid", { fields: ["picture"] });
    try {
      if (length !== null && taken.received !== length) refuse("bad_request");
      const by = (await renewed(chat, who)) ?? refuse("unauthorized"); // it took as long as its line is slow
      const { bytes, hash, type, picture } = taken;
      const row: FileRow = {
        ...{ tenant_id, id: chat.newId(), purpose, uploader_id: who.user_id, room_id: null, message_id: null, name: `${purpose}.webp`, type, bytes },
        ...{ hash, preview_hash: null, width: picture?.width ?? null, height: picture?.height ?? null },
        ...{ stored_at: null, removed_at: null, created_at: chat.now() },
      };
      await chat.store.write((tx) => tx.insert(chat.store.t.files).values(row));
      await taken.place();
      const { before, told } = await chat.store.write((tx) => placed(chat, tx, row, (inside, id) => put(inside, id, by)));
      await forgetSmall(chat, tenant_id, before);
      return told;
    } finally {
      await taken.drop();
    }
  } finally {
    leave();
  }
}

async function placed<T>(
  chat: Chat,
  tx: Tx,
  row: FileRow,
  put: (tx: Tx, file_id: string) => ReturnType<Put<T>>,
): Promise<{ before: string | null; told: T }> {
  const { files } = chat.store.t;
  const now = chat.now();
  const done = await put(tx, row.id);
  const mine = and(eq(files.tenant_id, row.tenant_id), eq(files.id, row.id), isNull(files.removed_at));
  const stored = await tx.update(files).set({ stored_at: now }).where(mine).returning({ id: files.id });
  if (stored.length === 0) refuse("not_found"); // whose it is was erased while it came
  await letGo(chat, tx, row.tenant_id, done.before);
  return done;
}

/** From COMMIT on nobody reads it. */
export async function letGo(chat: Chat, tx: Tx, tenant_id: string, file_id: string | null): Promise<void> {
  const { files } = chat.store.t;
  if (file_id === null) return;
  await tx
    .update(files)
    .set({ removed_at: chat.now() })
    .where(and(eq(files.tenant_id, tenant_id), eq(files.id, file_id), isNull(files.removed_at)));
}

/** The same of somebody's picture, and of one that is on its way. */
export async function letGoFaces(chat: Chat, tx: Tx, { tenant_id, id }: { tenant_id: string; id: string }): Promise<void> {
  const { files } = chat.store.t;
  await tx
    .update(files)
    .set({ removed_at: chat.now() })
    .where(and(eq(files.tenant_id, tenant_id), eq(files.uploader_id, id), eq(files.purpose, "avatar"), isNull(files.removed_at)));
}

/** The bytes of what was let go of, after COMMIT. A disk that refuses is logged: the sweep comes again. */
export async function forgetSmall(chat: Chat, tenant_id: string, file_id: string | null): Promise<void> {
  if (file_id === null) return;
  try {
    await forget(chat, tenant_id, await removedAmong(chat, tenant_id, [file_id]));
  } catch (fault) {
    chat.log.error("files.released", fault);
  }
}
