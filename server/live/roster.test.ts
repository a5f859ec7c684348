/** What Bun's word on a publish is worth: the worst that happened to any one subscriber, which says nothing of the others. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { type House, house } from "../testing/seat.ts";
import { removeMember } from "../chat/membership.ts";
import { postMessage } from "../chat/messages.ts";
import { draftFor } from "../testing/world.ts";

let here: House;
beforeEach(async () => void (here = await house()));
afterEach(() => here.dispose());

test("what a publish answers is not believed: one that says that it failed is not said again", async () => {
  const { publish } = here.server;
  let said = 0;
  here.server.publish = (topic, data, compress) => {
    said += 1;
    publish.call(here.server, topic, data, compress);
    return 0;
  };
  const [ann, bob] = [await here.seat(here.ann), await here.seat(here.bob)];
  for (const content of ["one", "two", "three"]) await postMessage(here.chat, here.ann, draftFor(here.room, content));
  await Promise.all([ann.until("three"), bob.until("three")]);
  expect([await ann.contents(), await bob.contents()]).toEqual([
    ["one", "two", "three"],
    ["one", "two", "three"],
  ]);
  expect(said).toBe(3);
});

test("what was published before a member was put out is still theirs, what comes after is not", async () => {
  const bob = await here.seat(here.bob);
  await postMessage(here.chat, here.ann, draftFor(here.room, "before"));
  await removeMember(here.chat, here.ann, { room_id: here.room.id, user_id: here.bob.user_id });
  await postMessage(here.chat, here.ann, draftFor(here.room, "after"));
  await bob.until("before");
  expect(await bob.contents()).toEqual(["before"]);
});

test("who is put out between hello and sync was told of the room, and is told that it is gone", async () => {
  const [before, after] = [await here.seat(here.bob, { sync: false }), await here.seat(here.bob)];
  await removeMember(here.chat, here.ann, { room_id: here.room.id, user_id: here.bob.user_id });
  for (const seat of [before, after]) {
    const departures = (await seat.heard("member")).filter(({ member }) => member.user_id === here.bob.user_id && member.left_at !== undefined);
    expect(departures.length).toBeGreaterThan(0);
  }
});
