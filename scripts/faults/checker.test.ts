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
  edited: false,
  removed: false,
  ...more,
});
const mine = (seq: number) => ({ user_id: "ann", room_id: "r", client_id: `c${seq}` });
const posted = (seq: number, content = `text ${seq}`): Untimed => ({ op: "post", ...mine(seq), content });
const stored = (seq: number, more: object = {}): Untimed => ({ op: "stored", ...mine(seq), id: `m${seq}`, seq, ...more });
const heard = (one: Heard, session = 1): Untimed => ({ op: "heard", hearer: "bob", session, room_id: "r", row: one });
const own = (rev: number, left: boolean): Untimed => ({ op: "own", hearer: "bob", session: 1, room_id: "r", rev, left });
const ack = (seq: number, taken = true): Untimed => ({ op: "ack", hearer: "bob", room_id: "r", seq, taken });
const left: Untimed = { op: "leave", hearer: "bob", room_id: "r" };
const joined: Untimed = { op: "join", hearer: "bob", room_id: "r" };
const opened = (session: number): Untimed => ({ op: "open", hearer: "bob", session });
const revoked: Untimed = { op: "revoke", hearer: "bob", session: 1 };

const finalOf = (rows: Heard[], more: Partial<Final> & { has?: Heard[] } = {}): Final => ({
  rooms: new Map([["r", rows]]),
  held: new Map([["bob", new Map([["r", new Map((more.has ?? rows).map((one) => [one.seq, one]))]])]]),
  acked: new Map(),
  foreign: new Map(),
  ...more,
});
const acked = (seq: number) => ({ acked: new Map([["bob", new Map([["r", seq]])]]) });
/** An hour lies between two events where `wait` stands, else a millisecond. */
const wait: Untimed = { op: "heal" };
const timed = (events: readonly Untimed[]): Event[] => {
  let t = 0;
  return events.map((event): Event => ({ t: (t += event.op === "heal" ? 3_600_000 : 1), ...event }));
};
const verdicts = (events: readonly Untimed[], final: Final): Verdict[] => check(timed(events), final).map(({ verdict }) => verdict);

const three = [row(1), row(2), row(3)];
const edited = row(1, { rev: 4, content: "edited", edited: true });

// Each verdict by the least history that earns it, beside the least change of that history that does not.
const cases: [Verdict, string, [Untimed[], Final], [Untimed[], Final]][] = [
  ["lost", "a reply whose row is not there", [[stored(4)], finalOf(three)], [[stored(3)], finalOf(three)]],
  ["duplicate", "one client_id stored twice", [[], finalOf([row(1), row(2, { client_id: "c1" })])], [[], finalOf([row(1), row(2)])]],
  ["hole", "a seq that is missing", [[], finalOf([row(1), row(3)])], [[], finalOf([row(1), row(2)])]],
  [
    "reply-changed",
    "a retry told otherwise",
    [[stored(1), stored(1, { id: "m2", seq: 2 })], finalOf(three)],
    [[stored(1), stored(1)], finalOf(three)],
  ],
  ["reply-changed", "a seq that is not the stored one", [[stored(1, { seq: 2 })], finalOf(three)], [[stored(1)], finalOf(three)]],
  ["reply-changed", "other bytes than were posted", [[posted(1, "text 2"), stored(1)], finalOf(three)], [[posted(1), stored(1)], finalOf(three)]],
  [
    "reply-changed",
    "a refusal of what is stored",
    [[{ op: "refused", ...mine(1), code: "invalid" }], finalOf(three)],
    [[{ op: "refused", ...mine(4), code: "invalid" }], finalOf(three)],
  ],
  ["phantom", "a row heard and not stored", [[heard(row(4))], finalOf(three)], [[heard(row(3))], finalOf(three)]],
  [
    "phantom",
    "a rev heard that is not stored",
    [[heard(edited)], finalOf(three)],
    [[heard(row(1)), heard(edited)], finalOf([edited, row(2), row(3)])],
  ],
  ["phantom", "a text heard that is not stored", [[heard(row(1, { content: "?" }))], finalOf(three)], [[heard(row(1))], finalOf(three)]],
  ["order-differs", "a row heard at another seq", [[heard(row(2, { seq: 3 }))], finalOf(three)], [[heard(row(2))], finalOf(three)]],
  ["went-back", "an older row after a newer one", [[heard(row(3)), heard(row(2))], finalOf(three)], [[heard(row(2)), heard(row(3))], finalOf(three)]],
  ["silent-skip", "a hearer without a row", [[], finalOf(three, { has: [row(1), row(3)] })], [[], finalOf(three, { has: three })]],
  ["silent-skip", "a hearer without an edit", [[], finalOf([edited], { has: [row(1)] })], [[], finalOf([edited], { has: [edited] })]],
  [
    "leak-tenant",
    "a row of another tenant's room",
    [[heard(row(1))], finalOf(three, { foreign: new Map([["bob", new Set(["r"])]]) })],
    [[heard(row(1))], finalOf(three, { foreign: new Map([["mallory", new Set(["r"])]]) })],
  ],
  [
    "leak-nonmember",
    "a row past one's own leaving",
    [[own(2, true), heard(row(3))], finalOf(three)],
    [[own(2, true), heard(row(2))], finalOf(three)],
  ],
  [
    "leak-nonmember",
    "a socket opened when out",
    [[left, opened(1), heard(row(3))], finalOf(three)],
    [[left, joined, opened(1), heard(row(3))], finalOf(three)],
  ],
  ["late-after-revoke", "a row long after leaving", [[left, wait, heard(row(3))], finalOf(three)], [[left, heard(row(3))], finalOf(three)]],
  [
    "late-after-revoke",
    "a row long after the sign-in's end",
    [[revoked, wait, heard(row(3))], finalOf(three)],
    [[revoked, wait, heard(row(3), 2)], finalOf(three)],
  ],
  ["stale-ack", "an ack that was taken and not kept", [[ack(3)], finalOf(three, acked(2))], [[ack(3, false)], finalOf(three, acked(2))]],
  ["over-ack", "an ack above the last seq that was taken", [[ack(4)], finalOf(three)], [[ack(4, false), ack(3)], finalOf(three, acked(3))]],
  ["over-ack", "a stored ack above the last seq", [[], finalOf(three, acked(4))], [[], finalOf(three, acked(3))]],
];

test.each(cases)("%s: %s", (verdict, _, [events, final], [clean, cleanFinal]) => {
  expect([...new Set(verdicts(events, final))]).toEqual([verdict]);
  expect(verdicts(clean, cleanFinal)).toEqual([]);
});

test("a row heard twice, and an old row in a new session, are no verdict", () => {
  expect(verdicts([heard(row(2)), heard(row(3)), heard(row(2)), heard(row(1), 2)], finalOf(three))).toEqual([]);
});

test("who joined again hears again", () => {
  expect(verdicts([own(1, true), own(2, false), heard(row(3))], finalOf(three))).toEqual([]);
  expect(verdicts([left, joined, wait, heard(row(3))], finalOf(three))).toEqual([]);
});

test("a server that keeps its promises is never accused, whatever is doubled, lost on the way or resumed", () => {
  const steps = fc.array(fc.record({ doubled: fc.boolean(), unanswered: fc.boolean(), acks: fc.boolean(), from: fc.nat(20) }), { maxLength: 30 });
  fc.assert(
    fc.property(steps, (posts) => {
      const rows = posts.map((_, i) => row(i + 1));
      const events = posts.flatMap(({ doubled, unanswered, acks, from }, i): Untimed[] => {
        const reply = unanswered ? [] : [stored(i + 1)];
        const resumed = rows.slice(Math.min(from, i), i + 1).map((one) => heard(one, i + 2));
        return [posted(i + 1), ...reply, ...(doubled ? reply : []), opened(i + 2), ...resumed, ...(acks ? [ack(i + 1), ack(from)] : [])].filter(
          (event) => event.op !== "ack" || event.seq <= i + 1,
        );
      });
      expect(verdicts(events, finalOf(rows, acked(rows.length)))).toEqual([]);
    }),
  );
});
