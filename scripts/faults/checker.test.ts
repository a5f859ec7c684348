import { expect, test } from "bun:test";
import fc from "fast-check";
import { check, type Final, type Verdict } from "./checker.ts";
import type { Event, Heard, Untimed } from "./history.ts";

const row = (seq: number, more: Partial<Heard> = {}): Heard => ({
  id: `m${seq}`,
  seq,
  rev: seq,
  client_id: `c${seq}`,
  sender_id: "ann",
  content: `text ${seq}`,
  removed: false,
  ...more,
});
const stored = (seq: number, more: object = {}): Untimed => ({
  op: "stored",
  user_id: "ann",
  room_id: "r",
  client_id: `c${seq}`,
  id: `m${seq}`,
  seq,
  ...more,
});
const heard = (one: Heard, session = 1): Untimed => ({ op: "heard", hearer: "bob", session, room_id: "r", row: one });
const finalOf = (rows: Heard[], held: Heard[] = rows): Final => ({
  rooms: new Map([["r", rows]]),
  held: new Map([["bob", new Map([["r", new Map(held.map((one) => [one.seq, one]))]])]]),
});
const verdicts = (events: Untimed[], final: Final): Verdict[] =>
  check(
    events.map((event, t): Event => ({ t, ...event })),
    final,
  ).map(({ verdict }) => verdict);

const three = [row(1), row(2), row(3)];

test("a run in which everything is as it was told has no verdict", () => {
  expect(verdicts([...three.map((one) => heard(one)), stored(1), stored(2), stored(3), stored(3)], finalOf(three))).toEqual([]);
});

const broken: [Verdict, Untimed[], Final][] = [
  ["lost", [stored(4)], finalOf(three)],
  ["duplicate", [], finalOf([row(1), row(2, { client_id: "c1" })])],
  ["hole", [], finalOf([row(1), row(3)])],
  ["reply-changed", [stored(1), stored(1, { id: "m2", seq: 2 })], finalOf(three)],
  ["reply-changed", [stored(1, { seq: 2 })], finalOf(three)],
  ["phantom", [heard(row(4))], finalOf(three)],
  ["order-differs", [heard(row(2, { seq: 3 }))], finalOf(three)],
  ["went-back", [heard(row(3)), heard(row(2))], finalOf(three)],
  ["silent-skip", [], finalOf(three, [row(1), row(3)])],
  ["silent-skip", [], finalOf([row(1, { rev: 7, content: "edited" })], [row(1)])],
];

test.each(broken)("%s is found", (verdict, events, final) => {
  expect(verdicts(events, final)).toContain(verdict);
});

test("a row heard twice, and an old row in a new session, are no verdict", () => {
  expect(verdicts([heard(row(2)), heard(row(3)), heard(row(2)), heard(row(1), 2)], finalOf(three))).toEqual([]);
});

test("a server that keeps its promises is never accused, whatever is doubled, lost on the way or resumed", () => {
  const steps = fc.array(fc.record({ doubled: fc.boolean(), unanswered: fc.boolean(), from: fc.nat(20) }), { maxLength: 30 });
  fc.assert(
    fc.property(steps, (posts) => {
      const rows = posts.map((_, i) => row(i + 1));
      const events = posts.flatMap(({ doubled, unanswered, from }, i): Untimed[] => {
        const reply = unanswered ? [] : [stored(i + 1)];
        const resumed = rows.slice(Math.min(from, i), i + 1).map((one) => heard(one, i + 2));
        return [...reply, ...(doubled ? reply : []), ...resumed];
      });
      expect(verdicts(events, finalOf(rows))).toEqual([]);
    }),
  );
});
