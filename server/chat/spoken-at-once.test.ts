/** The end of a run of posts (db/spoken.ts) in the one statement that Postgres has for what ends it, beside an ack that arrives meanwhile. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { SQL } from "bun";
import { testStore, type TestStore } from "../testing/store.ts";
import { draftFor, type World, world } from "../testing/world.ts";
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
