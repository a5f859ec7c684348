/**
 * How much of its room a workspace has used, known without looking at every file for each that comes: the sum of the older ones is kept in memory and
 * grows as they become old, the youngest are added each time. What goes is noticed when there seems to be no room left, so a workspace never keeps more
 * than it may, and is refused for what has gone for ten seconds at most.
 */
import { and, asc, eq, gt, isNull, lte, sql } from "drizzle-orm";
import type { Read } from "../../db/store.ts";
import { breathe } from "./breathe.ts";
import type { Chat } from "./chat.ts";
import { storageOf } from "./limits.ts";
import { createRecent, type Recent } from "./recent.ts";
import { refuse } from "./refusal.ts";

const SETTLED_MS = 120_000; // what bears an older date is stored by now, on every instance: their clocks differ by less
const GROWN_MS = 60_000;
const COUNTED_MS = 10_000;
const STEP = 5_000;

/** `bytes` of all files that were made until `until`, but for those that had gone by `counted_at`; milliseconds since 1970. */
type Older = { bytes: number; until: number; counted_at: number };

/**
 * Bytes for which there is room. Refuses `storage_full` where it is less than `wanted`; looks closely where it is less than `wished`, which is what may
 * come where nobody has said how much does. Not inside a work.
 */
export async function roomFor(chat: Chat, tenant_id: string, wanted: number, wished = wanted): Promise<number> {
  const leftBy = async (older: Older): Promise<number> =>
    storageOf(chat, tenant_id) - older.bytes - (await bytesBetween(chat, chat.store.read, tenant_id, { after: older.until }));
  const seeming = await leftBy(await olderOf(chat, tenant_id));
  const left = seeming >= wished ? seeming : await leftBy(await olderOf(chat, tenant_id, true));
  return left >= wanted ? left : refuse("storage_full");
}

/** Refuses `storage_full` as of now, by what `roomFor` has counted before. The tenant is locked: others bring theirs at once, and each found room when it began. */
export async function refuseBeyondRoom(chat: Chat, read: Read, tenant_id: string, { bytes, until }: Older, wanted: number): Promise<void> {
  const younger = await bytesBetween(chat, read, tenant_id, { after: until });
  if (bytes + younger + wanted > storageOf(chat, tenant_id)) refuse("storage_full");
}

const known = new WeakMap<Chat, Recent<Promise<Older>>>();

/** `afresh`: without those that have gone lately. Not inside a work. */
export async function olderOf(chat: Chat, tenant_id: string, afresh = false): Promise<Older> {
  const all = known.get(chat) ?? createRecent<Promise<Older>>(10_000);
  known.set(chat, all);
  const now = chat.now();
  const before = all.get(tenant_id);
  const older = await before?.catch(() => undefined);
  const isUsable = older !== undefined && older.counted_at <= now && !(afresh && now - older.counted_at >= COUNTED_MS);
  if (isUsable && now - older.until < SETTLED_MS + GROWN_MS) return older;
  if (all.get(tenant_id) !== before) return olderOf(chat, tenant_id, afresh); // somebody else counts already
  const until = now - SETTLED_MS;
  const next = isUsable ? grown(chat, tenant_id, older, until) : counted(chat, tenant_id, until);
  all.set(tenant_id, next);
  return next;
}

async function grown(chat: Chat, tenant_id: string, older: Older, until: number): Promise<Older> {
  return { ...older, until, bytes: older.bytes + (await bytesBetween(chat, chat.store.read, tenant_id, { after: older.until, until })) };
}

/** Looks at every row, some at a time: others get their turn between. */
async function counted(chat: Chat, tenant_id: string, until: number): Promise<Older> {
  const counted_at = chat.now();
  let bytes = 0;
  for (let from: string | null = ""; from !== null; await breathe()) {
    const step = await stepFrom(chat, tenant_id, from, until);
    bytes += step.bytes;
    from = step.last;
  }
  return { bytes, until, counted_at };
}

async function stepFrom(chat: Chat, tenant_id: string, from: string, until: number): Promise<{ bytes: number; last: string | null }> {
  const { t, read } = chat.store;
  const { id, bytes, created_at, removed_at } = t.files;
  const page = read
    .select({ id, counts: sql`CASE WHEN ${removed_at} IS NULL AND ${created_at} <= ${until} THEN ${bytes} ELSE 0 END`.as("counts") })
    .from(t.files)
    .where(and(eq(t.files.tenant_id, tenant_id), gt(id, from)))
    .orderBy(asc(id))
    .limit(STEP)
    .as("page");
  const [sum] = await read.select({ bytes: sumOf(page.counts), last: sql<string | null>`MAX(${page.id})` }).from(page);
  return sum ?? { bytes: 0, last: null };
}

/** Of those whose date is later than `after`, found by it: by their tenant all would be looked at. */
async function bytesBetween(
  chat: Chat,
  read: Pick<Read, "select">,
  tenant_id: string,
  { after, until }: { after: number; until?: number },
): Promise<number> {
  const { files } = chat.store.t;
  const theirs = sql`${files.tenant_id} || '' = ${tenant_id}`;
  const [sum] = await read
    .select({ bytes: sumOf(files.bytes) })
    .from(files)
    .where(and(gt(files.created_at, after), until === undefined ? undefined : lte(files.created_at, until), theirs, isNull(files.removed_at)));
  return sum?.bytes ?? 0;
}

const sumOf = (column: unknown) => sql`CAST(COALESCE(SUM(${column}), 0) AS bigint)`.mapWith(Number);
