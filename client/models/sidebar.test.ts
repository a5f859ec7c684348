import { expect, test } from "bun:test";
import { signal } from "@preact/signals";
import { message, testApi, testClock } from "../testing/outside.ts";
import { directWith, myRoom } from "../testing/rooms.ts";
import { type MyRoom, RoomsModel } from "./rooms.ts";
import { SidebarModel } from "./sidebar.ts";

function sidebarOf(...list: MyRoom[]) {
  const rooms = new RoomsModel(testApi({}), testClock().later);
  rooms.begin(list, true, true);
  const open = signal<string | null>(null);
  const sidebar = new SidebarModel(rooms, open);
  return {
    rooms,
    sidebar,
    open,
    directs: () => sidebar.directs.value.map(({ id }) => id),
    channels: () => sidebar.channels.value.map(({ id }) => id),
  };
}
const at = (minute: number): string => new Date(Date.UTC(2026, 0, 2, 9, minute)).toISOString();

test("channels stand by name, conversations by their last message, from the first list on", () => {
  const { channels, directs, rooms } = sidebarOf(
    ...["pier", "Anchor", "lamp"].map((name) => myRoom(name)),
    directWith("ann", { last_at: at(1) }),
    directWith("bob", { last_at: at(2) }),
  );
  expect(channels()).toEqual(["Anchor", "lamp", "pier"]);
  expect(directs()).toEqual(["dm-bob", "dm-ann"]);
  rooms.message(message(1, "hello", { room_id: "dm-ann", sender_id: "ann", created_at: at(3) }), "me");
  expect(directs()).toEqual(["dm-ann", "dm-bob"]);
});

test("nothing changes place under the pointer: it waits, and what is new comes last", () => {
  const { sidebar, directs, rooms } = sidebarOf(directWith("ann", { last_at: at(1) }), directWith("bob", { last_at: at(2) }));
  sidebar.hold(true);
  rooms.message(message(1, "hello", { room_id: "dm-ann", sender_id: "ann", created_at: at(3) }), "me");
  rooms.room(directWith("cy", { last_at: at(4) }));
  expect(directs()).toEqual(["dm-bob", "dm-ann", "dm-cy"]);
  sidebar.hold(false);
  expect(directs()).toEqual(["dm-cy", "dm-ann", "dm-bob"]);
});

test("the next room is the one below, round and round; the next unread passes over what is read or muted, not over what notifies of nothing", () => {
  const unread = { last_seq: 2, me: { unread: 2 } };
  const { sidebar } = sidebarOf(
    myRoom("a"),
    myRoom("b", unread),
    myRoom("c", { last_seq: 2, me: { unread: 2, level: "muted" } }),
    directWith("ann", { last_seq: 2, me: { unread: 2, level: "none" } }),
  );
  expect(sidebar.next("a", 1, false)).toBe("b");
  expect(sidebar.next("a", -1, false)).toBe("dm-ann");
  expect(sidebar.next("b", 1, true)).toBe("dm-ann");
  expect(sidebar.next("dm-ann", 1, true)).toBe("b");
  expect(sidebar.next(null, 1, false)).toBe("a");
  expect(sidebar.next(null, -1, false)).toBe("dm-ann");
});

test("an archived channel stands in the list only while it is open or holds something unread", () => {
  const archived_at = at(0);
  const { channels, open } = sidebarOf(...[myRoom("a"), myRoom("b", { archived_at }), myRoom("c", { archived_at, last_seq: 1, me: { unread: 1 } })]);
  expect(channels()).toEqual(["a", "c"]);
  open.value = "b";
  expect(channels()).toEqual(["a", "b", "c"]);
});

test("with no room, or only the open one, there is nowhere to go", () => {
  expect(sidebarOf().sidebar.next(null, 1, false)).toBeNull();
  expect(sidebarOf(myRoom("a")).sidebar.next("a", 1, false)).toBeNull();
});
