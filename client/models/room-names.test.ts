import { expect, test } from "bun:test";
import type { Level } from "../../server/protocol.ts";
import { directWith, myRoom } from "../testing/rooms.ts";
import { addressedIn, isUnread } from "./room-names.ts";

test("a room at none counts its mentions and is unread as any, a muted one counts nothing and is not", () => {
  const counts = { unread: 5, unread_mentions: 2 };
  const seen = (level: Level) =>
    [myRoom("quay", { me: { ...counts, level } }), directWith("ann", { me: { ...counts, level } })].flatMap((room) => [
      addressedIn(room),
      isUnread(room),
    ]);
  expect(seen("all")).toEqual([2, true, 5, true]);
  expect(seen("mentions")).toEqual([2, true, 2, true]);
  expect(seen("none")).toEqual([2, true, 2, true]);
  expect(seen("muted")).toEqual([0, false, 0, false]);
});
