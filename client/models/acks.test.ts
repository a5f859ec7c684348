import { expect, test } from "bun:test";
import { bob, message } from "../testing/outside.ts";
import { sitting } from "../testing/sitting.ts";

test("what was read is said on the line within a second; when the page is hidden, at once by a call that outlives the page", async () => {
  const { app, api, link, house, clock } = await sitting(undefined, "/r/room", { "PUT /rooms/room/ack": () => undefined });
  const puts = () => api.asked.filter(({ call }) => call.startsWith("PUT /rooms/room/ack"));
  const said = () => link.said.filter(({ type }) => type === "ack");
  const [first, second] = [house.toMe().last_seq + 1, house.toMe().last_seq + 2];
  link.hear({ type: "message", user: bob, message: { ...message(first, "one", { sender_id: bob.id }), rev: house.toMe().last_rev + 1 } });
  link.hear({ type: "message", user: bob, message: { ...message(second, "two", { sender_id: bob.id }), rev: house.toMe().last_rev + 2 } });
  app.seen("room", first);
  expect([said().length, puts().length]).toEqual([0, 0]);
  await clock.advance(1_000);
  expect([said().length, puts().length]).toEqual([1, 0]);
  app.seen("room", second);
  app.flushAcks();
  expect([said().length, puts().length]).toEqual([1, 1]);
  await clock.advance(1_000);
  expect([said().length, puts().length]).toEqual([1, 1]);
});

test("where what I wrote elsewhere is heard before the ack of what stands above it, the server is asked whether it counts as read", async () => {
  const { app, api, link, house, clock } = await sitting();
  const mine = () => app.rooms.rooms.value.get("room")?.me;
  const asks = () => api.asked.filter(({ call }) => call === "GET /rooms/room").length;
  const from_bob = house.run({ do: "post", user: "bob", content: "one" });
  const acked = house.run({ do: "ack", at: 1 });
  const from_me = house.run({ do: "post", user: "me", content: "two, from my phone" });
  for (const frame of [...from_bob, ...from_me, ...acked]) link.hear(frame);
  expect(mine()).toMatchObject({ acked_seq: 1, unread: 1 });
  await clock.advance(1_000);
  expect([mine(), asks()]).toMatchObject([{ acked_seq: 2, unread: 0 }, 1]);
  for (const frame of [...house.run({ do: "post", user: "bob", content: "three" }), ...house.run({ do: "ack", at: 3 })]) link.hear(frame);
  await clock.advance(5_000);
  expect([mine(), asks()]).toMatchObject([{ acked_seq: 3, unread: 0 }, 1]);
});

test("what is marked unread stays so while it is before the reader's eyes, and is read bit by bit in another visit, or at once where they say so", async () => {
  const answers = { "PUT /rooms/room/mark": () => undefined, "DELETE /rooms/room/mark": () => undefined };
  const { app, api, link, house, clock } = await sitting(undefined, "/r/room", answers);
  const hear = (verb: Parameters<typeof house.run>[0]): void => house.run(verb).forEach(link.hear);
  const mine = () => app.rooms.rooms.value.get("room")?.me;
  const asks = () => api.asked.map(({ call }) => call).filter((call) => call.includes("/mark"));
  for (const content of ["1", "2", "3", "4"]) hear({ do: "post", user: "bob", content });
  hear({ do: "ack", at: 4 });
  const [row] = house.page().items.slice(1, 2);
  if (row) await app.markUnread(row);
  hear({ do: "mark", at: 1 });
  expect([mine(), app.timeline.value?.new_after.value]).toMatchObject([{ acked_seq: 4, marked_seq: 2, unread: 3 }, 1]);
  app.seen("room", 4);
  hear({ do: "post", user: "bob", content: "5" });
  app.seen("room", 5);
  await clock.advance(1_000);
  expect([mine()?.unread, asks()]).toMatchObject([4, ["PUT /rooms/room/mark"]]);
  app.place.go("/browse");
  app.place.go("/r/room");
  app.seen("room", 3);
  await clock.advance(1_000);
  expect(asks().slice(1)).toEqual(["DELETE /rooms/room/mark?seq=3"]);
  hear({ do: "mark", at: 3 });
  app.seen("room", 4, true);
  await clock.advance(1_000);
  expect(asks().slice(2)).toEqual(["DELETE /rooms/room/mark?seq=4"]);
  app.seen("room", 5, true);
  await clock.advance(1_000);
  expect(link.said.filter(({ type }) => type === "ack")).toEqual([{ type: "ack", room_id: "room", seq: 5 }]);
});
