import { expect, test } from "bun:test";
import type { HelloFrame, Member, Message, Room, Row } from "../../server/protocol.ts";
import { bob, message, testClock } from "../testing/outside.ts";
import { createCursors } from "./cursors.ts";
import type { Outgoing } from "./link.ts";
import type { Cursors, Options } from "./types.ts";

const room = (last_rev: number, last_seq: number, id = "room"): Room => ({ id, type: "channel", last_rev, last_seq, rev: 1, first_seq: 1 }) as Room; // the rest is nothing to a cursor
const row = (seq: number, more: Partial<Message> = {}): Row => ({ type: "message", message: message(seq, `text ${seq}`, more), user: bob });
const out = (user_id: string, rev: number): Row => {
  const member: Member = { room_id: "room", user_id, role: "member", joined_at: "", left_at: "", rev };
  return { type: "member", member, user: bob };
};

/** A message of seq n has rev n + 2. */
function stream(options: Pick<Options, "cursors" | "from"> = {}) {
  const clock = testClock();
  const said: Outgoing[] = [];
  const heard: (number | string)[] = [];
  const tell = {
    row: (told: Row) => void heard.push(told.type === "message" ? told.message.rev : told.type),
    gone: (room_id: string) => void heard.push(`gone ${room_id}`),
    reset: ({ room_id, last_rev }: { room_id: string; last_rev: number }) => void heard.push(`reset ${room_id} ${last_rev}`),
  };
  const cursors = createCursors({ ...options, later: clock.later, link: { say: (frame) => void said.push(frame) }, tell });
  return {
    clock,
    cursors,
    heard,
    hello: (rooms: Room[], epoch = "one") => cursors.named(rooms, true, { epoch, user: bob } as HelloFrame),
    synced: (last_rev: number, last_seq: number, verdict: "resumed" | "reset" = "resumed") =>
      cursors.synced({ type: "synced", room_id: "room", verdict, last_rev, last_seq }),
    /** The rooms that `sync` named, one answer for each time it was said. */
    synces: () => said.map((frame) => (frame.type === "sync" ? (frame.rooms ?? "from acks") : frame.type)),
    epochs: () => said.map((frame) => (frame.type === "sync" ? frame.epoch : undefined)),
  };
}

/** Connected, and told everything up to seq 5. */
function level() {
  const here = stream();
  here.hello([room(7, 5)]);
  here.synced(7, 5);
  here.cursors.caughtUp();
  return here;
}

test("rows come in their order, and what is not newer than the cursor is told no second time", () => {
  const { cursors, heard } = level();
  for (const seq of [6, 7, 7, 6]) cursors.row(row(seq));
  cursors.row(row(6, { rev: 20 })); // edited
  expect(heard).toEqual([8, 9, 20]);
});

test("a message before which one is missing is held back until it is there, an edit in its stead too", () => {
  const { cursors, heard, synces } = level();
  cursors.row(row(7));
  cursors.row(row(8));
  expect(heard).toEqual([]);
  cursors.row(row(6, { rev: 12 }));
  expect(heard).toEqual([9, 10, 12]);
  expect(synces()).toHaveLength(1);
});

test("what stays missing is asked for from where the stream was whole, and is told in its place", async () => {
  const { cursors, heard, synces, synced, clock } = level();
  cursors.row(row(7));
  await clock.advance(900);
  expect(synces()).toHaveLength(1);
  await clock.advance(200);
  expect(synces().at(-1)).toEqual([["room", 7]]);
  for (const seq of [6, 7, 8]) cursors.row(row(seq));
  synced(10, 8);
  expect(heard).toEqual([8, 9, 10]);
  await clock.advance(60_000);
  expect(synces()).toHaveLength(2);
});

test("what the server does not have either is waited for no longer", async () => {
  const { cursors, heard, synced, clock } = level();
  cursors.row(row(7));
  await clock.advance(1_100);
  synced(9, 7);
  expect(heard).toEqual([9]);
  cursors.row(row(8));
  expect(heard).toEqual([9, 10]);
});

test("while a room is caught up with, a hole between its rows is none: an edited message comes at its last place", () => {
  const here = level();
  here.cursors.lost();
  here.hello([room(20, 8)]);
  expect(here.synces().at(-1)).toEqual([["room", 7]]);
  here.cursors.row(row(7));
  here.cursors.row(row(8));
  here.cursors.row(row(6, { rev: 20 }));
  here.synced(20, 8);
  expect(here.heard).toEqual([9, 10, 20]);
  here.cursors.row(row(9, { rev: 21 }));
  expect(here.heard.at(-1)).toBe(21);
});

test("a connection that ends drops what was held back, and begins again where the stream was whole", async () => {
  const here = level();
  here.cursors.row(row(7));
  here.cursors.lost();
  await here.clock.advance(2_000);
  expect(here.synces()).toHaveLength(1);
  here.hello([room(9, 7)]);
  expect(here.synces().at(-1)).toEqual([["room", 7]]);
  for (const seq of [6, 7]) here.cursors.row(row(seq));
  expect(here.heard).toEqual([8, 9]);
});

test("a reset is told, and what comes after it is news", () => {
  const here = level();
  here.cursors.lost();
  here.hello([room(4, 2)], "two");
  here.synced(4, 2, "reset");
  expect(here.heard).toEqual(["reset room 4"]);
  here.cursors.row(row(3));
  expect(here.heard).toEqual(["reset room 4", 5]);
});

test("until all is caught up with, the cursors belong to the history they were heard in", () => {
  const here = level();
  here.hello([room(4, 2)], "two");
  here.hello([room(4, 2)], "two");
  here.cursors.caughtUp();
  here.hello([room(4, 2)], "two");
  expect(here.epochs()).toEqual([undefined, "one", "one", "two"]);
});

test("a room that is named no more is gone, as is one that one was put out of; another's leaving takes nothing", () => {
  const here = level();
  here.cursors.row(out("ann", 8));
  expect(here.heard).toEqual(["member"]);
  here.cursors.row(out("bob", 9));
  expect(here.heard).toEqual(["member", "member", "gone room"]);
  const other = level();
  other.hello([room(1, 0, "another")]);
  expect(other.heard).toEqual(["gone room"]);
  expect(other.cursors.now().rooms).toEqual([["another", 1]]);
});

test("a room gained while connected is begun by its rows; lost sight of before the first, it is a reset", () => {
  const here = level();
  here.cursors.gained("new");
  here.hello([room(7, 5), room(3, 1, "new")]);
  expect(here.heard).toEqual(["reset new 3"]);
  here.cursors.gained("newer");
  here.cursors.row(row(1, { room_id: "newer", rev: 3 }));
  here.hello([room(7, 5), room(3, 1, "new"), room(9, 4, "newer")]);
  expect(here.synces().at(-1)).toContainEqual(["newer", 3]);
});

test("a new client goes on where another one's cursors stand, or from its acks until it has caught up once", () => {
  const kept: Cursors = { epoch: "one", rooms: [["room", 3]] };
  const resumed = stream({ cursors: kept, from: "acks" });
  resumed.hello([room(7, 5)]);
  expect(resumed.synces()).toEqual([[["room", 3]]]);
  const fresh = stream({ from: "acks" });
  fresh.hello([room(7, 5)]);
  fresh.cursors.lost();
  fresh.hello([room(7, 5)]);
  fresh.cursors.row(row(4));
  fresh.cursors.row(row(5));
  fresh.synced(7, 5);
  fresh.cursors.caughtUp();
  fresh.cursors.lost();
  fresh.hello([room(7, 5)]);
  expect(fresh.synces()).toEqual(["from acks", "from acks", [["room", 7]]]);
  expect(fresh.heard).toEqual([6, 7]);
});

test("more rooms than one frame may name are begun anew and told so, and no other is", () => {
  const rooms = Array.from({ length: 1_001 }, (_, i) => room(7, 5, `room-${i}`));
  const here = stream();
  here.hello(rooms);
  here.cursors.lost();
  here.hello(rooms);
  expect(here.synces().at(-1)).toHaveLength(1_000);
  expect(here.heard).toEqual(["reset room-1000 7"]);
});
