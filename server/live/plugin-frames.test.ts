/** What a plugin adds to door two: its frames are bounded, checked, counted and answered as ours, by the rights of whoever is on the socket. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { Type as t } from "@sinclair/typebox";
import { actFor, keyShown } from "../chat/key-rights.ts";
import { getRoom } from "../chat/rooms.ts";
import { refuse } from "../chat/refusal.ts";
import { framesDocument } from "../http/document.ts";
import type { ServedPlugin } from "../plugin-routes.ts";
import { defineFrame } from "../plugins/plugin.ts";
import { keyBy } from "../testing/keys.ts";
import { type House, house } from "../testing/seat.ts";

const room = t.Object({ room_id: t.String() });
const shelf: ServedPlugin = {
  name: "shelf",
  frames: [
    defineFrame({
      name: "put",
      for: "user",
      fields: t.Object({ thing: t.String({ maxLength: 8 }) }),
      answers: t.Object({ said: t.String() }),
      handle: ({ who, fields }) => ({ said: `${who.tenant_id} ${who.user_id} ${fields.thing}` }),
    }),
    defineFrame({ name: "clear", for: "admin", fields: t.Object({}), handle: () => "cleared" }),
    defineFrame({
      name: "count",
      for: "user",
      fields: room,
      answers: t.Object({ members: t.Number() }),
      handle: async ({ who, fields }) => ({ members: (await getRoom(here.chat, who, fields)).member_count }),
    }),
    defineFrame({ name: "taken", for: "user", fields: t.Object({}), handle: () => refuse("conflict") }),
    defineFrame({ name: "broken", for: "user", fields: t.Object({}), handle: () => Promise.reject(new Error("a secret of the shelf")) }),
    defineFrame({ name: "chatty", for: "user", fields: t.Object({}), answers: t.Object({ said: t.String() }), handle: () => ({ said: 7 }) }),
  ],
};

let here: House;
beforeEach(async () => void (here = await house({ plugins: [shelf] })));
afterEach(() => here.dispose());

/** A frame that is none of ours, which the seat's types do not know. */
const say = async (who: Parameters<House["seat"]>[0], frame: object): Promise<unknown> => {
  const seat = await here.seat(who);
  return seat.ask(frame as Parameters<typeof seat.ask>[0]);
};
const put = { type: "shelf.put", thing: "lamp" };

test("whoever is on the socket says it as themselves, in their own workspace, and what is for admins is refused to members", async () => {
  expect(await say(here.bob, put)).toMatchObject({ type: "ok", result: { said: "tenant-one bob-id lamp" } });
  expect(await say(here.mallory, put)).toMatchObject({ type: "ok", result: { said: "tenant-two mallory-id lamp" } });
  expect(await say(here.bob, { type: "shelf.clear" })).toMatchObject({ type: "error", code: "forbidden" });
  const cleared = await say(here.ann, { type: "shelf.clear" });
  expect(cleared).toMatchObject({ type: "ok" });
  expect(cleared).not.toHaveProperty("result"); // nothing is told of what the frame does not tell
  expect(here.faults).toEqual([]);
});

test("it reaches no further than its asker: another's room is not there, a room-bound socket says it of its room alone, one that only reads not at all", async () => {
  const count = { type: "shelf.count", room_id: here.room.id };
  expect(await say(here.bob, count)).toMatchObject({ type: "ok", result: { members: 2 } });
  for (const who of [here.cy, here.mallory]) expect(await say(who, count)).toMatchObject({ type: "error", code: "not_found" });
  const bound = { ...here.bob, room_id: here.room.id };
  expect(await say(bound, count)).toMatchObject({ type: "ok" });
  expect(await say(bound, { ...count, room_id: "another" })).toMatchObject({ type: "error", code: "not_found" });
  expect(await say(bound, put)).toMatchObject({ type: "error", code: "forbidden" });
  const key = await keyShown(here.chat, (await keyBy(here.chat, here.ann, { scope: "read", impersonate: true })).key);
  const reading = key ? await actFor(here.chat, key, { user_id: here.bob.user_id }) : expect.unreachable();
  expect(await say(reading, put)).toMatchObject({ type: "error", code: "forbidden" });
});

test("what is said has the shape it tells, a no is of the closed table, and a fault says nothing and costs the socket nothing", async () => {
  const bob = await here.seat(here.bob);
  const ask = (frame: object) => bob.ask(frame as Parameters<typeof bob.ask>[0]);
  expect(await ask({ ...put, thing: "longer than eight" })).toMatchObject({ type: "error", code: "invalid" });
  expect(await ask({ ...put, more: 1 })).toMatchObject({ type: "error", code: "invalid" });
  expect(await ask({ type: "shelf.nothing" })).toMatchObject({ type: "error", code: "bad_request" });
  expect(await ask({ type: "shelf.taken" })).toMatchObject({ type: "error", code: "conflict" });
  for (const type of ["shelf.broken", "shelf.chatty"]) {
    const answer = await ask({ type });
    expect(answer).toMatchObject({ type: "error", code: "internal" });
    expect(JSON.stringify(answer)).not.toContain("secret");
  }
  expect(here.faults).toHaveLength(2);
  expect(await ask(put)).toMatchObject({ type: "ok" });
});

test("without its plugin it is no frame at all, and /frames.json tells those that are there", async () => {
  const other = await house();
  const bob = await other.seat(other.bob);
  expect(await bob.ask(put as unknown as Parameters<typeof bob.ask>[0])).toMatchObject({ type: "error", code: "bad_request" });
  await other.dispose();
  const told = JSON.stringify(framesDocument([shelf]));
  expect([told.includes('"shelf.put"'), JSON.stringify(framesDocument()).includes("shelf")]).toEqual([true, false]);
});
