import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Message, MessagePage } from "../../server/protocol.ts";
import { message, settled, testApi, testClock } from "../testing/outside.ts";
import { TimelineModel } from "./timeline.ts";

const page = (items: Message[], more: Partial<MessagePage> = {}): MessagePage => ({
  items,
  position: items.at(-1)?.rev ?? 0,
  last_seq: items.at(-1)?.seq ?? 0,
  more_before: (items[0]?.seq ?? 1) > 1,
  more_after: false,
  users: [],
  ...more,
});

const opened = async (items: Message[], answers: Record<string, (path: string) => unknown> = {}) => {
  const clock = testClock();
  const api = testApi({ ...answers, "GET /rooms/room/messages?limit": () => page(items) });
  const timeline = new TimelineModel({ api, room_id: "room", acked_seq: 0, later: clock.later, meet: () => {} });
  await timeline.open();
  return { clock, api, timeline };
};
const seqs = (timeline: { stored: { value: readonly Message[] } }) => timeline.stored.value.map(({ seq }) => seq);

test("a row heard twice, or late, is drawn once and as of its newest rev", async () => {
  const { timeline } = await opened([message(1, "one")]);
  timeline.apply(message(2, "two, better", { rev: 9 }));
  timeline.apply(message(2, "two", { rev: 4 }));
  expect(timeline.stored.value.map(({ content }) => content)).toEqual(["one", "two, better"]);
  expect(timeline.cursor()).toBe(9);
});

test("the answer to one's own post never moves the cursor", async () => {
  const { timeline } = await opened([message(1, "one")]);
  const before = timeline.cursor();
  timeline.merge(message(2, "mine", { rev: 50 }));
  expect(seqs(timeline)).toEqual([1, 2]);
  expect(timeline.cursor()).toBe(before);
});

test("a hole that stays open for a second is filled; one that closes by itself asks nothing", async () => {
  const { timeline, clock, api } = await opened([message(1, "one")], {
    "GET /rooms/room/messages?after_seq=1": () => page([message(2, "two"), message(3, "three"), message(4, "four")]),
  });
  timeline.apply(message(4, "four"));
  timeline.apply(message(2, "two"));
  timeline.apply(message(3, "three"));
  await clock.advance(2_000);
  expect(api.asked.filter(({ call }) => call.includes("after_seq"))).toEqual([]);

  const other = await opened([message(1, "one")], {
    "GET /rooms/room/messages?after_seq=1": () => page([message(2, "two"), message(3, "three"), message(4, "four")]),
  });
  other.timeline.apply(message(4, "four"));
  await other.clock.advance(2_000);
  expect(seqs(other.timeline)).toEqual([1, 2, 3, 4]);
});

test("older pages join without a hole, and rows below what is held wait for their page", async () => {
  const held = Array.from({ length: 50 }, (_, i) => message(i + 51, `m${i + 51}`));
  const { timeline } = await opened(held, {
    "GET /rooms/room/messages?before_seq=51": () => page(Array.from({ length: 50 }, (_, i) => message(i + 1, `m${i + 1}`))),
  });
  timeline.apply(message(3, "edited far above", { rev: 500 }));
  expect(seqs(timeline)[0]).toBe(51);
  await timeline.older();
  expect(seqs(timeline)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  expect(timeline.more_before.value).toBe(false);
});

test("after a reset what was held goes and the newest page comes", async () => {
  const { timeline } = await opened([message(7, "of now")]);
  timeline.apply(message(8, "of another history", { rev: 900 }));
  await timeline.synced("reset", 9);
  expect(timeline.stored.value.map(({ content }) => content)).toEqual(["of now"]);
  expect(timeline.cursor()).toBe(9);
});

test("a room that is not mine any more is unavailable; a server that fails can be asked again", async () => {
  const clock = testClock();
  const parts = { room_id: "room", acked_seq: 0, later: clock.later, meet: () => {} };
  const gone = new TimelineModel({ ...parts, api: testApi({}) });
  await gone.open();
  expect(gone.state.value).toBe("unavailable");
  let up = false;
  const api = testApi({ "GET /rooms/room/messages": () => (up ? page([message(1, "one")]) : Promise.reject(new Error("down"))) });
  const failing = new TimelineModel({ ...parts, api });
  await failing.open();
  expect(failing.state.value).toBe("failed");
  up = true;
  await failing.open();
  await settled();
  expect(seqs(failing)).toEqual([1]);
});

test("rows in any order, any number of times, end as the newest of each", async () => {
  const rows = fc.array(fc.record({ seq: fc.integer({ min: 2, max: 8 }), rev: fc.integer({ min: 4, max: 60 }) }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(rows, async (heard) => {
      const { timeline } = await opened([message(1, "one")]);
      for (const { seq, rev } of heard) timeline.apply(message(seq, `at ${rev}`, { rev }));
      for (const { seq, rev } of timeline.stored.value.slice(1)) {
        expect(rev).toBe(Math.max(...heard.filter((one) => one.seq === seq).map((one) => one.rev)));
      }
      expect(seqs(timeline)).toEqual([...new Set([1, ...heard.map(({ seq }) => seq)])].sort((a, b) => a - b));
    }),
    { numRuns: 50 },
  );
});
