import { expect, test } from "bun:test";
import { OPENS_AFTER, restAfter, retriesOf, retryAfter, waitAsked } from "./backoff.ts";

const retries = { attempts: 20, first_retry_ms: 5_000, longest_retry_ms: 6 * 3_600_000 };

test("the pause after a failure lies anywhere below a ceiling that doubles from 5 s to 6 h", () => {
  expect(retryAfter(1, retries, 0)).toBe(0);
  expect([1, 2, 3, 20, 1_000].map((attempts) => retryAfter(attempts, retries, 0.5))).toEqual([2_500, 5_000, 10_000, 10_800_000, 10_800_000]);
  expect(retryAfter(13, retries, 0.999_999)).toBeLessThan(5_000 * 2 ** 12);
});

test("twenty attempts take about two days, and never more than three", () => {
  const all = (chance: number): number => Array.from({ length: 19 }, (_, i) => retryAfter(i + 1, retries, chance)).reduce((a, b) => a + b, 0);
  expect(all(0.5) / 3_600_000).toBeGreaterThan(20);
  expect(all(0.999_999) / 3_600_000).toBeLessThan(72);
});

test("a tenant's own settings go before the operator's", () => {
  const config = { webhooks: retries };
  expect(retriesOf(config, {})).toEqual(retries);
  expect(retriesOf(config, { webhook_attempts: 3, webhook_first_retry_ms: 10 })).toEqual({ ...retries, attempts: 3, first_retry_ms: 10 });
});

test("an endpoint may ask us to wait, but no shorter than a second and no longer than the longest pause", () => {
  expect([0, 7_000, 30 * 86_400_000].map((asked) => waitAsked(asked, retries))).toEqual([1_000, 7_000, retries.longest_retry_ms]);
});

test("an endpoint rests from its fifth failure in a row, longer each time, and at most a quarter of an hour", () => {
  expect([OPENS_AFTER - 1, OPENS_AFTER, OPENS_AFTER + 1, 100].map(restAfter)).toEqual([0, 30_000, 60_000, 900_000]);
});
