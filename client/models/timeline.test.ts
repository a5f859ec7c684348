import { expect, test } from "bun:test";
import fc from "fast-check";
import type { MessagePage } from "../../server/protocol.ts";
import { ApiError } from "../lib/api-error.ts";
import { message, settled } from "../testing/outside.ts";
import { NEWEST, opened, page, roomOf, seqs, whole } from "../testing/timeline.ts";

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
  const { timeline, clock, resumes } = await opened([message(1, "one")]);
  timeline.apply(message(4, "four"));
  await clock.advance(900);
  timeline.apply(message(2, "two"));
  timeline.apply(message(3, "three"));
  await clock.advance(2_000);
  expect(resumes).toEqual([]);
  expect(timeline.cursor()).toBe(message(4, "").rev);

  timeline.apply(message(7, "seven"));
  timeline.apply(message(8, "eight"));
  await clock.advance(1_000);
  expect(resumes).toEqual([message(4, "").rev]);
  expect(timeline.cursor()).toBe(message(4, "").rev); // a line that breaks now resumes from there too
  for (const seq of [5, 6]) timeline.apply(message(seq, "late"));
  timeline.synced("resumed", 90);
  expect(seqs(timeline)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(timeline.cursor()).toBe(90);
  expect(resumes).toHaveLength(1);
});

test("a gap that is still open when a resume ends resumes at once, and then is read by seq", async () => {
  const { timeline, resumes } = await opened([message(1, "one")], {
    "GET /rooms/room/messages?after_seq=1": () => page([message(2, "two"), message(3, "three"), message(4, "four")]),
  });
  timeline.apply(message(4, "four"));
  timeline.synced("resumed", 6);
  expect(resumes).toEqual([message(1, "").rev]);
  expect(seqs(timeline)).toEqual([1, 4]);
  timeline.synced("resumed", 6);
  await settled();
  expect(seqs(timeline)).toEqual([1, 2, 3, 4]);
  expect(resumes).toHaveLength(1);
});

test("what the stream tells while the newest page is on its way is kept, and an edit far above it opens no gap", async () => {
  let answer = (_: MessagePage): void => {};
  const { timeline, clock, resumes } = await opened([], { [NEWEST]: () => new Promise((resolve) => (answer = resolve)) });
  timeline.apply(message(3, "edited far above", { rev: 80 }));
  timeline.apply(message(52, "came meanwhile"));
  timeline.apply(message(51, "edited meanwhile", { rev: 90 }));
  expect(seqs(timeline)).toEqual([]);
  answer(page([message(50, "fifty"), message(51, "fifty-one")]));
  await settled();
  await clock.advance(5_000);
  expect(timeline.stored.value.map(({ content }) => content)).toEqual(["fifty", "edited meanwhile", "came meanwhile"]);
  expect(resumes).toEqual([]);
});

test("an edit that comes while its older page is on its way is not lost under it", async () => {
  const held = Array.from({ length: 50 }, (_, i) => message(i + 51, `m${i + 51}`));
  let answer = (_: MessagePage): void => {};
  const { timeline } = await opened(held, { "GET /rooms/room/messages?before_seq=51": () => new Promise((resolve) => (answer = resolve)) });
  const older = timeline.older();
  timeline.apply(message(50, "better", { rev: 900 }));
  answer(page(Array.from({ length: 50 }, (_, i) => message(i + 1, "as it was"))));
  await older;
  expect(timeline.stored.value[49]?.content).toBe("better");
  expect(timeline.stored.value[48]?.content).toBe("as it was");
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

/** A room of this many messages, of which pages are given as a server gives them. */
test("scrolling either way meets every message once, and no more than four hundred are held", async () => {
  const { timeline } = await opened([], roomOf(1_000));
  const met = new Set(seqs(timeline));
  const go = async (side: "older" | "newer"): Promise<void> => {
    const known = seqs(timeline);
    timeline.keepPlace({ seq: (side === "older" ? known[0] : known.at(-1)) ?? 0, top: 0 });
    await timeline[side]();
    expect(seqs(timeline)).toEqual(whole(timeline));
    expect(seqs(timeline).length).toBeLessThanOrEqual(400);
    for (const seq of seqs(timeline)) met.add(seq);
  };
  while (timeline.more_before.value) await go("older");
  expect(seqs(timeline)).toEqual(Array.from({ length: 400 }, (_, i) => i + 1));
  expect(timeline.more_after.value).toBe(true);
  while (timeline.more_after.value) await go("newer");
  expect(seqs(timeline).at(-1)).toBe(1_000);
  expect(timeline.more_before.value).toBeTrue();
  expect(met.size).toBe(1_000);
});

test("an older page that could not be had is not asked for in a storm, and a second later it may be", async () => {
  let is_up = false;
  const room = roomOf(200);
  const { timeline, api, clock } = await opened([], {
    "GET /rooms/room/messages?before_seq": (path) =>
      is_up ? room[NEWEST](path) : Promise.reject(new ApiError({ code: "rate_limited", retry: true })),
    ...room,
  });
  const asked = () => api.asked.filter(({ call }) => call.includes("before_seq")).length;
  void timeline.older();
  await settled();
  void timeline.older();
  await settled();
  expect(asked()).toBe(1);
  expect(timeline.loading_older.value).toBeTrue();
  is_up = true;
  await clock.advance(1_000);
  expect(timeline.loading_older.value).toBeFalse();
  await timeline.older();
  expect(seqs(timeline)[0]).toBe(101);
});

test("after a reset what was held goes, and what the stream tells meanwhile stays", async () => {
  const { timeline } = await opened([message(7, "of now")]);
  timeline.apply(message(8, "of another history", { rev: 900 }));
  timeline.synced("reset", 9);
  expect(seqs(timeline)).toEqual([7, 8]); // on screen until the page is there
  timeline.apply(message(8, "live", { rev: 10 }));
  await settled();
  expect(timeline.stored.value.map(({ content }) => content)).toEqual(["of now", "live"]);
  expect(timeline.cursor()).toBe(10);
});

test("a room that is not mine any more is unavailable; a server that fails can be asked again", async () => {
  const gone = await opened([], { "GET /rooms/room/messages": () => Promise.reject(new ApiError({ code: "not_found", retry: false })) });
  expect(gone.timeline.state.value).toBe("unavailable");
  let up = false;
  const failing = await opened([], { "GET /rooms/room/messages": () => (up ? page([message(1, "one")]) : Promise.reject(new Error("down"))) });
  expect(failing.timeline.state.value).toBe("failed");
  up = true;
  failing.timeline.retry();
  await settled();
  expect(failing.timeline.state.value).toBe("ready");
  expect(seqs(failing.timeline)).toEqual([1]);
});

test("what could not be had is asked for again by itself, less and less often, and not where it is refused", async () => {
  let asked = 0;
  let up = false;
  const answer = () => ((asked += 1), up ? page([message(1, "one")]) : Promise.reject(new ApiError({ code: "unavailable", retry: true })));
  const { timeline, clock } = await opened([], { "GET /rooms/room/messages": answer });
  for (const wait of [1_000, 2_000, 4_000]) {
    const before = asked;
    await clock.advance(wait - 1);
    expect(asked).toBe(before);
    await clock.advance(1);
    expect(asked).toBe(before + 1);
    expect(timeline.state.value).toBe("failed");
  }
  up = true;
  await clock.advance(8_000);
  expect(seqs(timeline)).toEqual([1]);
  await clock.advance(60_000);
  expect(asked).toBe(5);

  let refused = 0;
  const forbidden = () => ((refused += 1), Promise.reject(new ApiError({ code: "forbidden", retry: false })));
  const other = await opened([], { "GET /rooms/room/messages": forbidden });
  await other.clock.advance(60_000);
  expect(refused).toBe(1);
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

test("in a room that was empty the first message may come after the second, edited, and one that never comes is asked for", async () => {
  const { timeline, clock, resumes } = await opened([]);
  timeline.apply(message(2, "two", { rev: 2 }));
  timeline.apply(message(1, "one, better", { rev: 3 }));
  expect(seqs(timeline)).toEqual([1, 2]);
  await clock.advance(2_000);
  expect(resumes).toEqual([]);

  const other = await opened([]);
  other.timeline.apply(message(2, "two", { rev: 2 }));
  await other.clock.advance(1_000);
  expect(other.resumes).toEqual([0]);
});

test("what the room has deleted of its beginning is shown no more, and what is left is without a hole", async () => {
  const { timeline, resumes, clock } = await opened([message(1, "one"), message(2, "two"), message(3, "three")]);
  timeline.began(1);
  expect(seqs(timeline)).toEqual([1, 2, 3]);
  timeline.began(3);
  timeline.apply(message(4, "four"));
  await clock.advance(2_000);
  expect([seqs(timeline), timeline.more_before.value, resumes]).toEqual([[3, 4], false, []]);
  timeline.began(5);
  expect(seqs(timeline)).toEqual([]);
  timeline.apply(message(5, "five"));
  expect(seqs(timeline)).toEqual([5]);
});

test("of a stretch in the middle only what is gone goes", async () => {
  const { timeline } = await opened([message(6, "six"), message(7, "seven")]);
  timeline.began(4);
  expect([seqs(timeline), timeline.more_before.value]).toEqual([[6, 7], true]);
  timeline.began(7);
  expect([seqs(timeline), timeline.more_before.value]).toEqual([[7], false]);
});
