import { afterEach, beforeEach, expect, test } from "bun:test";
import { draftFor, type World, world } from "../testing/world.ts";
import { breathe } from "./breathe.ts";
import { gather } from "./gather.ts";
import { pageMessages, postMessage } from "./messages.ts";
import { createRoom } from "./rooms.ts";

let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

test("where many post, those who are read a turn later share the commit of those before them", async () => {
  const { chat, ann, bob, clock } = here;
  const { room } = await createRoom(chat, ann, { type: "channel", name: "gathered", visibility: "private", user_ids: [bob.user_id] });
  const together = (...said: [string, string]) =>
    Promise.all([postMessage(chat, ann, draftFor(room, said[0])), postMessage(chat, bob, draftFor(room, said[1]))]);
  await together("who they are", "is asked"); // and then known: they are in one batch
  await together("so many", "are here");
  const first = postMessage(chat, ann, draftFor(room, "first"));
  await breathe();
  clock.advance(1_000);
  await Promise.all([first, postMessage(chat, bob, draftFor(room, "a turn later"))]);
  const { items } = await pageMessages(chat, ann, { room_id: room.id, limit: 2 });
  expect(items.map(({ content }) => content)).toEqual(["first", "a turn later"]);
  expect(items[0]?.created_at).toBe(items[1]?.created_at ?? ""); // the time of their transaction
});

test("it ends with the first turn that brings nothing, and where every turn brings something, before those who came first have waited for long", async () => {
  let asked = 0;
  await gather(() => ((asked += 1), 7));
  expect(asked).toBe(3); // that there are any, how many, and a turn later still as many
  await gather(() => (asked += 1));
  expect(asked).toBeLessThan(20);
});
