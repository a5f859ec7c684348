import { afterEach, expect, test } from "bun:test";
import { postMessage } from "../chat/messages.ts";
import { openDoors } from "../testing/doors.ts";
import { holdRead } from "../testing/gate.ts";
import { type House, house } from "../testing/seat.ts";
import { tokenOf } from "../testing/visitor.ts";
import { draftFor } from "../testing/world.ts";
import { createTurns } from "./turns.ts";

let here: House;
afterEach(() => here.dispose());

const post = (content: string) => postMessage(here.chat, here.ann, draftFor(here.room, content));

test("one resume at a time is read for a socket: a second sync waits for the first, and both are answered in order", async () => {
  here = await house();
  await post("before");
  await here.seat(here.ann); // the room has a feed, so the next question of it is the resume's
  const bob = await here.seat(here.bob, { sync: false });
  const gate = holdRead(here.chat, "rooms");
  bob.say({ type: "sync", id: "first", rooms: [[here.room.id, 0]] });
  await gate.reached;
  bob.say({ type: "sync", id: "second", rooms: [[here.room.id, 0]] });
  await bob.ask({ type: "ack", room_id: here.room.id, seq: 0 }); // other verbs go on
  expect(bob.frames.filter(({ type }) => type === "synced")).toEqual([]);
  gate.open();
  await bob.until("before");
  while ((await bob.heard("caught_up")).length < 2) await bob.heard("pong");
  expect((await bob.heard("ok")).map(({ id }) => id).filter((id) => !id.startsWith("ask"))).toEqual(["first", "second"]);
  expect((await bob.heard("synced")).length).toBe(2);
});

test("a sync that comes before hello concerns the rooms that hello is about to tell", async () => {
  here = await house();
  await post("never acked");
  const doors = await openDoors(here);
  const texts: string[] = [];
  const gate = holdRead(here.chat, "users");
  const socket = new WebSocket(`ws://127.0.0.1:${doors.port}/ws`, { headers: { authorization: `Bearer ${await tokenOf(doors.open, here.bob)}` } });
  const until = (part: string) =>
    new Promise<void>((resolve) => {
      socket.addEventListener("message", ({ data }) => String(data).includes(part) && resolve());
    });
  socket.onmessage = ({ data }) => texts.push(String(data));
  socket.onopen = () => ['{"type":"sync","id":"early"}', '{"type":"ping","id":"early"}'].forEach((text) => socket.send(text));
  await Promise.all([gate.reached, until('"pong"')]);
  expect(texts).toEqual(['{"type":"pong","id":"early"}']);
  const caughtUp = until('"caught_up"');
  gate.open();
  await caughtUp;
  const types = texts.map((text) => /"type":"(\w+)"/u.exec(text)?.[1]);
  expect(types.filter((type) => type !== "ok")).toEqual(["pong", "hello", "message", "synced", "caught_up"]);
  const live = until('"content":"live"');
  await post("live");
  await live;
  socket.close();
  await doors.stop();
});

test("of many who ask in one turn a few have it, and each of the others one of their own, in order", async () => {
  here = await house();
  const turns = createTurns();
  let turn = 0;
  const state = { over: false };
  const count = (): void => {
    turn += 1;
    if (!state.over) setImmediate(count);
  };
  count();
  const had: [who: number, turn: number][] = [];
  const ask = async (who: number) => {
    await turns.soon();
    had.push([who, turn]);
  };
  await Promise.all(Array.from({ length: 20 }, (_, who) => ask(who)));
  state.over = true;
  const [few, others] = [had.slice(0, 8), had.slice(8)];
  expect(had.map(([who]) => who)).toEqual(Array.from({ length: 20 }, (_, who) => who));
  expect(new Set(few.map(([, turn]) => turn)).size).toBe(1);
  expect(new Set(others.map(([, turn]) => turn)).size).toBe(12);
});
