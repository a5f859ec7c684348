import { expect, test } from "bun:test";
import { message, settled, testApi, testClock } from "../testing/outside.ts";
import { opened, page, roomOf, seqs } from "../testing/timeline.ts";
import { TimelineModel } from "./timeline.ts";

test("a message is led to in its place, and what comes live is not put across the hole below", async () => {
  const { timeline } = await opened([], roomOf(1_000));
  await timeline.visit(300);
  expect(timeline.opening.value).toEqual({ at: "row", seq: 300 });
  expect(timeline.marked.value).toBe(300);
  expect(timeline.missing.value).toBe(false);
  timeline.apply(message(1_001, "live"));
  expect(seqs(timeline).at(-1)).toBe(324);
  timeline.apply(message(310, "edited", { rev: 2_000 }));
  expect(timeline.stored.value.find(({ seq }) => seq === 310)?.content).toBe("edited");
  await timeline.newest();
  expect(timeline.more_after.value).toBe(false);
  expect(timeline.opening.value).toEqual({ at: "end" });
  timeline.apply(message(1_001, "live"));
  expect(seqs(timeline).at(-1)).toBe(1_001);
});

test("the mark goes after two seconds; a message that never was, or was removed, is not available", async () => {
  const { timeline, clock } = await opened([], roomOf(100));
  await timeline.visit(99);
  expect(timeline.marked.value).toBe(99);
  await clock.advance(2_000);
  expect(timeline.marked.value).toBeNull();
  expect(timeline.missing.value).toBe(false);
  await timeline.visit(5_000);
  expect(timeline.missing.value).toBe(true);
  timeline.goOn();
  expect(timeline.missing.value).toBeFalse();
  timeline.apply(message(98, "", { rev: 900, removed_at: "2026-01-02T00:00:00.000Z" }));
  await timeline.visit(98);
  expect(timeline.missing.value).toBe(true);
});

test("a visit that finds more unread than a page holds opens around the first of them", async () => {
  const clock = testClock();
  const api = testApi(roomOf(1_000));
  const timeline = new TimelineModel({ api, room_id: "room", later: clock.later, meet: () => {}, resume: () => {} });
  timeline.enter(200, 800);
  await settled();
  expect(seqs(timeline)).toContain(201);
  expect(timeline.opening.value).toEqual({ at: "new" });
  expect(timeline.more_after.value).toBe(true);
});

test("after a reset the reader is brought back to where they were", async () => {
  const { timeline } = await opened([], roomOf(1_000));
  await timeline.visit(300);
  timeline.keepPlace({ seq: 310, top: 42 });
  timeline.synced("reset", 1_002);
  await settled();
  expect(seqs(timeline)).toContain(310);
  expect(timeline.opening.value).toEqual({ at: "row", seq: 310, top: 42 });
});

test("a visit with sixty unread asks for all of them, and its New line stays where it was", async () => {
  const { timeline, api } = await opened([message(1, "one")]);
  timeline.leave();
  timeline.enter(1, 60);
  expect(timeline.new_after.value).toBe(1);
  timeline.apply(message(2, "two"));
  expect(timeline.new_after.value).toBe(1);
  timeline.leave();
  timeline.enter(61, 0);
  expect(timeline.new_after.value).toBeNull();
  expect(api.asked.map(({ call }) => call)).toEqual(["GET /rooms/room/messages?limit=50"]); // what is held is not asked for again
  const clock = testClock();
  const other = testApi({ "GET /rooms/room/messages?limit": () => page([message(1, "one")]) });
  new TimelineModel({ api: other, room_id: "room", later: clock.later, meet: () => {}, resume: () => {} }).enter(1, 60);
  expect(other.asked.map(({ call }) => call)).toEqual(["GET /rooms/room/messages?limit=80"]);
});
