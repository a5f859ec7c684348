import { expect, test } from "bun:test";
import { signal } from "@preact/signals";
import { testClock } from "../testing/outside.ts";
import { isQuietAt, QuietModel, type QuietSettings } from "./quiet.ts";

const at = (day: number, time: string): number => new Date(`2026-01-0${day}T${time}:00`).getTime(); // the 2nd is a Friday
const WEEKDAYS = [1, 2, 3, 4, 5];
const quiet = (from: string, to: string, days = WEEKDAYS) => ({ quiet_hours: { from, to, days }, paused_until: null });

test("quiet hours begin and end by the clock, on their days", () => {
  const noon = quiet("12:00", "13:00");
  expect([at(2, "11:59"), at(2, "12:00"), at(2, "12:59"), at(2, "13:00"), at(3, "12:30")].map((now) => isQuietAt(noon, now))).toEqual([
    ...[false, true, true, false, false],
  ]);
});

test("hours over midnight belong to the day on which they begin", () => {
  const night = quiet("22:00", "08:00");
  const asked: [day: number, time: string][] = [
    [2, "21:59"],
    [2, "22:00"],
    [3, "07:59"],
    [3, "08:00"],
    [3, "23:00"],
    [4, "07:00"],
    [5, "07:00"],
  ];
  expect(asked.map(([day, time]) => isQuietAt(night, at(day, time)))).toEqual([false, true, true, false, false, false, false]);
  expect(isQuietAt(quiet("00:00", "00:00", [6]), at(3, "15:00"))).toBe(true);
});

test("a pause ends by itself, also on the screen", async () => {
  const clock = testClock();
  const settings = signal<QuietSettings>({ quiet_hours: null, paused_until: null });
  const model = new QuietModel({ settings, now: clock.now, later: clock.later });
  expect([model.is_quiet.value, model.isNow()]).toEqual([false, false]);
  settings.value = { quiet_hours: null, paused_until: new Date(clock.now() + 60_000).toISOString() };
  expect([model.is_quiet.value, model.isNow()]).toEqual([true, true]);
  await clock.advance(59_000);
  expect([model.is_quiet.value, model.isNow()]).toEqual([true, true]);
  await clock.advance(21_000);
  expect([model.is_quiet.value, model.isNow()]).toEqual([false, false]);
});
