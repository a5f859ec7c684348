/** What is owed is derived from two numbers, so it costs nothing per person, cannot be lost, and cannot disagree with what was said. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import type { Tables } from "../../db/store.ts";
import { makeWire } from "../testing/wire.ts";
import { openDoor, tokenOf, visit } from "../testing/visitor.ts";
import { draft, draftFor, type World, world } from "../testing/world.ts";
import { acknowledge } from "./acks.ts";
import { postMessage } from "./messages.ts";
import { getRoom } from "./rooms.ts";
import { sinceAck } from "./since.ts";

let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

const rowsOf = async (): Promise<Record<string, number>> => {
  const { t, read } = here.chat.store;
  const names = Object.keys(t) as (keyof Tables)[]; // the table of tables' own keys
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read.$count(t[name])] as const)));
};

test("a post to ten thousand people who are away is one row, and each of them is owed it", async () => {
  const { chat, ann, bob, room } = here;
  await crowd(10_000);
  const before = await rowsOf();
  await postMessage(chat, ann, draftFor(room, "to all of you"));
  expect(await rowsOf()).toEqual({ ...before, messages: (before["messages"] ?? 0) + 1 });
  await postMessage(chat, ann, draftFor(room, "to @bob and the whole @room")); // addressed, not delivered: a row for each name, none for each person
  const after = await rowsOf();
  expect(after).toEqual({ ...before, messages: (before["messages"] ?? 0) + 2, mentions: (before["mentions"] ?? 0) + 2 });
  for (const user_id of [bob.user_id, "crowd-0", "crowd-9999"]) {
    const owed = await sinceAck(chat, { ...bob, user_id }, room.id);
    expect(owed === "reset" ? owed : owed.count).toBe(2);
  }
  await acknowledge(chat, bob, { room_id: room.id, seq: 1 });
  const left = await sinceAck(chat, bob, room.id);
  expect(left === "reset" ? left : left.count).toBe(1);
}, 60_000);

test("an ack that is doubled, huge or negative changes nothing at either number: unread is always what was said since", async () => {
  const { chat, ann, bob, room } = here;
  const open = openDoor(here);
  const ack = async (seq: unknown) => (await visit(open, bob).put(`/rooms/${room.id}/ack`, { seq })).status;
  const mine = async () => {
    const { me, last_seq } = await getRoom(chat, bob, { room_id: room.id });
    return [me?.acked_seq, me?.unread, last_seq];
  };
  for (let i = 0; i < 5; i += 1) await postMessage(chat, ann, draftFor(room, `m${i}`));
  expect(await mine()).toEqual([0, 5, 5]);
  expect([await ack(3), await ack(3), await mine()]).toEqual([204, 204, [3, 2, 5]]);
  for (const seq of [6, 7, Number.MAX_SAFE_INTEGER, 2 ** 53, 1e300, -1, 1.5, "4", null]) expect([seq, await ack(seq)]).toEqual([seq, 422]);
  expect(await mine()).toEqual([3, 2, 5]);
  expect([await ack(0), await ack(2), await mine()]).toEqual([204, 204, [3, 2, 5]]);
  await Promise.all([5, 4, 5, 3, 4, 5].map((seq) => acknowledge(chat, bob, { room_id: room.id, seq })));
  expect(await mine()).toEqual([5, 0, 5]);
  const [room_row] = await chat.store.read.select().from(chat.store.t.rooms).where(eq(chat.store.t.rooms.id, room.id));
  expect(room_row?.last_seq).toBe(5);
});

test("a post whose answer was lost on the wire, and its retries, are one message", async () => {
  const { chat, bob, room } = here;
  const open = openDoor(here);
  const server = open.app.listen({ port: 0, hostname: "127.0.0.1" }).server ?? expect.unreachable();
  const wire = await makeWire(server.port ?? 0);
  const authorization = `Bearer ${await tokenOf(open, bob)}`;
  const post = (body: object) =>
    fetch(`http://127.0.0.1:${wire.port}/api/v1/rooms/${room.id}/messages`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const said = draft("once");
  let cuts = true;
  chat.hooks.bind("message.posting", async (_event, next) => {
    if (cuts) await wire.cut(); // the request is here, its answer will find no way back
    cuts = false;
    await next();
  });
  const stored = Promise.withResolvers<void>();
  chat.hooks.bind("message.posted", () => stored.resolve());
  expect(await post(said).then(String, () => "no answer")).toBe("no answer");
  await stored.promise;
  await wire.heal();
  const retries = await Promise.all([post(said), post({ ...said, content: "changed" }), post(said)]);
  const bodies: unknown[] = await Promise.all(retries.map((answer) => answer.json()));
  expect(bodies).toEqual([bodies[0], bodies[0], bodies[0]]);
  expect(bodies[0]).toMatchObject({ seq: 1, content: "once", client_id: said.client_id });
  expect((await post(draft("another"))).status).toBe(201);
  expect(await chat.store.read.$count(chat.store.t.messages)).toBe(2);
  await wire.close();
  await server.stop(true);
});

test("a post that was refused, or whose commit failed, is not stored later; its retry is stored once", async () => {
  const { chat, ann, bob, cy, room } = here;
  const said = draft("late");
  const open = openDoor(here);
  const post = (who: typeof bob) => visit(open, who).post(`/rooms/${room.id}/messages`, said);
  expect((await post(cy)).status).toBe(404);
  const { write, once } = chat.store;
  const fails = (): Promise<never> => Promise.reject(new Error("the commit failed"));
  Object.assign(chat.store, { write: fails, ...(once && { once: fails }) });
  expect((await post(bob)).status).toBe(500);
  Object.assign(chat.store, { write, ...(once && { once }) });
  await postMessage(chat, ann, draftFor(room, "meanwhile"));
  expect(await chat.store.read.$count(chat.store.t.messages)).toBe(1);
  expect([(await post(bob)).body.seq, (await post(bob)).body.seq]).toEqual([2, 2]);
  expect(await chat.store.read.$count(chat.store.t.messages)).toBe(2);
});

/** Members of the room who were never here, written straight into the store. */
async function crowd(count: number): Promise<void> {
  const { chat, bob, room } = here;
  const { users, members } = chat.store.t;
  const [[user], [member]] = await Promise.all([
    chat.store.read.select().from(users).where(eq(users.id, bob.user_id)),
    chat.store.read.select().from(members).where(eq(members.user_id, bob.user_id)),
  ]);
  if (!user || !member) return expect.unreachable("bob is in the room");
  await chat.store.write(async (tx) => {
    for (let from = 0; from < count; from += 500) {
      const ids = Array.from({ length: Math.min(500, count - from) }, (_, i) => `crowd-${from + i}`);
      await tx.insert(users).values(ids.map((id) => ({ ...user, id, username: id })));
      await tx.insert(members).values(ids.map((user_id) => ({ ...member, user_id })));
    }
  });
  expect(room.id).toBe(member.room_id);
}
