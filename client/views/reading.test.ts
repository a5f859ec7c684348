import { expect, test } from "bun:test";
import { keepReading } from "./reading.ts";

/** A list with a day's line at each of these heights, as the browser would have laid them out. */
function listOf(...days: readonly { top: number; bottom: number }[]): HTMLElement {
  const list = document.createElement("div");
  for (const { top, bottom } of days) {
    const day = document.createElement("div");
    day.className = "messages__day";
    day.getBoundingClientRect = () => new DOMRect(0, top, 100, bottom - top);
    list.append(day);
  }
  return list;
}

const drawn = (list: HTMLElement): (string | null)[] => {
  const reading = keepReading({ moved() {}, near() {} });
  const stop = reading.watch(list);
  reading.drawn({ opening: { at: "end" }, isNewest: true, own: undefined });
  stop();
  return [...list.children].map((day) => day.getAttribute("data-covered"));
};

test("of the days that stick at the top only the last shows, and those below it do", () => {
  expect(drawn(listOf({ top: 8, bottom: 34 }, { top: 8, bottom: 34 }, { top: 300, bottom: 326 }))).toEqual(["", null, null]);
  expect(drawn(listOf({ top: 8, bottom: 34 }, { top: 60, bottom: 86 }))).toEqual([null, null]);
});
