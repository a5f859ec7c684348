/** The lanes of the pool, one for each endpoint: how many of its deliveries are under way, which wait for their turn, and when others may come. Knows no database. */
import type { Target } from "../../db/delivery-islands.ts";
import { longestRest, retriesOf } from "./backoff.ts";
import type { Chat } from "./chat.ts";
import type { Delivery } from "./outbox.ts";

export type Held = { delivery: Delivery; endpoint: Target };
type Back = { delivery: Delivery; due_at: number };

export type Lane = {
  /**
   * When another that is written down now shall come, with so many behind it: at once, or when the endpoint is thought to have got through what is owed
   * to it already.
   */
  due(many: number): number;
  /** When the one at this place behind what begins now is thought to begin; it was counted when it was written down. */
  turn(place: number): number;
  /** How many it would take at once. */
  room(): number;
  /** Holds it until its turn; or gives when it shall come again: the endpoint rests, or has enough to do. With `probe_ms` it is the only one for so long. */
  take(held: Held, probe_ms: number): number | null;
  /** Those whose turn it is; they are under way from here on. */
  ready(): Held[];
  /** An attempt has ended and been settled; the endpoint as it is by that. */
  ended(duration_ms: number, endpoint: Target): void;
  /** One is under way no more, however that went. */
  left(): void;
  /** Those that wait for an endpoint that rests by now. */
  unfit(): Back[];
  /** Whether it could begin another at once. */
  isHungry(): boolean;
};

const TOGETHER = 4;
const WAITING = 4; // each has ended within the lease, though those before it take all the time they may
const WAITING_IF_QUICK = 28; // who is known to be quicker than we guess takes what a look finds at once
const GUESS_MS = 40; // an answer takes so long, while nothing is known of who answers
const HASTE = 2; // what comes back too early is given back once more; what comes too late leaves an endpoint idle
const LONGEST_PAUSE_MS = 60_000;
const BURST_MS = 1_000; // as many as the pace allows in so long may come at once
const RUSH = 64; // owed to one endpoint by one transaction: so many post at once that they come first, and a webhook waits
const RUSH_MS = 1_000;
const RUSH_PACE = 5; // as slow as that
const OF_ONE_TENANT = 96; // held at once, under way or waiting: its endpoints may be slow, and all of them its own

export type Lanes = ReturnType<typeof createLanes>;

const made = new WeakMap<Chat, Lanes>();

/** Those of this instance. */
export function lanesOf(chat: Chat): Lanes {
  const found =
    made.get(chat) ??
    createLanes({
      now: chat.now,
      longestRestOf: ({ config }) => longestRest(retriesOf(chat.config, config)),
      pace_ms: 1_000 / chat.config.webhook_rate,
    });
  made.set(chat, found);
  return found;
}

/** The length first: ids may hold whatever would separate them. */
export const keyOf = (tenant_id: string, id: string): string => `${tenant_id.length} ${tenant_id} ${id}`;

type Parts = {
  now(): number;
  longestRestOf(endpoint: Target): number;
  /** Between two to one endpoint, in the long run. */
  pace_ms: number;
};

function createLanes({ now, longestRestOf, pace_ms }: Parts) {
  const lanes = new Map<string, Lane & { waiting: Held[] }>();
  let held = 0;
  let rush_until = 0;
  const byTenant = new Map<string, number>();
  let round = 0;
  const count = ({ tenant_id }: Target, by: number): void => {
    held += by;
    const theirs = (byTenant.get(tenant_id) ?? 0) + by;
    if (theirs > 0) byTenant.set(tenant_id, theirs);
    else byTenant.delete(tenant_id);
  };

  const isRush = (): boolean => rush_until > now() && rush_until - now() <= RUSH_MS;

  const create = (key: string, first: Target): Lane & { waiting: Held[] } => {
    let endpoint = first;
    let waiting: Held[] = [];
    let under_way = 0;
    let probing_until = 0;
    let probing_ms = 0;
    let mean_ms = GUESS_MS;
    let free_at = 0; // when the endpoint is thought to have got through all that was given back in this round
    let counted_in = round;
    let owed_until = 0; // the same for those that were written down meanwhile, which are given back only if it was wrong
    let booked_until = 0; // the pace is taken up until then by all that was written down
    let paced_until = 0; // … and by all that has begun: no more than BURST_MS of that lies ahead
    /** Whether that is still to come, and no further away than it was ever set: else the clock has been set back, and nobody waits for it to come again. */
    const isAhead = (until: number, longest_ms: number): boolean => until > now() && until - now() <= longest_ms;
    const rests = (): boolean => isAhead(endpoint.rest_until, longestRestOf(endpoint));
    const mayBegin_at = (): number => (isAhead(paced_until, 2 * BURST_MS) ? Math.max(now(), paced_until - BURST_MS) : now());
    const each = (): number => Math.max(1, mean_ms / TOGETHER);
    const free = (): number => TOGETHER + (mean_ms < GUESS_MS ? WAITING_IF_QUICK : WAITING) - under_way - waiting.length;
    const isFull = (): boolean => free() <= 0;
    const step = (): number => (isRush() ? RUSH_PACE : 1) * pace_ms;
    const later = (least: number, step_ms = each()): number => {
      if (counted_in !== round) free_at = 0; // what was given back before and has come again is counted anew
      counted_in = round;
      free_at = Math.max(free_at, least) + step_ms / HASTE;
      return Math.ceil(Math.min(free_at, least + LONGEST_PAUSE_MS)); // never `least` itself: it would be claimed again at once
    };
    const forget = (): void => {
      if (under_way === 0 && waiting.length === 0 && !rests() && Math.max(free_at, owed_until, booked_until, paced_until) <= now()) lanes.delete(key);
    };
    return {
      get waiting() {
        return waiting;
      },
      due(many) {
        if (many >= RUSH) rush_until = now() + RUSH_MS;
        const latest = now() + LONGEST_PAUSE_MS;
        const booked = Math.min(Math.max(now(), booked_until - BURST_MS), latest);
        booked_until = Math.min(Math.max(now(), booked_until) + many * pace_ms, latest + BURST_MS);
        const least = rests() ? Math.min(endpoint.rest_until, latest) : booked; // somebody may have ended its rest
        const isFree = least <= now() && owed_until <= least && !isFull();
        if (isFree && many === 1) return least;
        const from = Math.max(owed_until, least);
        owed_until = Math.min(from + many * each(), least + LONGEST_PAUSE_MS);
        return isFree ? least : Math.ceil(Math.min(owed_until, from + each()));
      },
      turn: (place) => Math.ceil(mayBegin_at() + place * Math.max(pace_ms, each())),
      room() {
        const paced = isAhead(paced_until, 2 * BURST_MS) ? now() + BURST_MS - paced_until : BURST_MS;
        return rests() || paced < 0 ? 0 : Math.max(0, Math.min(free(), 1 + Math.floor(paced / step())));
      },
      take(one, probe_ms) {
        endpoint = one.endpoint;
        if (rests()) return later(endpoint.rest_until);
        if (isAhead(probing_until, probing_ms)) return later(probing_until);
        if (probe_ms > 0 && under_way + waiting.length > 0) return later(now() + probe_ms);
        if (isFull()) return later(now());
        if ((byTenant.get(endpoint.tenant_id) ?? 0) >= OF_ONE_TENANT) return later(now());
        if (mayBegin_at() > now()) return later(mayBegin_at(), pace_ms * HASTE);
        paced_until = Math.max(paced_until, now()) + step();
        if (probe_ms > 0) [probing_until, probing_ms] = [now() + probe_ms, probe_ms];
        waiting.push(one);
        count(endpoint, 1);
        return null;
      },
      ready() {
        const begun = waiting.splice(0, TOGETHER - under_way);
        under_way += begun.length;
        return begun;
      },
      ended(duration_ms, after) {
        endpoint = after;
        probing_until = 0;
        mean_ms = 0.8 * mean_ms + 0.2 * duration_ms;
      },
      left() {
        under_way -= 1;
        count(endpoint, -1);
        if (under_way + waiting.length === 0) owed_until = 0; // it was quicker than we thought
        forget();
      },
      unfit() {
        if (!rests() && endpoint.disabled_at === null) return [];
        const back = waiting.map(({ delivery }) => ({ delivery, due_at: later(rests() ? endpoint.rest_until : now()) }));
        count(endpoint, -waiting.length);
        waiting = [];
        forget();
        return back;
      },
      isHungry: () => waiting.length === 0 && under_way < TOGETHER && !rests() && mayBegin_at() <= now(),
    };
  };

  return {
    /** When what is owed to it from now on shall come. */
    due: (key: string, many = 1): number => lanes.get(key)?.due(many) ?? now(),
    turn: (key: string, place: number): number => lanes.get(key)?.turn(place) ?? Math.ceil(now() + place * pace_ms),
    /** How many of those that are due it would take now. */
    room: (key: string): number => lanes.get(key)?.room() ?? TOGETHER + WAITING,
    of(key: string, endpoint: Target): Lane {
      const lane = lanes.get(key) ?? create(key, endpoint);
      lanes.set(key, lane);
      return lane;
    },
    /** From here on those that are due are claimed, until no more are. */
    begin: () => void (round += 1),
    /** All that wait or are under way. */
    held: () => held,
    /** Lets go of all that wait: they are due now, for others. */
    clear(): Back[] {
      const all = [...lanes.values()].flatMap((lane) => lane.waiting);
      const back = all.map(({ delivery }) => ({ delivery, due_at: now() }));
      for (const { endpoint } of all) count(endpoint, -1);
      for (const lane of lanes.values()) lane.waiting.length = 0;
      return back;
    },
  };
}
