import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Message } from "../../server/protocol.ts";
import { message, settled } from "../testing/outside.ts";
import { opened, page } from "../testing/timeline.ts";

const reply = (seq: number, more: Partial<Message> = {}): Message => message(seq, `reply ${seq}`, { reply_to: "message-1", ...more });
const told = (count: number, last_seq: number): Message =>
  message(1, "root", { replies: { count, last_seq, last_at: message(last_seq, "").created_at, user_ids: ["ann"] } });
const countOf = (timeline: { stored: { value: readonly Message[] } }) => timeline.stored.value[0]?.replies?.count ?? 0;

test("an answer that is heard counts once, however often and in whatever order it and the page come", async () => {
  const { timeline } = await opened([told(1, 2), reply(2)]);
  for (const row of [reply(2), reply(4, { sender_id: "bob" }), reply(3), reply(4, { sender_id: "bob" })]) timeline.apply(row);
  expect(timeline.stored.value[0]?.replies).toEqual({ count: 3, last_seq: 4, last_at: message(4, "").created_at, user_ids: ["ann", "bob"] });
  timeline.merge(reply(5)); // one's own, by its answer, before the stream tells it
  timeline.apply(reply(5));
  expect(countOf(timeline)).toBe(4);
});

test("an edit of what was answered keeps the count that frames do not carry", async () => {
  const { timeline } = await opened([told(2, 3), reply(2), reply(3)]);
  timeline.apply(message(1, "root, mended", { rev: 40 }));
  expect([timeline.stored.value[0]?.content, countOf(timeline)]).toEqual(["root, mended", 2]);
});

test("a removed answer that only this tab counted is taken off; of one the server had counted the server is asked", async () => {
  const answers = { "GET /rooms/room/messages/message-1": () => ({ message: told(1, 2), user: null }) };
  const { timeline, api } = await opened([told(2, 3), reply(2), reply(3)], answers);
  timeline.apply(reply(4));
  timeline.apply(reply(4, { rev: 20, removed_at: "2026-01-02T00:00:09.000Z" }));
  expect(countOf(timeline)).toBe(2);
  const before = api.asked.length;
  timeline.apply(reply(3, { rev: 21, removed_at: "2026-01-02T00:00:10.000Z" }));
  await settled();
  expect(countOf(timeline)).toBe(1);
  expect(api.asked.slice(before).map(({ call }) => call)).toEqual(["GET /rooms/room/messages/message-1"]);
});

test("an answer is counted though a hole of history lies between it and what it answers", async () => {
  const root = { ...told(1, 2), seq: 1 };
  const { timeline } = await opened([root, reply(2)], {
    "GET /rooms/room/messages?limit": () => page([root, reply(2)], { more_after: true, last_seq: 300 }),
  });
  timeline.apply(reply(300));
  expect([timeline.stored.value.length, countOf(timeline)]).toEqual([2, 2]);
});

test("however many answers come, and however late the page, what a tab counts is what there is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ gone: fc.boolean(), early: fc.boolean() }), { maxLength: 400 }), fc.nat(400), async (answers, at) => {
      const rows = answers.map(({ gone }, i) => reply(i + 2, gone ? { removed_at: "2026-01-02T00:00:09.000Z", rev: 1_000 + i } : {}));
      const counted = Math.min(at, rows.length); // of which the page knows
      const standing = rows.slice(0, counted).filter(({ removed_at }) => removed_at === undefined);
      const last = standing.at(-1)?.seq;
      const first = last === undefined ? message(1, "root") : told(standing.length, last);
      const { timeline } = await opened([first]);
      for (const [i, row] of rows.entries()) {
        if (answers[i]?.early === true && i >= counted) timeline.apply({ ...reply(i + 2), rev: 3 });
        timeline.apply(row);
      }
      await settled();
      const there = rows.filter(({ removed_at }) => removed_at === undefined).length;
      expect(countOf(timeline)).toBe(there);
    }),
    { numRuns: 40 },
  );
});
