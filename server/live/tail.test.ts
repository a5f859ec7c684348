/** What is at hand for who comes back: all of it, in order, as it is now, or nothing. */
import { afterEach, expect, test } from "bun:test";
import { editMessage, postMessage, removeMessage } from "../chat/messages.ts";
import { addMember } from "../chat/membership.ts";
import { createRoom } from "../chat/rooms.ts";
import { since } from "../chat/since.ts";
import { patchMe } from "../chat/users.ts";
import type { Message, Row, User } from "../protocol.ts";
import { type House, house } from "../testing/seat.ts";
import { draftFor } from "../testing/world.ts";
import { createFeed } from "./feed.ts";
import { createRoster } from "./roster.ts";
import { createTail } from "./tail.ts";

const user: User = { id: "ann", username: "ann", display_name: "Ann", role: "member", kind: "person" };
const row = (seq: number, rev = seq, content = `message ${seq}`): Row => {
  const created_at = "2026-01-01T00:00:00.000Z";
  const message: Message = {
    id: `m${seq}`,
    room_id: "room",
    seq,
    rev,
    sender_id: "ann",
    client_id: `c${seq}`,
    content,
    meta: null,
    mentions: [],
    reply_to: null,
    created_at,
  };
  return { type: "message", message, user };
};
const contents = (texts: readonly string[] | null): string[] | null => texts && texts.map((text) => JSON.parse(text).message.content);

test("a tail gives what was published above a cursor, and nothing to whoever was away for longer than it reaches back", () => {
  const tail = createTail(10);
  for (let seq = 11; seq <= 13; seq += 1) tail.push(row(seq));
  expect(contents(tail.after(11))).toEqual(["message 12", "message 13"]);
  expect(contents(tail.after(10))?.length).toBe(3);
  expect(tail.after(13)).toEqual([]);
  expect(tail.after(9)).toBeNull();
});

test("a row that changed stands in it once, as it is now and where it is now", () => {
  const tail = createTail(0);
  for (let seq = 1; seq <= 3; seq += 1) tail.push(row(seq));
  tail.push(row(2, 4, "mended"));
  expect(contents(tail.after(0))).toEqual(["message 1", "message 3", "mended"]);
  expect(contents(tail.after(2))).toEqual(["message 3", "mended"]);
});

test("what is read from the database is put before it, but for what has changed while it was read", () => {
  const tail = createTail(3);
  tail.push(row(2, 4, "mended"));
  tail.unshift(1, [row(2), row(3)]);
  expect([tail.from(), contents(tail.after(1)), tail.after(0)]).toEqual([1, ["message 3", "mended"], null]);
  tail.push(row(3, 5, "mended too"));
  expect(contents(tail.after(1))).toEqual(["mended", "mended too"]);
});

test("it holds two hundred rows, of whatever was put in from either side, and knows how much that is", () => {
  const tail = createTail(100);
  tail.unshift(
    0,
    Array.from({ length: 100 }, (_, i) => row(i + 1)),
  );
  for (let seq = 101; seq <= 250; seq += 1) tail.push(row(seq));
  expect([tail.from(), tail.after(50)?.length, tail.after(49)]).toEqual([50, 200, null]);
  expect(tail.size()).toBe((tail.after(50) ?? []).join("").length);
});

let here: House;
afterEach(() => here?.dispose());

const post = async (content: string): Promise<Message> => {
  const { message } = await postMessage(here.chat, here.ann, draftFor(here.room, content));
  return message as Message; // ann is in the room
};

test("who comes back a moment later hears nothing of what was removed, and everybody by the name they have now", async () => {
  here = await house();
  const cy = await here.seat(here.ann); // somebody for whom the room is kept open
  const gone = await post("to be removed");
  const mended = await post("to be mended");
  await post("stays");
  await cy.until("stays");
  await removeMessage(here.chat, here.ann, { room_id: here.room.id, message_id: gone.id });
  await editMessage(here.chat, here.ann, { room_id: here.room.id, message_id: mended.id, content: "mended" });
  await patchMe(here.chat, here.ann, { display_name: "Ann Whitfield" });
  await post("last");
  await cy.until("last");
  for (const visit of ["first", "second"]) {
    const bob = await here.seat(here.bob, { sync: false });
    bob.say({ type: "sync", id: visit, rooms: [[here.room.id, 0]] });
    await bob.when(({ type }) => type === "caught_up");
    const rows = bob.frames.flatMap((frame) => (frame.type === "message" ? [frame] : []));
    expect([visit, rows.map(({ message }) => message.content)]).toEqual([visit, ["stays", "", "mended", "last"]]);
    expect([visit, rows.map((one) => one.user.display_name)]).toEqual([visit, rows.map(() => "Ann Whitfield")]);
    await bob.close();
  }
});

test("what was read before somebody changed is kept for nobody, what was read after it is", async () => {
  here = await house();
  await post("before anybody listened");
  const place = { tenant_id: here.ann.tenant_id, room_id: here.room.id };
  const feed = createFeed(here.chat, createRoster(here.clock.now), () => true);
  await feed.open(place);
  const keep = feed.keeping(place, 0);
  const found = await since(here.chat, place, 0);
  feed.forgetTexts();
  keep(found);
  expect(feed.tail(place, 0)).toBeNull();
  feed.keeping(place, 0)(found);
  expect(feed.tail(place, 0)?.length).toBe(found.rows.length);
});

test("a room gained between hello and sync is resumed from where it was told", async () => {
  here = await house();
  const bob = await here.seat(here.bob, { sync: false });
  const { room } = await createRoom(here.chat, here.ann, { type: "channel", name: "berth", visibility: "private", user_ids: [] });
  await addMember(here.chat, here.ann, { room_id: room.id, user_id: here.bob.user_id });
  await bob.when((frame) => frame.type === "room" && frame.room.id === room.id);
  bob.say({ type: "sync", rooms: [] });
  const told = await bob.when((frame) => frame.type === "synced" && frame.room_id === room.id);
  expect(told).toMatchObject({ verdict: "resumed" });
});
