/** Token buckets, bounded in number: those not used for longest go first. A refusal says truthfully when to come back. */
import { createRecent } from "./recent.ts";
import { refuse } from "./refusal.ts";

export type Rate = { per_second: number; burst: number };

const KEYS_MAX = 100_000;

/** `full_at`: when it holds as much as one that was never taken from. `known`: what its limiter had forgotten when it was last looked for. */
export type Bucket = { tokens: number; at: number; full_at: number; known: number };
export type Left = { limit: number; remaining: number; reset_seconds: number };
export type Limiter = {
  /** Takes one from the bucket of `key` and says what is left. Refuses `rate_limited` with the time until there is one. `rate`: this key's own. */
  take(key: string, now: number, rate?: Rate): Left;
  /** As `take`, from the bucket that this key was given the last time (null: none yet), and gives it to be held: to look for it costs more than to take from it. */
  takeFrom(held: Bucket | null, key: string, now: number, rate?: Rate): Bucket;
  /** Refuses as `take` does, and takes none: before something is done that would tell whether to take one. */
  check(key: string, now: number): void;
  /** Takes as many as something has cost, also where that is more than there are: until they have grown back, `check` refuses. */
  spend(key: string, now: number, many: number): void;
  /** Takes one if there is one, and says whether: for what may be dropped without a word. */
  tryTake(key: string, now: number): boolean;
  /** Lets go of the buckets that are full again: nobody can tell them from those that never were. */
  tidy(now: number): void;
};

export const fullBucket = ({ burst }: Rate, now: number): Bucket => ({ tokens: burst, at: now, full_at: now, known: 0 });

/** Takes one. Refuses `rate_limited` with the time until there is one. */
export function takeOne(bucket: Bucket, now: number, rate: Rate): void {
  const tokens = draw(bucket, now, rate);
  if (tokens < 1) refuseUnder(tokens, rate);
}

/** Nobody can tell it from one that was never taken from. */
export const isFull = ({ at, full_at }: Bucket, now: number): boolean => now >= full_at && now >= at;

export function createLimiter(usual: Rate): Limiter {
  const buckets = createRecent<Bucket>(KEYS_MAX);
  const find = (key: string, now: number, rate: Rate): Bucket => {
    let bucket = buckets.use(key);
    if (!bucket) buckets.set(key, (bucket = fullBucket(rate, now)));
    bucket.known = buckets.forgotten();
    return bucket;
  };
  return {
    take(key, now, rate = usual) {
      const { per_second, burst } = rate;
      const tokens = draw(find(key, now, rate), now, rate);
      if (tokens < 1) refuseUnder(tokens, rate);
      return { limit: burst, remaining: Math.floor(tokens - 1), reset_seconds: Math.ceil((burst - tokens + 1) / per_second) };
    },
    takeFrom(held, key, now, rate = usual) {
      const bucket = held !== null && held.known === buckets.forgotten() ? held : find(key, now, rate);
      takeOne(bucket, now, rate);
      return bucket;
    },
    check(key, now) {
      const bucket = buckets.get(key);
      const tokens = bucket ? tokensIn(bucket, now, usual) : usual.burst;
      if (tokens < 1) refuseUnder(tokens, usual);
    },
    spend(key, now, many) {
      const bucket = find(key, now, usual);
      settle(bucket, now, usual, tokensIn(bucket, now, usual) - many);
    },
    tryTake: (key, now) => draw(find(key, now, usual), now, usual) >= 1,
    tidy: (now) => buckets.keep((bucket) => !isFull(bucket, now)),
  };
}

/** The tokens that were there, at least one if one was taken. */
function draw(bucket: Bucket, now: number, rate: Rate): number {
  const tokens = tokensIn(bucket, now, rate);
  settle(bucket, now, rate, tokens >= 1 ? tokens - 1 : tokens);
  return tokens;
}

function settle(bucket: Bucket, now: number, rate: Rate, left: number): void {
  bucket.tokens = left;
  bucket.at = now;
  bucket.full_at = now + ((rate.burst - left) / rate.per_second) * 1_000;
}

const tokensIn = ({ tokens, at }: Bucket, now: number, { per_second, burst }: Rate): number =>
  exact(Math.min(burst, tokens + (Math.max(0, now - at) / 1_000) * per_second));

/** Thirds add up to less than one: a millionth of a token is not what anybody waits for again. */
const exact = (tokens: number): number => Math.round(tokens * 1e6) / 1e6;

function refuseUnder(tokens: number, { per_second }: Rate): never {
  return refuse("rate_limited", { retry_after_ms: Math.ceil(((1 - tokens) / per_second) * 1_000) });
}
