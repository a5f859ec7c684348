import { expect, test } from "bun:test";
import { filesInWords, inWords } from "./backup.ts";
import { counted } from "./counted.ts";

test("one is told as one, and more as more", () => {
  expect([0, 1, 2, 2_311].map((n) => counted(n, "room"))).toEqual(["0 rooms", "1 room", "2 rooms", "2,311 rooms"]);
  expect(inWords({ messages: 1, users: 1, rooms: 1, bytes: 2 ** 20 })).toBe("1 message, 1 person and 1 room (1.0 MiB)");
  expect(inWords({ messages: 1_000, users: 2, rooms: 3, bytes: 2 ** 20 })).toBe("1,000 messages, 2 people and 3 rooms (1.0 MiB)");
  expect(filesInWords({ files: 1, bytes: 2 ** 20, missing: 0 })).toBe("1 file (1.0 MiB)");
});
