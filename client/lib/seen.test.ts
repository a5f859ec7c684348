import { expect, test } from "bun:test";
import { testClock } from "../testing/outside.ts";
import { createSeen } from "./seen.ts";

function watching() {
  const clock = testClock();
  const told: number[] = [];
  return { clock, told, seen: createSeen({ ...clock, tell: (seq) => void told.push(seq) }) };
}

test("what is in view for half a second is seen, once and not before", async () => {
  const { clock, told, seen } = watching();
  seen.look([1, 2]);
  await clock.advance(499);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual([2]);
});

test("what leaves the view before, or while nobody looks, begins anew", async () => {
  const { clock, told, seen } = watching();
  seen.look([1, 2, 3]);
  await clock.advance(400);
  seen.look([1, 2]);
  await clock.advance(50);
  seen.away();
  await clock.advance(5_000);
  expect(told).toEqual([]);
  seen.look([1]);
  await clock.advance(300);
  seen.look([1, 2]);
  await clock.advance(200);
  expect(told).toEqual([1]);
  await clock.advance(300);
  expect(told).toEqual([1, 2]);
});
