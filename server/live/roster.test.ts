/** What Bun's word on a publish is worth: the worst that happened to any one subscriber, which says nothing of the others. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { type House, house } from "../testing/seat.ts";
import { removeMember } from "../chat/membership.ts";
import { endSignIn } from "../chat/sign-ins.ts";
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

test("who came long ago and is held in new copies hears, is seen to leave, and is closed when their sign-in ends", async () => {
  const [ann, bob] = [await here.seat(here.ann), await here.seat(here.bob)];
  const beat = async (): Promise<void> => {
    here.clock.advance(1_000);
    await here.live.beat();
  };
  for (let i = 0; i < 3; i += 1) await beat(); // the first quiet one packs
  await postMessage(here.chat, here.ann, draftFor(here.room, "still there?"));
  await Promise.all([ann.until("still there?"), bob.until("still there?")]);
  const { sign_in_id } = here.bob.via;
  await endSignIn(here.chat, here.bob, { sign_in_id });
  expect(await bob.closed).toBe(4201);
  expect(here.chat.sessions.statusOf(here.bob)).toBe("active"); // for its grace
  for (let i = 0; i < 6; i += 1) await beat();
  expect(here.chat.sessions.statusOf(here.bob)).toBe("offline");
  const told = (await ann.heard("presence")).flatMap(({ users }) => users).filter(({ user_id }) => user_id === here.bob.user_id);
  expect(told.at(-1)?.status).toBe("offline");
});

test("what a socket is kept for is not forgotten while it is packed: no frame more than the limit lets through", async () => {
  await here.dispose();
  here = await house({ frames: { per_second: 1, burst: 4 } });
  const bob = await here.seat(here.bob);
  const typing = (): Promise<string> =>
    bob
      .ask({ type: "typing", room_id: here.room.id, is_typing: true, id: crypto.randomUUID() })
      .then((answer) => (answer.type === "error" ? answer.code : "ok"));
  expect([await typing(), await typing(), await typing()]).toEqual(["ok", "ok", "ok"]); // the sync was the first
  for (let i = 0; i < 2; i += 1) await here.live.beat();
  expect(await typing()).toBe("rate_limited");
});
