import { expect, test } from "bun:test";
import { faviconOf } from "./favicon.ts";

const drawn = (addressed: number, other: boolean): string => decodeURIComponent(faviconOf({ addressed, other }) ?? "");

test("the tab's sign has a number for what is for me, a dot for other unread, and neither for nothing", () => {
  expect(drawn(3, true)).toContain(">3<");
  expect(drawn(12, false)).toContain(">9+<");
  expect(drawn(0, true)).toContain('circle cx="26"');
  expect(drawn(0, true)).not.toContain("<text");
  expect(faviconOf({ addressed: 0, other: false })).toBeNull();
});
