import { expect, test } from "bun:test";
import type { Message } from "../../server/protocol.ts";
import { message } from "../testing/outside.ts";
import { type Held, type Line, linesOf } from "./lines.ts";
import type { Pending } from "./outbox.ts";

const held = (stored: readonly Message[], more: Partial<Held> = {}): Line[] =>
  linesOf({ stored, pending: [], new_after: null, more_before: false, more_after: false, ...more });
const shown = (lines: readonly Line[]): string[] =>
  lines.map((line) => (line.kind === "post" ? `${line.grouped ? "+" : ""}${line.post.message?.seq ?? "pending"}` : line.kind));
const removed = (seq: number): Message => message(seq, "", { removed_at: "2026-01-02T00:00:00.000Z" });
const entry = (more: Partial<Pending> = {}): Pending => ({
  ...{ client_id: "mine", user_id: "me", room_id: "room", content: "hello", at: Date.UTC(2026, 0, 2, 0, 0, 9), tab: "tab", state: "sending" },
  ...more,
});

test("messages of one sender within five minutes are a group, until somebody else, a reply, the New line or a day comes between", () => {
  const later = new Date(Date.UTC(2026, 0, 2, 0, 6)).toISOString();
  const tomorrow = new Date(Date.UTC(2026, 0, 4)).toISOString();
  const stored = [
    message(1, "a"),
    message(2, "b"),
    message(3, "c", { sender_id: "bob" }),
    message(4, "d", { sender_id: "bob", reply_to: "message-1" }),
    message(5, "e", { sender_id: "bob" }),
    message(6, "f", { sender_id: "bob" }),
    message(7, "g", { sender_id: "bob", created_at: later }),
    message(8, "h", { sender_id: "bob", created_at: tomorrow }),
  ];
  expect(shown(held(stored, { new_after: 5 }))).toEqual(["day", "1", "+2", "3", "4", "+5", "new", "6", "7", "day", "8"]);
});

test("the New line stands after what was read, never over my own post, and waits while it may belong further up", () => {
  const stored = [message(5, "a"), message(6, "b", { sender_id: "bob" })];
  expect(shown(held(stored, { new_after: 5 }))).toEqual(["day", "5", "new", "6"]);
  expect(shown(held(stored, { new_after: 2 }))).toEqual(["day", "new", "5", "6"]);
  expect(shown(held(stored, { new_after: 2, more_before: true }))).toEqual(["day", "5", "6"]);
  expect(shown(held(stored, { new_after: null }))).toEqual(["day", "5", "6"]);
});

test("three tombstones in a row fold into one line, two do not, and what follows stands by itself", () => {
  const two = [message(1, "a"), removed(2), removed(3), message(4, "b")];
  expect(shown(held(two))).toEqual(["day", "1", "+2", "3", "4"]);
  const three = [message(1, "a"), removed(2), removed(3), removed(4), message(5, "b")];
  const lines = held(three);
  expect(shown(lines)).toEqual(["day", "1", "fold", "5"]);
  expect(lines[2]).toMatchObject({ count: 3, seq: 4 });
});

test("a fold keeps its key while tombstones join it below", () => {
  const key = (stored: readonly Message[]): string | undefined => held(stored).find(({ kind }) => kind === "fold")?.key;
  const three = [removed(1), removed(2), removed(3)];
  expect(key([...three, removed(4)])).toBe(key(three) ?? "");
});

test("what I wrote keeps its key when it is stored, and a hole above it is shown", () => {
  const pending = [entry()];
  const before = held([message(1, "a")], { pending }).at(-1);
  const after = held([message(1, "a"), message(2, "hello", { sender_id: "me", client_id: "mine" })]).at(-1);
  expect(after?.key).toBe(before?.key ?? "");
  expect(shown(held([message(1, "a")], { pending, more_after: true }))).toEqual(["day", "1", "gap", "pending"]);
});
