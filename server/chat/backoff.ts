/** When to try again: one formula for a delivery, one for an endpoint that fails. Milliseconds, all of them. */
import type { TenantConfig } from "../../db/schema-of-api.ts";
import type { ChatConfig } from "./chat.ts";

export type Retries = ChatConfig["webhooks"];

/** The operator's, where the tenant has not set its own. */
export const retriesOf = ({ webhooks }: Pick<ChatConfig, "webhooks">, own: TenantConfig): Retries => ({
  attempts: own.webhook_attempts ?? webhooks.attempts,
  first_retry_ms: own.webhook_first_retry_ms ?? webhooks.first_retry_ms,
  longest_retry_ms: own.webhook_longest_retry_ms ?? webhooks.longest_retry_ms,
});

/**
 * How long after the `attempts`-th failure in a row: any time up to a ceiling that doubles ("full jitter": what failed together does not come
 * back together). `chance` is from 0 to below 1.
 */
export const retryAfter = (attempts: number, { first_retry_ms, longest_retry_ms }: Retries, chance: number): number =>
  Math.floor(chance * Math.min(longest_retry_ms, first_retry_ms * 2 ** (attempts - 1)));

const SOONEST_ASKED_MS = 1_000;

/** How long an endpoint may ask us to wait: from a second to the longest pause between two attempts. */
export const waitAsked = (asked_ms: number, { longest_retry_ms }: Retries): number =>
  Math.min(Math.max(asked_ms, SOONEST_ASKED_MS), Math.max(longest_retry_ms, SOONEST_ASKED_MS));

/** From so many failures in a row an endpoint is left alone but for one probe at a time. */
export const OPENS_AFTER = 5;
const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 900_000;

/** The longest that any endpoint rests: after many failures, or as long as it asked for. What is further away was said by a clock that has been set since. */
export const longestRest = ({ longest_retry_ms }: Retries): number => Math.max(LONGEST_REST_MS, longest_retry_ms, SOONEST_ASKED_MS);

/** How long an endpoint rests after its `failures`-th failure in a row; 0 while its circuit is closed. */
export const restAfter = (failures: number): number =>
  failures < OPENS_AFTER ? 0 : Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failures - OPENS_AFTER));
