/** What is written of a member on Postgres while an ack of theirs arrives: the end of a run of posts (db/spoken.ts) in the one statement that ends it, and roles. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { SQL } from "bun";
import { testStore, type TestStore } from "../testing/store.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import type { Role } from "../protocol.ts";
import { leaveRoom, setMemberRole } from "./membership.ts";
import { postMessage } from "./messages.ts";
import { createRoom, getRoom } from "./rooms.ts";

let opened: TestStore;
let here: World;
beforeEach(async () => {
  opened = await testStore("postgres");
  here = await world({ opened });
});
afterEach(() => here.dispose());

test.each([
  ["one post", 1, 0],
  ["one in each of two rooms", 1, 1],
  ["two", 2, 0],
])(
  "an ack by which a run counts as read is not lost with the run's end, though it came after what ends it had begun: %s",
  async (_, count, beside) => {
    const { chat, ann, bob, room } = here;
    const { room: other } = await createRoom(chat, ann, { type: "channel", visibility: "private", name: "beside" });
    const [admin, watch] = [new SQL(opened.url, { max: 1 }), new SQL(opened.url, { max: 1 })];
    await postMessage(chat, ann, draftFor(room, "one"));
    await postMessage(chat, ann, draftFor(other, "one"));
    let posted: Promise<unknown> = Promise.resolve();
    await admin.begin(async (tx) => {
      await tx`SELECT 1 FROM rooms WHERE id = ${room.id} FOR UPDATE`;
      const rooms = [...Array.from({ length: count }, () => room), ...Array.from({ length: beside }, () => other)];
      posted = Promise.all(rooms.map((one) => postMessage(chat, ann, draftFor(one, "after bob")))); // begins here, and waits for the room
      while ((await watch`SELECT 1 FROM pg_locks WHERE NOT granted`).length === 0); // each look is a round trip
      await tx`UPDATE members SET acked_seq = 1 WHERE room_id = ${room.id} AND user_id = ${bob.user_id}`;
      await tx`UPDATE rooms SET speaker_id = ${bob.user_id}, spoken_from = 2, last_seq = 3, last_rev = last_rev + 2 WHERE id = ${room.id}`;
    });
    await posted;
    const { me } = await getRoom(chat, bob, { room_id: room.id });
    expect([me?.acked_seq, me?.unread]).toEqual([3, count]);
    await Promise.all([admin.close(), watch.close()]);
  },
);

test.each<[what: string, deed: () => Promise<unknown>, role: Role]>([
  ["who is made an admin", () => setMemberRole(here.chat, here.ann, { room_id: here.room.id, user_id: here.bob.user_id, role: "admin" }), "admin"],
  ["whose room's owner leaves it", () => leaveRoom(here.chat, here.ann, { room_id: here.room.id }), "owner"],
])("an ack of somebody %s at this moment is not lowered by that", async (_, deed, role) => {
  const { chat, ann, bob, room } = here;
  await postMessage(chat, ann, draftFor(room, "one"));
  const [admin, watch] = [new SQL(opened.url, { max: 1 }), new SQL(opened.url, { max: 1 })];
  let done: Promise<unknown> = Promise.resolve();
  await admin.begin(async (tx) => {
    await tx`UPDATE members SET acked_seq = 1 WHERE room_id = ${room.id} AND user_id = ${bob.user_id}`;
    done = deed(); // has read their row, and waits for it
    while ((await watch`SELECT 1 FROM pg_locks WHERE NOT granted`).length === 0);
  });
  await done;
  const { me } = await getRoom(chat, bob, { room_id: room.id });
  expect([me?.role, me?.acked_seq]).toEqual([role, 1]);
  await Promise.all([admin.close(), watch.close()]);
});
