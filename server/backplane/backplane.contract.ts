/** What every backplane must satisfy. `pair` gives two places that are to hear each other; where there is only one process they are the same. */
import { afterEach, describe, expect, test } from "bun:test";
import type { Backplane, Bell, Notice, UserBell } from "../chat/chat.ts";
import { revOf } from "../chat/since.ts";
import type { Row } from "../protocol.ts";

export type Pair = { here: Backplane; there: Backplane; dispose(): Promise<void> };

export function describeBackplane(name: string, pair: () => Promise<Pair>): void {
  describe(`the backplane: ${name}`, () => {
    let both: Pair;
    afterEach(() => both.dispose());

    test("a bell is heard where it was rung in the same turn, once, and by the others", async () => {
      both = await pair();
      const [here, there] = [earAt(both.here), earAt(both.there)];
      both.here.ring(bell([row(1, "hello")]));
      expect(here.bells).toEqual([bell([row(1, "hello")])]);
      await there.until(({ revs }) => revs.includes(1));
      expect(there.bells).toEqual([bell([row(1, "hello")])]);
      await fence(both, here, there);
      expect(here.bells.length).toBe(1);
    });

    test("what is rung in any number of turns is heard in that order, rows in their bells while they are small", async () => {
      both = await pair();
      const there = earAt(both.there);
      for (let rev = 1; rev <= 100; rev += 1) {
        both.here.ring(bell([row(rev, "x".repeat(rev % 50))]));
        if (rev % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await there.until(({ revs }) => revs.includes(100));
      expect(there.rows().map(({ message }) => message.rev)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    });

    test("rows that are too large for the road are told by their rev, between those that are not", async () => {
      both = await pair();
      const there = earAt(both.there);
      both.here.ring(bell([row(1, "small"), row(2, "🛶".repeat(4_000)), row(3, "small"), row(4, "x".repeat(7_000)), row(5, "\u0000\"'\\ 🛶 é")]));
      await there.until(({ revs }) => revs.includes(5));
      expect(there.revs).toEqual([1, 2, 3, 4, 5]);
      for (const { message } of there.rows()) expect(message.content.length).toBe({ 1: 5, 2: 8_000, 3: 5, 4: 7_000, 5: 9 }[message.rev] ?? -1);
      expect(there.rows().at(-1)?.message.content).toBe("\u0000\"'\\ 🛶 é");
    });

    test("a flood of rows is heard to its end, whether they are carried or not", async () => {
      both = await pair();
      const there = earAt(both.there);
      for (let rev = 1; rev <= 1_000; rev += 1) both.here.ring(bell([row(rev, "x".repeat(500))]));
      await there.until(({ revs }) => revs.includes(1_000));
      expect(there.revs).toEqual(there.revs.toSorted((a, b) => a - b));
    });

    test("bells for people and passing notices go the same way", async () => {
      both = await pair();
      const there = earAt(both.there);
      const typing: Notice = { tenant_id: "t", to: { room_id: "r" }, frame: { type: "typing", room_id: "r", user_id: "ann-id", is_typing: true } };
      both.here.ringUser({ tenant_id: "t", user_id: "ann-id" });
      both.here.tell(typing);
      await there.until(({ notices }) => notices.length > 0);
      expect(there.users).toEqual([{ tenant_id: "t", user_id: "ann-id" }]);
      expect(there.notices).toEqual([typing]);
    });

    test("a notice that is too large is not heard, or is heard whole, and what follows it is heard", async () => {
      both = await pair();
      const there = earAt(both.there);
      const large: Notice = {
        tenant_id: "t",
        to: { room_id: "r" },
        frame: { type: "typing", room_id: "r".repeat(9_000), user_id: "u", is_typing: true },
      };
      both.here.tell(large);
      both.here.ring(bell([row(1, "after it")]));
      await there.until(({ revs }) => revs.includes(1));
      expect(there.notices.every((notice) => Bun.deepEquals(notice, large))).toBe(true);
    });
  });
}

export type Ear = {
  bells: Bell[];
  users: UserBell[];
  notices: Notice[];
  /** The revs told, of rows or bare, in the order heard. */
  revs: number[];
  lost: number;
  rows(): Extract<Row, { type: "message" }>[];
  /** Resolves when it has heard enough. */
  until(met: (ear: Ear) => boolean): Promise<void>;
};

export function earAt(backplane: Backplane): Ear {
  const waits = new Set<() => void>();
  const ear: Ear = {
    bells: [],
    users: [],
    notices: [],
    revs: [],
    lost: 0,
    rows: () => ear.bells.flatMap((one) => ("rows" in one ? one.rows : [])).filter((one) => one.type === "message"),
    async until(met) {
      while (!met(ear)) {
        await new Promise<void>((resolve) => waits.add(resolve));
        waits.clear();
      }
    },
  };
  const woken =
    <T>(note: (one: T) => void) =>
    (one: T): void => {
      note(one);
      for (const wake of waits) wake();
    };
  backplane.listen({
    room: woken((one) => {
      ear.bells.push(one);
      ear.revs.push(...("rows" in one ? one.rows.map(revOf) : [one.rev]));
    }),
    user: woken((one) => void ear.users.push(one)),
    notice: woken((one) => void ear.notices.push(one)),
    lost: () => woken(() => void (ear.lost += 1))(null),
  });
  return ear;
}

/** Each hears a last word of the other: what they had not heard by then was not said. */
async function fence({ here, there }: Pair, ...ears: Ear[]): Promise<void> {
  here.ringUser({ tenant_id: "fence", user_id: "here" });
  there.ringUser({ tenant_id: "fence", user_id: "there" });
  for (const ear of ears) await ear.until(({ users }) => ["here", "there"].every((name) => users.some(({ user_id }) => user_id === name)));
}

export const bell = (rows: Row[]): Bell => ({ tenant_id: "t", room_id: "r", rows });

export function row(rev: number, content: string): Row {
  const user = { id: "ann-id", username: "ann", display_name: "ann", role: "owner", kind: "person" } as const;
  const message = {
    id: `m${rev}`,
    room_id: "r",
    sender_id: "ann-id",
    seq: rev,
    rev,
    client_id: `c${rev}`,
    content,
    meta: null,
    mentions: [],
    reply_to: null,
  };
  return { type: "message", message: { ...message, created_at: "2026-01-02T03:04:05.000Z" }, user };
}
