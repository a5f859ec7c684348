/** What is unread, and how what was read is said: over the whole page, on a line that doubles, breaks and comes late. */
import { expect, test } from "bun:test";
import { testHouse, type Verb } from "../testing/house.ts";
import { message, settled } from "../testing/outside.ts";
import { sitting } from "../testing/sitting.ts";

test("an ack of another tab lowers what is unread here, and one's own post is read by being posted", async () => {
  const { app, link, house } = await sitting();
  for (const who of ["ann", "bob", "ann"]) for (const frame of house.run({ do: "post", user: who, content: "hello" })) link.hear(frame);
  const unread = () => app.rooms.rooms.value.get("room")?.me.unread;
  expect(unread()).toBe(3);
  link.hear({ type: "ack", room_id: "room", user_id: "ann", seq: 3 });
  expect(unread()).toBe(3);
  link.hear({ type: "ack", room_id: "room", user_id: "me", seq: 2 });
  expect(unread()).toBe(1);
  link.hear({ type: "ack", room_id: "room", user_id: "me", seq: 3 });
  for (const frame of house.run({ do: "post", user: "me", content: "mine" })) link.hear(frame);
  expect(unread()).toBe(0);
});

test("what is seen is acked once a second at most, and an ack the server has not heard is said again", async () => {
  const { app, link, house, clock, connect } = await sitting();
  for (let i = 0; i < 5; i += 1) for (const frame of house.run({ do: "post", user: "ann", content: "hello" })) link.hear(frame);
  for (const seq of [1, 2, 3]) app.seen("room", seq);
  const acks = () => link.said.flatMap((frame) => (frame.type === "ack" ? [frame.seq] : []));
  expect(acks()).toEqual([]);
  await clock.advance(1_000);
  expect(acks()).toEqual([3]);
  link.reach("waiting");
  await connect();
  expect(app.rooms.rooms.value.get("room")?.me.unread).toBe(2);
  expect(acks()).toEqual([3, 3]);
});

test("a count of mentions that was overtaken while it was asked for is asked for again", async () => {
  let stale: unknown = null;
  const house = testHouse();
  const { app, link, clock } = await sitting(house, "/r/room", {
    "GET /rooms/room": (path) => (path === "/rooms/room" ? (stale ?? house.toMe()) : path.includes("/messages") ? house.page() : { items: [] }),
  });
  const mentions = () => app.rooms.rooms.value.get("room")?.me.unread_mentions;
  const happen = (verb: Verb) => house.run(verb).forEach(link.hear);
  happen({ do: "post", user: "ann", content: "for @room" });
  stale = house.toMe();
  happen({ do: "post", user: "ann", content: "for @room again" });
  await clock.advance(1_000);
  expect(mentions()).toBe(0);
  stale = null;
  await clock.advance(1_000);
  expect(mentions()).toBe(2);
});

test("an ack that was said into a broken line has the mentions it left counted anew", async () => {
  const { app, link, house, clock, connect } = await sitting();
  for (let i = 0; i < 2; i += 1) for (const frame of house.run({ do: "post", user: "ann", content: "for @me" })) link.hear(frame);
  link.reach("waiting");
  app.seen("room", 1);
  await clock.advance(1_000);
  await connect();
  house.run({ do: "ack", at: 1 }); // it is said again with the new line
  await clock.advance(1_000);
  expect(app.rooms.rooms.value.get("room")?.me).toMatchObject({ acked_seq: 1, unread: 1, unread_mentions: 1 });
});

test("a mention that one's own answer has overtaken is counted all the same", async () => {
  const { app, link, house, clock } = await sitting();
  const overtaken = house.run({ do: "post", user: "ann", content: "for @me" });
  const mine = house.run({ do: "post", user: "me", content: "mine" });
  for (const frame of [...mine, ...overtaken]) link.hear(frame);
  expect(app.rooms.rooms.value.get("room")?.me).toMatchObject({ unread: 2, unread_mentions: 0 });
  await clock.advance(1_000);
  expect(app.rooms.rooms.value.get("room")?.me).toMatchObject({ unread: 2, unread_mentions: 1 });
});

test("what was read is said before what is written after it, by either door", async () => {
  for (const isOpen of [true, false]) {
    const { app, api, link, house, clock } = await sitting();
    for (const frame of house.run({ do: "post", user: "ann", content: "hello" })) link.hear(frame);
    const order: string[] = [];
    link.answers(async () => {
      order.push(...link.said.map(({ type }) => type).filter((type) => type === "ack"), "post");
      return { type: "ok", id: "1", message: message(2, "mine", { sender_id: "me" }) };
    });
    if (!isOpen) link.reach("waiting");
    app.seen("room", 1);
    if (!isOpen) await clock.advance(1_000); // said into nothing
    await app.outbox.post("room", "mine");
    await settled();
    const calls = api.asked.map(({ call }) => call).filter((call) => /^(PUT|POST)/u.test(call));
    expect(isOpen ? order : calls.slice(-2)).toEqual(isOpen ? ["ack", "post"] : ["PUT /rooms/room/ack", "POST /rooms/room/messages"]);
  }
});

test("a post that may have overtaken an ack is acked by name, one that stands alone is not", async () => {
  const { link, house, app, clock } = await sitting();
  const acks = () => link.said.flatMap((frame) => (frame.type === "ack" ? [frame.seq] : []));
  const happen = (user: string) => house.run({ do: "post", user, content: "hello" }).forEach(link.hear);
  happen("me");
  expect(acks()).toEqual([]);
  happen("ann");
  app.seen("room", 2);
  await clock.advance(1_000);
  happen("me");
  expect(acks()).toEqual([2, 3]);
  await clock.advance(5_000);
  happen("me");
  expect(acks()).toEqual([2, 3]);
});
