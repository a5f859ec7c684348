import { afterEach, expect, test } from "bun:test";
import { signal } from "@preact/signals";
import { testClock } from "../testing/outside.ts";
import { createGaze } from "./gaze.ts";

afterEach(() => localStorage.clear());

function browser() {
  const clock = testClock();
  const open = (first: string, looks: boolean) => {
    const room_id = signal<string | null>(first);
    let isLooking = looks;
    let changed = (): void => {};
    const onLook = (run: () => void) => ((changed = run), () => {});
    const gaze = createGaze({ room_id, isLooking: () => isLooking, onLook, now: clock.now, later: clock.later });
    const look = (is: boolean): void => {
      isLooking = is;
      changed();
    };
    return { gaze, look, go: (to: string) => (room_id.value = to) };
  };
  return { clock, open };
}

test("a tab in the background knows what is read in the other, and when it is no longer", () => {
  const { open } = browser();
  const front = open("pier", true);
  const back = open("lamp", false);
  expect([back.gaze.isOn("pier"), back.gaze.isOn("lamp"), front.gaze.isOn("pier")]).toEqual([true, false, true]);
  front.go("quay");
  expect([back.gaze.isOn("pier"), back.gaze.isOn("quay")]).toEqual([false, true]);
  front.look(false);
  back.look(true);
  expect([back.gaze.isOn("quay"), front.gaze.isOn("lamp"), front.gaze.isOn("quay")]).toEqual([false, true, false]);
});

test("who reads for long is believed, and a tab that crashed is not", async () => {
  const { open, clock } = browser();
  open("pier", true);
  const back = open("lamp", false);
  await clock.advance(600_000);
  expect(back.gaze.isOn("pier")).toBe(true);
  localStorage.setItem("snug-gaze", `${clock.now() - 60_000} quay`);
  expect(back.gaze.isOn("quay")).toBe(false);
});
