import { expect, test } from "bun:test";
import { dayOf } from "../lib/dates.ts";
import { testClock } from "../testing/outside.ts";
import { TodayModel } from "./today.ts";

test("what was said today was said yesterday from midnight on, and every day again", async () => {
  const clock = testClock();
  const { today } = new TodayModel(clock);
  const at = new Date(clock.now()).toISOString();
  expect(dayOf(at, today.value)).toBe("Today");
  await clock.advance(86_400_000);
  expect(dayOf(at, today.value)).toBe("Yesterday");
  await clock.advance(86_400_000);
  expect(["Today", "Yesterday"]).not.toContain(dayOf(at, today.value));
});
