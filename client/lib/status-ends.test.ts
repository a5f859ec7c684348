import { expect, test } from "bun:test";
import { endOf } from "./status-ends.ts";

const at = (day: number, hour = 0, minute = 0): Date => new Date(2026, 0, day, hour, minute); // the 2nd is a Friday

test("what lasts for a day ends at midnight, for a week with its Sunday, and what stays never", () => {
  const now = at(2, 15, 10).getTime();
  expect(endOf("half_hour", now)).toEqual(at(2, 15, 40));
  expect(endOf("hour", now)).toEqual(at(2, 16, 10));
  expect(endOf("today", now)).toEqual(at(3));
  expect(endOf("week", now)).toEqual(at(5));
  expect(endOf("week", at(4, 23).getTime())).toEqual(at(5));
  expect(endOf("week", at(5).getTime())).toEqual(at(12));
  expect(endOf("stays", now)).toBeNull();
});
