import { afterEach, expect, test } from "bun:test";
import { storePlace, takePlace } from "./places.ts";

afterEach(() => sessionStorage.clear());

test("a place is given once, in its room and to whom it belongs", () => {
  storePlace("ann", "room", { seq: 7, top: 12.5 });
  expect(takePlace("ann", "room")).toEqual({ seq: 7, top: 12.5 });
  expect(takePlace("ann", "room")).toBeNull();
  for (const [user_id, room_id] of [
    ["bob", "room"],
    ["ann", "other"],
  ] as const) {
    storePlace("ann", "room", { seq: 7, top: 12.5 });
    expect(takePlace(user_id, room_id)).toBeNull();
  }
});

test("what somebody else wrote there is no place", () => {
  for (const text of ["", "7", "null", '{"seq":"7","top":1}', '{"seq":7']) {
    sessionStorage.setItem("snug-place", text);
    expect(takePlace("ann", "room")).toBeNull();
  }
});
