/** What is written of deliveries while they are carried: claimed, given back, settled. */
import { and, eq, sql } from "drizzle-orm";
import {
  CLAIMED_AT_ONCE,
  claimDeliveries,
  findTargets,
  giveDeliveriesBack,
  insertAttempts,
  settleDelivered,
  isAnyDue,
  settleDelivery,
  type Settlement,
  type Target,
} from "../../db/delivery-islands.ts";
import type { Tx } from "../../db/store.ts";
import { audit } from "./audit.ts";
import { longestRest, restAfter, retriesOf, retryAfter, waitAsked } from "./backoff.ts";
import { type Carried, isIll } from "./carried.ts";
import type { Chat } from "./chat.ts";
import { endpointsOf } from "./endpoints.ts";
import { keyOf } from "./lanes.ts";
import type { Delivery } from "./outbox.ts";
import { takeApart } from "./taken-apart.ts";

export type Claimed = { delivery: Delivery; endpoint: Target | null };

/** Longer than an attempt takes, with what waits before it: an instance that dies holds its rows back for no longer. */
export const LEASE_MS = 30_000;

/** At most CLAIMED_AT_ONCE that are due, each with its endpoint as of now. They are ours for the lease. */
export async function claimDue(chat: Chat): Promise<Claimed[]> {
  const now = chat.now();
  if (!(await isAnyDue(chat.store.read, { courier: "webhook", now }))) return [];
  const { rows, targets } = await chat.store.write(async (tx) => {
    const rows = await takeApart(chat, tx, await claimDeliveries(tx, { courier: "webhook", now, until: now + LEASE_MS }), CLAIMED_AT_ONCE);
    const keys = new Map(rows.map(({ tenant_id, target_id }) => [keyOf(tenant_id, target_id), { tenant_id, id: target_id }]));
    return { rows, targets: keys.size === 0 ? [] : await findTargets(tx, [...keys.values()]) };
  });
  const found = new Map(targets.map((target) => [keyOf(target.tenant_id, target.id), target]));
  return rows
    .toSorted((a, b) => (a.id < b.id ? -1 : 1)) // in the order in which it happened, as far as it goes
    .map((delivery) => ({ delivery, endpoint: found.get(keyOf(delivery.tenant_id, delivery.target_id)) ?? null }));
}

/** Nothing was attempted: each comes again when it says. */
export async function giveBack(chat: Chat, rows: readonly { delivery: Delivery; due_at: number }[]): Promise<void> {
  if (rows.length === 0) return;
  await chat.store.write((tx) =>
    giveDeliveriesBack(
      tx,
      rows.map(({ delivery, due_at }) => ({ ...delivery, due_at })),
    ),
  );
}

/** Half-open: of all instances that see a circuit whose rest is over, one gets to try, and the others rest on until `until`. */
export async function winsProbe(chat: Chat, { tenant_id, id, rest_until }: Target, until: number): Promise<boolean> {
  const { webhooks } = chat.store.t;
  const won = await chat.store.write((tx) =>
    tx
      .update(webhooks)
      .set({ rest_until: until })
      .where(and(eq(webhooks.tenant_id, tenant_id), eq(webhooks.id, id), eq(webhooks.rest_until, rest_until)))
      .returning({ id: webhooks.id }),
  );
  return won.length === 1;
}

export type Ended = { at: number; duration_ms: number; carried: Carried; chance: number };

/** Writes down how it ended, and what that says of the endpoint. Gives the endpoint as it is then, and the delivery if it died of this. */
export async function settle(
  chat: Chat,
  { delivery, endpoint }: { delivery: Delivery; endpoint: Target },
  ended: Ended,
): Promise<{ endpoint: Target; died: Delivery | null }> {
  const to = settlementOf(chat, delivery, endpoint, ended);
  const { carried, at, duration_ms } = ended;
  const after = await chat.store.write(async (tx) => {
    if (!(await settleDelivery(tx, delivery, to))) return null; // too late: somebody else has it
    if ("done" in carried || "failed" in carried) {
      const { tenant_id, id, attempts } = delivery;
      const error = "failed" in carried ? carried.failed : null;
      await insertAttempts(tx, [{ tenant_id, delivery_id: id, attempt: attempts, at, duration_ms, status: carried.status, error }]);
    }
    return endpointAfter(chat, tx, endpoint, carried, to);
  });
  if (after && after.disabled_at !== null) endpointsOf(chat).drop(after);
  return { endpoint: after ?? endpoint, died: after !== null && to.state === "dead" ? { ...delivery, ...to } : null };
}

/** One that has arrived, and of whose endpoint that says nothing new. */
export type Arrived = { delivery: Delivery; status: number; at: number; duration_ms: number };

/** Writes down all of these at once. Gives how many were still ours. */
export async function settleArrived(chat: Chat, arrived: readonly Arrived[]): Promise<number> {
  const now = chat.now();
  return chat.store.write(async (tx) => {
    const settled = new Set(
      await settleDelivered(
        tx,
        arrived.map(({ delivery, status }) => ({ ...delivery, settled_at: now, last_status: status })),
      ),
    );
    const ours = arrived.filter(({ delivery }) => settled.has(delivery.id));
    await insertAttempts(
      tx,
      ours.map(({ delivery: { tenant_id, id, attempts }, ...attempt }) => ({
        tenant_id,
        delivery_id: id,
        attempt: attempts,
        error: null,
        ...attempt,
      })),
    );
    return ours.length;
  });
}

function settlementOf(chat: Chat, delivery: Delivery, endpoint: Target, { carried, chance }: Ended): Settlement {
  const now = chat.now();
  const { attempts, due_at, last_status, last_error } = delivery;
  if ("done" in carried) return { state: "delivered", settled_at: now, due_at, last_status: carried.status, last_error: null, attempts };
  if ("moot" in carried) return { state: "delivered", settled_at: now, due_at, last_status, last_error, attempts: attempts - 1 };
  if ("lost" in carried) return { state: "dead", settled_at: now, due_at, last_status, last_error: carried.lost, attempts: attempts - 1 };
  const retries = retriesOf(chat.config, endpoint.config);
  const failed = { last_status: carried.status, last_error: carried.failed, attempts };
  const tried = attempts - triedBefore(delivery);
  if (carried.failed === "gone" || tried >= retries.attempts) return { state: "dead", settled_at: now, due_at, ...failed };
  const wait = carried.retry_after_ms === undefined ? retryAfter(tried, retries, chance) : waitAsked(carried.retry_after_ms, retries);
  return { state: "pending", settled_at: null, due_at: now + wait, ...failed };
}

/** The attempts that it had before it was taken out of the dead letters, which count no more. */
export const triedBefore = ({ detail }: Pick<Delivery, "detail">): number => (typeof detail?.tried_before === "number" ? detail.tried_before : 0);

async function endpointAfter(chat: Chat, tx: Tx, endpoint: Target, carried: Carried, to: Settlement): Promise<Target> {
  const { webhooks } = chat.store.t;
  const { tenant_id, id } = endpoint;
  const change = changeOf(chat, endpoint, carried, to);
  if (!change) return endpoint;
  const [row] = await tx
    .update(webhooks)
    .set(change)
    .where(and(eq(webhooks.tenant_id, tenant_id), eq(webhooks.id, id)))
    .returning({ failures: webhooks.failures, rest_until: webhooks.rest_until, disabled_at: webhooks.disabled_at });
  if (!row) return endpoint;
  if (row.disabled_at !== null && endpoint.disabled_at === null)
    await audit(chat, tx, { tenant_id, actor_id: null, action: "webhook.disabled", target_id: id, detail: { reason: "gone" } });
  const rest_ms = restAfter(row.failures); // by what is stored: others may have raised it since we read it
  if (rest_ms === 0) return { ...endpoint, ...row };
  const rest_until = chat.now() + rest_ms;
  await tx
    .update(webhooks)
    .set({ rest_until })
    .where(and(eq(webhooks.tenant_id, tenant_id), eq(webhooks.id, id)));
  return { ...endpoint, ...row, rest_until };
}

/** The later of the two, if the endpoint's own can be: one that is too far away is of a clock that has been set since. */
function restingUntil(chat: Chat, { config, rest_until }: Target, asked: number): number {
  const latest = chat.now() + longestRest(retriesOf(chat.config, config));
  return rest_until > latest ? asked : Math.max(rest_until, asked);
}

function changeOf(chat: Chat, endpoint: Target, carried: Carried, to: Settlement) {
  const { webhooks } = chat.store.t;
  const now = chat.now();
  if ("done" in carried) return endpoint.failures > 0 || endpoint.rest_until > 0 ? { failures: 0, rest_until: 0 } : null;
  if (!("failed" in carried)) return null;
  if (carried.failed === "busy") return { rest_until: restingUntil(chat, endpoint, to.state === "pending" ? to.due_at : now) };
  if (!isIll({ failed: carried.failed })) return null;
  const failures = sql<number>`${webhooks.failures} + 1`;
  if (carried.failed !== "gone") return { failures };
  return {
    failures,
    disabled_at: sql<number>`coalesce(${webhooks.disabled_at}, ${now})`,
    disabled_reason: sql<string>`coalesce(${webhooks.disabled_reason}, 'gone')`,
    updated_at: now,
  };
}
