import { expect, test } from "bun:test";
import { dayOf, narrowTimeOf, relativeOf, timeOf } from "./dates.ts";

const now = new Date(2026, 10, 21, 12).getTime();
const at = (year: number, month: number, day: number, hour = 10): string => new Date(year, month - 1, day, hour).toISOString();

test("a day is said as people say it: today, yesterday, then by weekday and date, and of other years with the year", () => {
  expect([dayOf(at(2026, 11, 21, 0), now), dayOf(at(2026, 11, 21, 23), now)]).toEqual(["Today", "Today"]);
  expect(dayOf(at(2026, 11, 20, 23), now)).toBe("Yesterday");
  expect(dayOf(at(2026, 11, 19), now)).toMatch(/Thursday/u);
  expect(dayOf(at(2026, 11, 19), now)).not.toMatch(/2026/u);
  expect(dayOf(at(2025, 12, 31), now)).toMatch(/2025/u);
});

test("in a narrow margin the time is said without the half of the day", () => {
  const half = new Date(2026, 10, 21, 13, 5).toISOString();
  expect([timeOf(half).replaceAll(/\s/gu, " "), narrowTimeOf(half)]).toEqual(["1:05 PM", "1:05"]);
});

test("how long ago is said in the largest unit that fits, and after a week as the date", () => {
  const ago = (ms: number): string => relativeOf(new Date(now - ms).toISOString(), now);
  expect([ago(5 * 60_000), ago(3 * 3_600_000), ago(86_400_000)]).toEqual(["5 minutes ago", "3 hours ago", "yesterday"]);
  expect(ago(8 * 86_400_000)).toMatch(/2026/u);
  expect(ago(-60_000)).toBe("this minute"); // a clock that is behind
});
