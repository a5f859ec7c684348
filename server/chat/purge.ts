/**
 * Deletes what has been kept for long enough: the audit log, deliveries that are settled with their attempts, notifications whose last delivery is gone,
 * answers kept for a retry, and API keys that ended before anything that the audit log still tells. In small transactions, so that no post waits for them; what a run does not get through waits for the next.
 */
import { and, asc, eq, gt, inArray, lt, not, or, type SQL, sql } from "drizzle-orm";
import type { Tx } from "../../db/store.ts";
import { breathe } from "./breathe.ts";
import type { Chat } from "./chat.ts";
import { keyUser } from "./principal.ts";

const BATCH = 500;
const BATCHES = 1_000; // of one kind in one run
const HOUR_MS = 3_600_000;

/** Work of a loop. */
export async function purge(chat: Chat): Promise<void> {
  const { audit_log, deliveries, attempts, idempotency_keys } = chat.store.t;
  const { keep_audit_ms, keep_delivered_ms, keep_dead_ms, keep_answers_ms } = chat.config;
  const now = chat.now();
  const settled = (state: "delivered" | "dead", before: number) => and(lt(deliveries.settled_at, before), eq(deliveries.state, state));
  await inBatches(chat, async (tx) => {
    const old = tx
      .select({ tenant_id: audit_log.tenant_id, id: audit_log.id })
      .from(audit_log)
      .where(lt(audit_log.at, now - keep_audit_ms));
    const gone = tx.delete(audit_log).where(sql`(${audit_log.tenant_id}, ${audit_log.id}) IN ${old.limit(BATCH)}`);
    return (await gone.returning({ id: audit_log.id })).length;
  });
  const lost: Lost = new Map();
  await inBatches(chat, (tx) => deleteDeliveries(chat, tx, settled("delivered", now - keep_delivered_ms), lost));
  await inBatches(chat, (tx) => deleteDeliveries(chat, tx, settled("dead", now - keep_dead_ms), lost));
  await inBatches(chat, async (tx) => {
    const { tenant_id, delivery_id, attempt, at } = attempts; // of what is still owed, and of deliveries that were discarded
    const old = tx
      .select({ tenant_id, delivery_id, attempt })
      .from(attempts)
      .where(lt(at, now - keep_dead_ms))
      .limit(BATCH);
    const gone = tx.delete(attempts).where(sql`(${tenant_id}, ${delivery_id}, ${attempt}) IN ${old}`);
    return (await gone.returning({ attempt })).length;
  });
  await inBatches(chat, async (tx) => {
    const { tenant_id, asker, key, created_at } = idempotency_keys;
    const old = tx
      .select({ tenant_id, asker, key })
      .from(idempotency_keys)
      .where(lt(created_at, now - keep_answers_ms))
      .limit(BATCH);
    const gone = tx.delete(idempotency_keys).where(sql`(${tenant_id}, ${asker}, ${key}) IN ${old}`);
    return (await gone.returning({ key })).length;
  });
  await purgeNotifications(chat, lost);
  await inBatches(chat, (tx) => deleteKeys(chat, tx, now - keep_audit_ms));
}

/** Each batch is a transaction of its own; ends with one that was not full. */
async function inBatches(chat: Chat, work: (tx: Tx) => Promise<number>): Promise<void> {
  for (let i = 0; i < BATCHES; i += 1) if ((await chat.store.write(work)) < BATCH) return;
}

/** A key stays while one that it made does: to revoke it, ended or not, is to revoke those too. So the last of a line goes first. */
async function deleteKeys(chat: Chat, tx: Tx, before: number): Promise<number> {
  const { api_keys } = chat.store.t;
  const { tenant_id, id, revoked_at, expires_at } = api_keys;
  const hasMade = sql`EXISTS (SELECT 1 FROM api_keys AS made WHERE made.tenant_id = api_keys.tenant_id AND made.created_by = ${keyUser("")} || api_keys.id)`;
  const old = tx
    .select({ tenant_id, id })
    .from(api_keys)
    .where(and(or(lt(revoked_at, before), lt(expires_at, before)), not(hasMade)))
    .limit(BATCH);
  return (
    await tx
      .delete(api_keys)
      .where(sql`(${tenant_id}, ${id}) IN ${old}`)
      .returning({ id })
  ).length;
}

/** By tenant, the notifications that a delivery was deleted of. */
type Lost = Map<string, Set<string>>;

async function deleteDeliveries(chat: Chat, tx: Tx, which: SQL | undefined, lost: Lost): Promise<number> {
  const { deliveries, attempts } = chat.store.t;
  const { tenant_id, id, courier, subject_id } = deliveries;
  const old = tx.select({ tenant_id, id }).from(deliveries).where(which).limit(BATCH);
  const gone = await tx
    .delete(deliveries)
    .where(sql`(${tenant_id}, ${id}) IN ${old}`)
    .returning({ tenant_id, id, courier, subject_id });
  for (const [tenant, some] of Map.groupBy(gone, (row) => row.tenant_id)) {
    const ids = some.map((row) => row.id);
    await tx.delete(attempts).where(and(eq(attempts.tenant_id, tenant), inArray(attempts.delivery_id, ids)));
    const subjects = lost.get(tenant) ?? new Set<string>();
    for (const row of some) if (row.courier === "user") subjects.add(row.subject_id);
    if (subjects.size > 0) lost.set(tenant, subjects);
  }
  return gone.length;
}

type Notification = { tenant_id: string; id: string; created_at: number };

/** Those that have lost a delivery, by tenant and id, and what a run that was ended left behind: older than any delivery is kept that was never revived. */
async function purgeNotifications(chat: Chat, lost: Lost): Promise<void> {
  const { notifications } = chat.store.t;
  const { tenant_id, id, created_at } = notifications;
  const { keep_delivered_ms, keep_dead_ms, notifications: pushes } = chat.config;
  const read = (which: SQL | undefined): Promise<Notification[]> =>
    chat.store.read.select({ tenant_id, id, created_at }).from(notifications).where(which).orderBy(asc(created_at), asc(id)).limit(BATCH);
  for (const [tenant, subjects] of lost)
    for (let from = 0, ids = [...subjects]; from < ids.length; from += BATCH)
      await deleteUnowed(chat, await read(and(eq(tenant_id, tenant), inArray(id, ids.slice(from, from + BATCH)))));
  await deleteUnowed(chat, await read(lt(created_at, chat.now() - pushes.life_ms - Math.max(keep_delivered_ms, keep_dead_ms) - HOUR_MS)));
}

/** Those of one hour are looked at together: what was owed meanwhile is walked once for them, and nothing else is. */
async function deleteUnowed(chat: Chat, some: readonly Notification[]): Promise<void> {
  const { notifications } = chat.store.t;
  const hourOf = (row: Notification): string => JSON.stringify([row.tenant_id, Math.floor(row.created_at / HOUR_MS)]);
  for (const alike of Map.groupBy(some, hourOf).values()) {
    const tenant = alike[0]?.tenant_id ?? "";
    const owed = await owedOf(chat, tenant, alike);
    const ids = alike.map((row) => row.id).filter((one) => !owed.has(one));
    if (ids.length > 0)
      await chat.store.write((tx) => tx.delete(notifications).where(and(eq(notifications.tenant_id, tenant), inArray(notifications.id, ids))));
  }
}

/**
 * Which of these somebody is owed. Deliveries of a notification are made with it and get later ids, so those of a time stand together: they are
 * walked in the order of their ids, a step at a time, because no index leads from a notification to its deliveries.
 */
async function owedOf(chat: Chat, tenant: string, some: readonly Notification[]): Promise<Set<string>> {
  const { tenant_id, id, courier, subject_id, created_at } = chat.store.t.deliveries;
  const wanted = new Set(some.map((row) => row.id));
  const until = Math.max(...some.map((row) => row.created_at)) + HOUR_MS;
  const owed = new Set<string>();
  for (let after = [...wanted].sort()[0] ?? ""; ;) {
    await breathe();
    const step = await chat.store.read
      .select({ id, courier, subject_id, created_at })
      .from(chat.store.t.deliveries)
      .where(and(eq(tenant_id, tenant), gt(id, after)))
      .orderBy(asc(id))
      .limit(BATCH);
    for (const row of step) if (row.courier === "user" && wanted.has(row.subject_id)) owed.add(row.subject_id);
    const last = step.at(-1);
    if (step.length < BATCH || !last || last.created_at > until) return owed;
    after = last.id;
  }
}
