import { heapStats } from "bun:jsc";
import { expect, test } from "bun:test";
import { createLimiter } from "./limiter.ts";
import { Refusal } from "./refusal.ts";

const takes = (take: () => unknown): boolean => {
  try {
    take();
    return true;
  } catch (fault) {
    if (fault instanceof Refusal && fault.reason === "rate_limited") return false;
    throw fault;
  }
};

test("the burst's last is given and the next is not, until one has grown back; a clock that goes back gives nothing", () => {
  const limiter = createLimiter({ per_second: 10, burst: 20 });
  for (let i = 1; i <= 20; i += 1) expect([i, takes(() => limiter.take("ann", 1_000))]).toEqual([i, true]);
  expect(takes(() => limiter.take("ann", 1_000))).toBe(false);
  expect(takes(() => limiter.take("bob", 1_000))).toBe(true);
  expect(takes(() => limiter.take("ann", 0))).toBe(false);
  expect(takes(() => limiter.take("ann", 99))).toBe(false);
  expect(takes(() => limiter.take("ann", 100))).toBe(true);
  expect(takes(() => limiter.take("ann", 100))).toBe(false);
});

test("what has cost more than there was is waited for, by whoever spent it alone", () => {
  const limiter = createLimiter({ per_second: 10, burst: 20 });
  limiter.check("ann", 1_000);
  limiter.spend("ann", 1_000, 50);
  expect([takes(() => limiter.check("ann", 1_000)), takes(() => limiter.check("bob", 1_000))]).toEqual([false, true]);
  expect([takes(() => limiter.check("ann", 4_099)), takes(() => limiter.check("ann", 4_100))]).toEqual([false, true]);
  limiter.tidy(4_100);
  expect(takes(() => limiter.take("ann", 4_100))).toBe(true);
  expect(takes(() => limiter.take("ann", 4_100))).toBe(false);
  limiter.spend("ann", 4_100, 0);
  expect(takes(() => limiter.take("ann", 4_200))).toBe(true);
});

test("a million keys cost the memory of a hundred thousand, and whoever goes on asking stays limited among them", () => {
  const limiter = createLimiter({ per_second: 1, burst: 2 });
  for (let i = 0; i < 120_000; i += 1) limiter.take(`settle-${i}`, 0);
  for (let i = 0; i < 2; i += 1) limiter.take("mallory", 0);
  Bun.gc(true);
  const before = heapStats().heapSize;
  for (let i = 0; i < 1_000_000; i += 1) {
    limiter.take(`stranger-${i}`, 0);
    if (i % 10_000 === 0) expect(takes(() => limiter.take("mallory", 0))).toBe(false);
  }
  Bun.gc(true);
  expect(heapStats().heapSize - before).toBeLessThan(50 << 20);
});

test("what is tidied away is what is whole again: nobody gets a token by it, and a hundred thousand who asked once cost nothing", () => {
  const limiter = createLimiter({ per_second: 1, burst: 2 });
  for (let i = 0; i < 40_000; i += 1) limiter.take(`settle-${i}`, 0);
  limiter.tidy(1_000);
  Bun.gc(true);
  const before = heapStats().heapSize;
  for (let i = 0; i < 40_000; i += 1) limiter.take(`stranger-${i}`, 500);
  for (let i = 0; i < 2; i += 1) limiter.take("mallory", 1_000);
  limiter.tidy(1_499);
  expect(takes(() => limiter.take("stranger-1", 1_499))).toBe(true);
  expect(takes(() => limiter.take("stranger-1", 1_499))).toBe(false);
  limiter.tidy(0); // the clock was set back
  expect(takes(() => limiter.take("mallory", 1_499))).toBe(false);
  limiter.tidy(2_600);
  expect(takes(() => limiter.take("mallory", 2_600))).toBe(true);
  expect(takes(() => limiter.take("mallory", 2_600))).toBe(false);
  Bun.gc(true);
  expect(heapStats().heapSize - before).toBeLessThan(1 << 20);
});

test("who holds their bucket takes from the one that all others of their key take from, also when it has been let go of meanwhile", () => {
  const limiter = createLimiter({ per_second: 1, burst: 4 });
  const here = limiter.takeFrom(null, "ann", 1_000);
  const there = limiter.takeFrom(null, "ann", 1_000);
  limiter.take("ann", 1_000);
  expect(limiter.takeFrom(here, "ann", 1_000)).toBe(here);
  for (const held of [here, there, null]) expect(takes(() => limiter.takeFrom(held, "ann", 1_000))).toBe(false);
  expect(takes(() => limiter.takeFrom(null, "bob", 1_000))).toBe(true);
  limiter.tidy(9_000); // whole again: whoever asks now is given another one
  for (let i = 0; i < 3; i += 1) limiter.take("ann", 9_000);
  const again = limiter.takeFrom(here, "ann", 9_000);
  expect(again).not.toBe(here);
  for (const held of [here, there, again]) expect(takes(() => limiter.takeFrom(held, "ann", 9_000))).toBe(false);
});

test("strangers without number do not set free whoever goes on taking from what they hold", () => {
  const limiter = createLimiter({ per_second: 1, burst: 2 });
  let held = limiter.takeFrom(null, "mallory", 0);
  limiter.take("mallory", 0);
  for (let i = 0; i < 160_000; i += 1) {
    limiter.take(`stranger-${i}`, 0);
    if (i % 10_000 === 0) expect(takes(() => (held = limiter.takeFrom(held, "mallory", 0)))).toBe(false);
  }
});
