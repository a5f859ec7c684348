import { afterAll, beforeAll, expect, test } from "bun:test";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { acknowledge, markUnread, unmark } from "./acks.ts";
import { postMessage } from "./messages.ts";
import type { Principal } from "./principal.ts";
import { createRoom, getRoom, roomsOf } from "./rooms.ts";

let here: World;
beforeAll(async () => void (here = await world()));
afterAll(() => here.dispose());

let made = 0;
/** A room where ann has said five things and bob has read them, the third of which is for him. */
async function readRoom(): Promise<{ room_id: string }> {
  const { chat, ann, bob } = here;
  const { room } = await createRoom(chat, ann, { type: "channel", name: `marked-${(made += 1)}`, visibility: "private", user_ids: [bob.user_id] });
  for (const content of ["1", "2", "for @bob", "4", "5"]) await postMessage(chat, ann, draftFor(room, content));
  await acknowledge(chat, bob, { room_id: room.id, seq: 5 });
  return { room_id: room.id };
}
/** As bob's own list and the room itself tell it, which are the same. */
async function mine(place: { room_id: string }, who: Principal = here.bob) {
  const { me } = await getRoom(here.chat, who, place);
  const listed = (await roomsOf(here.chat, who)).find(({ id }) => id === place.room_id)?.me;
  expect(listed).toEqual(me ?? expect.unreachable());
  return { acked_seq: me?.acked_seq, marked_seq: me?.marked_seq, unread: me?.unread, unread_mentions: me?.unread_mentions };
}

test("a mark makes the room unread from there, with its mentions, and lowers no ack", async () => {
  const place = await readRoom();
  await markUnread(here.chat, here.bob, { ...place, seq: 3 });
  expect(await mine(place)).toEqual({ acked_seq: 5, marked_seq: 3, unread: 3, unread_mentions: 1 });
  await markUnread(here.chat, here.bob, { ...place, seq: 4 });
  expect(await mine(place)).toEqual({ acked_seq: 5, marked_seq: 4, unread: 2, unread_mentions: 0 });
  await unmark(here.chat, here.bob, place);
  await unmark(here.chat, here.bob, place);
  expect(await mine(place)).toEqual({ acked_seq: 5, marked_seq: undefined, unread: 0, unread_mentions: 0 });
});

test("an ack that raises nothing leaves the mark, one that raises reads all before it", async () => {
  const place = await readRoom();
  await markUnread(here.chat, here.bob, { ...place, seq: 2 });
  for (const seq of [1, 5]) await acknowledge(here.chat, here.bob, { ...place, seq });
  expect(await mine(place)).toEqual({ acked_seq: 5, marked_seq: 2, unread: 4, unread_mentions: 1 });
  await postMessage(here.chat, here.bob, draftFor({ id: place.room_id }, "my own"));
  expect(await mine(place)).toEqual({ acked_seq: 6, marked_seq: 2, unread: 5, unread_mentions: 1 });
  await postMessage(here.chat, here.ann, draftFor({ id: place.room_id }, "news"));
  await acknowledge(here.chat, here.bob, { ...place, seq: 7 });
  expect(await mine(place)).toEqual({ acked_seq: 7, marked_seq: undefined, unread: 0, unread_mentions: 0 });
});

test("marked further on than one has read, what lies before it is read", async () => {
  const place = await readRoom();
  for (const content of ["6", "7", "8"]) await postMessage(here.chat, here.ann, draftFor({ id: place.room_id }, content));
  await markUnread(here.chat, here.bob, { ...place, seq: 2 });
  await markUnread(here.chat, here.bob, { ...place, seq: 8 });
  expect(await mine(place)).toEqual({ acked_seq: 7, marked_seq: undefined, unread: 1, unread_mentions: 0 });
  await markUnread(here.chat, here.bob, { ...place, seq: 3 });
  await markUnread(here.chat, here.bob, { ...place, seq: 8 });
  expect(await mine(place)).toEqual({ acked_seq: 7, marked_seq: undefined, unread: 1, unread_mentions: 0 });
});

test("a mark is its owner's alone, needs a message that is there, and a room that is theirs", async () => {
  const { chat, ann, bob, cy, mallory } = here;
  const place = await readRoom();
  await markUnread(chat, bob, { ...place, seq: 1 });
  expect(await mine(place, ann)).toEqual({ acked_seq: 5, marked_seq: undefined, unread: 0, unread_mentions: 0 });
  expect(await refusalOf(markUnread(chat, bob, { ...place, seq: 6 }))).toBe("invalid");
  for (const who of [cy, mallory]) {
    expect(await refusalOf(markUnread(chat, who, { ...place, seq: 1 }))).toBe("not_found");
    expect(await refusalOf(unmark(chat, who, place))).toBe("not_found");
  }
});

test("what was marked is read again bit by bit, and what is said late makes nothing unread", async () => {
  const { chat, bob } = here;
  const place = await readRoom();
  await markUnread(chat, bob, { ...place, seq: 2 });
  const marks: unknown[] = [];
  for (const seq of [3, 1, 2, 5, 3, 1]) {
    await unmark(chat, bob, { ...place, seq });
    marks.push((await mine(place)).marked_seq);
  }
  expect(marks).toEqual([4, 4, 4, undefined, undefined, undefined]);
});
