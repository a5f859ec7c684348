/** Token buckets, bounded in number: those not used for longest go first. A refusal says truthfully when to come back. */
import { createRecent } from "./recent.ts";
import { refuse } from "./refusal.ts";

export type Rate = { per_second: number; burst: number };

const KEYS_MAX = 100_000;

/** `full_at`: when it holds as much as one that was never taken from. */
type Bucket = { tokens: number; at: number; full_at: number };
export type Left = { limit: number; remaining: number; reset_seconds: number };
export type Limiter = {
  /** Takes one from the bucket of `key` and says what is left. Refuses `rate_limited` with the time until there is one. `rate`: this key's own. */
  take(key: string, now: number, rate?: Rate): Left;
  /** Refuses as `take` does, and takes none: before something is done that would tell whether to take one. */
  check(key: string, now: number): void;
  /** Takes one if there is one, and says whether: for what may be dropped without a word. */
  tryTake(key: string, now: number): boolean;
  /** Lets go of the buckets that are full again: nobody can tell them from those that never were. */
  tidy(now: number): void;
};

/** Thirds add up to less than one: a millionth of a token is not what anybody waits for again. */
const exact = (tokens: number): number => Math.round(tokens * 1e6) / 1e6;

export function createLimiter(usual: Rate): Limiter {
  const buckets = createRecent<Bucket>(KEYS_MAX);
  const tokensIn = (bucket: Bucket | undefined, now: number, { per_second, burst }: Rate): number =>
    bucket ? exact(Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1_000) * per_second)) : burst;
  /** The tokens that were there, at least one if one was taken. */
  const draw = (key: string, now: number, rate: Rate): number => {
    const bucket = buckets.use(key);
    const tokens = tokensIn(bucket, now, rate);
    const left = tokens >= 1 ? tokens - 1 : tokens;
    const full_at = now + ((rate.burst - left) / rate.per_second) * 1_000;
    if (bucket) {
      bucket.tokens = left;
      bucket.at = now;
      bucket.full_at = full_at;
    } else buckets.set(key, { tokens: left, at: now, full_at });
    return tokens;
  };
  const refuseUnder = (tokens: number, { per_second }: Rate): void => {
    if (tokens < 1) refuse("rate_limited", { retry_after_ms: Math.ceil(((1 - tokens) / per_second) * 1_000) });
  };
  return {
    take(key, now, rate = usual) {
      const { per_second, burst } = rate;
      const tokens = draw(key, now, rate);
      refuseUnder(tokens, rate);
      return { limit: burst, remaining: Math.floor(tokens - 1), reset_seconds: Math.ceil((burst - tokens + 1) / per_second) };
    },
    check: (key, now) => refuseUnder(tokensIn(buckets.get(key), now, usual), usual),
    tryTake: (key, now) => draw(key, now, usual) >= 1,
    tidy: (now) => buckets.keep(({ at, full_at }) => now < full_at || now < at),
  };
}
