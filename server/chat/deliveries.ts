/**
 * Deliveries: claim, attempt, settle. A row that is due is claimed for a while by one UPDATE, carried by whoever handles `delivery.attempt`, and
 * settled: delivered, due again, or dead with the name of its last error. Whoever is killed between claim and settle has used up an attempt and lost
 * nothing: the claim ends by itself. So an event comes at least once, and each attempt at one has a number of its own.
 *
 * One endpoint never delays another: each has four attempts under way at most, and what is claimed beyond what it can take soon is given back, so
 * that a backlog of one never fills the pool. An endpoint that failed five times in a row rests, and then gets one probe at a time. Being given back
 * is no attempt. Never claim more than can begin within the lease.
 */
import { CLAIMED_AT_ONCE, type Target } from "../../db/delivery-islands.ts";
import { OPENS_AFTER } from "./backoff.ts";
import type { Carried, Lost } from "./carried.ts";
import type { Chat } from "./chat.ts";
import { type Arrived, type Claimed, claimDue, type Ended, giveBack, settle, settleArrived, winsProbe } from "./claims.ts";
import { knownTenants } from "./known-tenants.ts";
import { type Held, keyOf, type Lane, lanesOf } from "./lanes.ts";
import { bornAt, type Delivery } from "./outbox.ts";

export type Deliverer = {
  /** Begins what is due, as far as there is room; does not wait for the attempts. */
  deliver(): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Begins nothing more, waits for what is under way for at most so long, then lets go of it. */
  stop(patience_ms: number): Promise<void>;
};

const POOL = 192;
const ROUND_CLAIMS = 40; // others post meanwhile
const SETTLED_AT_ONCE = 4; // as many as one endpoint has under way: they stay so until they are settled
const ATTEMPT_MS = 12_000; // for whoever carries it; what carries webhooks takes ten at most
const PROBE_MS = ATTEMPT_MS + 3_000;
const LIFE_MS = 72 * 3_600_000;
const CROWDED_MS = 1_000;
const CLOSED_MS = 3_600_000;

const made = new WeakMap<Chat, Deliverer>();

export function delivererOf(chat: Chat): Deliverer {
  const found = made.get(chat) ?? createDeliverer(chat, () => chanceOf(chat));
  made.set(chat, found);
  return found;
}

/** Work of a loop. */
export const deliverDue = (chat: Chat): Promise<void> => delivererOf(chat).deliver();

/** `chance` gives a number from 0 to below 1: when a failed attempt is repeated. */
export function createDeliverer(chat: Chat, chance: () => number): Deliverer {
  const lanes = lanesOf(chat);
  const under_way = new Set<Promise<void>>();
  const stopping = new AbortController();
  let stopped = false;
  let crowded_until = 0; // till then there may be more that is due than was claimed
  let claiming: Promise<void> | null = null;
  let carried_now = 0;
  let arrived: (Arrived & { settled: () => void })[] = [];

  const begin = (work: Promise<void>): void => {
    const tracked = work.catch((fault: unknown) => failed(chat, fault)).finally(() => void under_way.delete(tracked));
    under_way.add(tracked);
  };
  const deliver = (): Promise<void> => {
    if (claiming) return claiming;
    begin(settleAll());
    lanes.begin();
    return (claiming = claim(ROUND_CLAIMS).finally(() => void (claiming = null)));
  };

  const claim = async (left: number): Promise<void> => {
    if (stopped || left === 0) return;
    const has_room = lanes.held() + CLAIMED_AT_ONCE <= POOL;
    const claimed = has_room ? await claimDue(chat) : [];
    const back = claimed.flatMap((one) => place(one) ?? []);
    if (!has_room || back.length > 0) crowded_until = chat.now() + CROWDED_MS;
    await giveBack(chat, back);
    await Promise.all(claimed.map((one) => bury(one)));
    if (claimed.length >= CLAIMED_AT_ONCE) await claim(left - 1);
  };

  /** Begins it, has it wait for its turn, or says when it shall come back. */
  const place = ({ delivery, endpoint }: Claimed): { delivery: Delivery; due_at: number } | null => {
    if (isClosed(chat, delivery)) return { delivery, due_at: chat.now() + CLOSED_MS };
    if (!endpoint || lostBefore(chat, delivery, endpoint)) return null;
    if (stopped) return { delivery, due_at: chat.now() };
    const lane = lanes.of(keyOf(endpoint.tenant_id, endpoint.id), endpoint);
    const due_at = lane.take({ delivery, endpoint }, probes(endpoint) ? PROBE_MS : 0);
    if (due_at !== null) return { delivery, due_at };
    for (const next of lane.ready()) begin(attempt(next, lane));
    return null;
  };

  const bury = async ({ delivery, endpoint }: Claimed): Promise<void> => {
    const lost = isClosed(chat, delivery) ? null : lostBefore(chat, delivery, endpoint);
    if (lost) await end({ delivery, endpoint: endpoint ?? nobody(delivery) }, { at: chat.now(), duration_ms: 0, carried: { lost }, chance: 0 });
  };

  const attempt = async (held: Held, lane: Lane): Promise<void> => {
    const at = chat.now();
    try {
      if (held.delivery.due_at - at < ATTEMPT_MS) return await giveBack(chat, [{ delivery: held.delivery, due_at: at }]); // it waited too long: the claim could end before it does
      if (probes(held.endpoint) && !(await winsProbe(chat, held.endpoint, at + PROBE_MS)))
        return await giveBack(chat, [{ delivery: held.delivery, due_at: at + PROBE_MS }]);
      carried_now += 1;
      const carried = await carry(chat, held, stopping.signal).finally(() => (carried_now -= 1));
      const duration_ms = Math.min(Math.max(0, chat.now() - at), ATTEMPT_MS); // no more and no less, whatever the clock was set to meanwhile
      if ("done" in carried && isWell(held.endpoint)) {
        const settled = Promise.withResolvers<void>();
        arrived.push({ delivery: held.delivery, status: carried.status, at, duration_ms, settled: settled.resolve });
        if (arrived.length >= SETTLED_AT_ONCE || carried_now === 0) begin(settleAll());
        await settled.promise;
        lane.ended(duration_ms, held.endpoint);
      } else lane.ended(duration_ms, await end(held, { at, duration_ms, carried, chance: chance() }));
    } finally {
      lane.left();
      const unfit = lane.unfit();
      if (unfit.length > 0) begin(giveBack(chat, unfit));
      for (const next of stopped ? [] : lane.ready()) begin(attempt(next, lane));
      if (carried_now === 0) begin(settleAll());
      if (lane.isHungry() && !stopped && chat.now() < crowded_until && crowded_until - chat.now() <= CROWDED_MS) begin(deliver());
    }
  };

  /**
   * Settles what has arrived since: together, because each commit makes those wait who post. What is killed before that is sent once more, as another attempt;
   * so it waits for no more than a few others, or the next look.
   */
  const settleAll = async (): Promise<void> => {
    if (arrived.length === 0) return;
    const settling = arrived;
    arrived = [];
    try {
      chat.metrics.count("snug_deliveries_total", await settleArrived(chat, settling));
    } finally {
      for (const { settled } of settling) settled();
    }
  };

  /** Settles it; gives the endpoint as it is by that. */
  const end = async (held: Held, ended: Ended): Promise<Target> => {
    const { endpoint, died } = await settle(chat, held, ended);
    if ("done" in ended.carried) chat.metrics.count("snug_deliveries_total");
    if ("failed" in ended.carried) chat.metrics.count("snug_delivery_failures_total");
    if (died) {
      chat.metrics.count("snug_dead_letters_total");
      chat.hooks.after("delivery.died", { delivery: died });
    }
    return endpoint;
  };

  const ended = async (): Promise<void> => {
    if (claiming === null && under_way.size === 0) return;
    await Promise.all([claiming, ...under_way]);
    await ended();
  };

  return {
    deliver,
    idle: ended,
    async stop(patience_ms) {
      stopped = true;
      const back = lanes.clear();
      if (back.length > 0) begin(giveBack(chat, back));
      begin(settleAll());
      await Promise.race([ended(), Bun.sleep(patience_ms)]);
      stopping.abort();
      await Promise.race([ended(), Bun.sleep(patience_ms)]);
    },
  };
}

/** Has it carried. Whatever a handler fails at, or does not get done in time, is one failed attempt. */
async function carry(chat: Chat, held: Held, stopping: AbortSignal): Promise<Carried> {
  const signal = AbortSignal.any([AbortSignal.timeout(ATTEMPT_MS), stopping]);
  const event = { ...held, signal, carried: null as Carried | null };
  const late = Promise.withResolvers<void>();
  const give_up = (): void => late.resolve();
  signal.addEventListener("abort", give_up);
  try {
    await Promise.race([chat.hooks.carry(event), late.promise]);
    if (event.carried) return event.carried;
    if (stopping.aborted) return { failed: "stopped", status: null };
    if (signal.aborted) chat.log.warn("delivery.hung", { delivery_id: held.delivery.id }); // whoever should have carried it, not the endpoint: ours ends by itself
    return { failed: "fault", status: null }; // nobody carries it, or who does has failed
  } finally {
    signal.removeEventListener("abort", give_up);
  }
}

/** What arrives there says nothing new of it. */
const isWell = ({ failures, rest_until }: Target): boolean => failures === 0 && rest_until === 0;
const probes = ({ failures }: Target): boolean => failures >= OPENS_AFTER;

/** Of a tenant that is closed nothing goes out; what was owed waits for it to be opened again, as long as it lives. */
const isClosed = (chat: Chat, { tenant_id }: Delivery): boolean => (knownTenants(chat).get(tenant_id)?.disabled_at ?? null) !== null;

function lostBefore(chat: Chat, delivery: Delivery, endpoint: Target | null): Lost | null {
  if (!endpoint || endpoint.disabled_at !== null) return "disabled";
  return chat.now() - bornAt(delivery) > LIFE_MS ? "expired" : null;
}

function failed(chat: Chat, fault: unknown): void {
  chat.metrics.count("snug_faults_total");
  chat.log.error("delivery.failed", fault);
}

/** What stands for an endpoint that is there no more. */
const nobody = ({ tenant_id, target_id }: Delivery): Target => ({
  tenant_id,
  id: target_id,
  url: "",
  include_private: false,
  secrets: [],
  failures: 0,
  rest_until: 0,
  disabled_at: 0,
  config: {},
});

/** The first 48 bits of a secret: chance is handed to the product as everything of the outside is. */
const chanceOf = (chat: Chat): number => Buffer.from(chat.newSecret(), "base64url").readUIntBE(0, 6) / 2 ** 48;
