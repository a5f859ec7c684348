import { expect, test } from "bun:test";
import type { Message } from "../../server/protocol.ts";
import { ApiError } from "../lib/api-error.ts";
import { type Entry, memoryStorage } from "../lib/storage.ts";
import { message, settled, testApi, testClock, testLink } from "../testing/outside.ts";
import { OutboxModel } from "./outbox.ts";

function desk(storage = memoryStorage(), tab = "tab-1", alive: string[] = [tab]) {
  const clock = testClock();
  const link = testLink();
  const stored: Message[] = [];
  let ids = 0;
  const api = testApi({ "POST /rooms": () => Promise.reject(new ApiError({ code: "offline", retry: true })) });
  const tabs = { id: tab, alive: async () => (id: string) => alive.includes(id) };
  const newId = () => `${tab}-entry-${String((ids += 1)).padStart(6, "0")}`;
  const outbox = new OutboxModel({ api, link, storage, tabs, now: clock.now, newId, later: clock.later, stored: (_room, row) => stored.push(row) });
  const texts = () => outbox.pending.value.map(({ content, state }) => `${content} (${state})`);
  return { clock, link, outbox, stored, storage, texts };
}

type Sent = { type: string; room_id?: string; client_id?: string; content?: string };

/** A server that numbers what it has not seen, as the real one does. */
function numbering(sent: string[]) {
  const rows = new Map<string, Message>();
  return async (frame: unknown) => {
    const { client_id = "", content = "" } = frame as Sent;
    sent.push(content);
    const row = rows.get(client_id) ?? message(rows.size + 1, content, { client_id, sender_id: "me" });
    rows.set(client_id, row);
    return { type: "ok" as const, id: "1", message: row };
  };
}

test("a post is on screen at once and becomes the stored row without standing there twice", async () => {
  const { link, outbox, stored, texts, storage } = desk();
  const sent: string[] = [];
  link.answers(numbering(sent));
  link.reach("open");
  await outbox.begin("me");
  const posting = outbox.post("room", "hello");
  expect(texts()).toEqual(["hello (sending)"]);
  await posting;
  await settled();
  expect(texts()).toEqual([]);
  expect(stored.map(({ content }) => content)).toEqual(["hello"]);
  expect(await storage.all("me")).toEqual([]);
});

test("what is written offline goes out once each and in order when the link is back", async () => {
  const { link, outbox, stored, texts, clock } = desk();
  const sent: string[] = [];
  link.answers(numbering(sent));
  await outbox.begin("me");
  for (const text of ["one", "two", "three"]) await outbox.post("room", text);
  await settled();
  expect(texts()).toHaveLength(3);
  link.reach("open");
  outbox.hurry();
  await clock.advance(10);
  expect(sent).toEqual(["one", "two", "three"]);
  expect(stored.map(({ content }) => content)).toEqual(["one", "two", "three"]);
});

test("an answer that is lost is asked for again with the same client_id", async () => {
  const { link, outbox, stored, clock } = desk();
  const sent: string[] = [];
  const server = numbering(sent);
  let lost = 1;
  link.answers(async (frame) => {
    const answer = await server(frame);
    if (lost-- > 0) throw new ApiError({ code: "offline", retry: true });
    return answer;
  });
  link.reach("open");
  await outbox.begin("me");
  await outbox.post("room", "once");
  await settled();
  await clock.advance(2_000);
  expect(sent).toEqual(["once", "once"]);
  expect(stored.map(({ seq }) => seq)).toEqual([1]);
});

test("a refusal that will not change stays with its reason, and the next entry goes", async () => {
  const { link, outbox, texts, stored, clock } = desk();
  link.answers(async (frame) => {
    const { content = "", client_id = "" } = frame as Sent;
    if (content === "bad") throw new ApiError({ code: "too_large", retry: false });
    return { type: "ok", id: "1", message: message(1, content, { client_id }) };
  });
  await outbox.begin("me");
  await outbox.post("room", "bad");
  await outbox.post("room", "good");
  link.reach("open");
  outbox.hurry();
  await clock.advance(10);
  expect(texts()).toEqual(["bad (refused)"]);
  expect(stored.map(({ content }) => content)).toEqual(["good"]);
  const [entry] = outbox.pending.value;
  expect(await outbox.discard(entry?.client_id ?? "")).toBe("bad");
  expect(texts()).toEqual([]);
});

test("after a minute it says that it is not sent yet, and goes on trying", async () => {
  const { link, outbox, texts, clock } = desk();
  await outbox.begin("me");
  await outbox.post("room", "late");
  await clock.advance(90_000);
  expect(texts()).toEqual(["late (late)"]);
  link.answers(numbering([]));
  link.reach("open");
  await clock.advance(31_000);
  expect(texts()).toEqual([]);
});

test("a tab adopts what a tab that has gone left unsent, not what a living one sends, and never another user's", async () => {
  const storage = memoryStorage();
  const entry = (tab: string, user_id: string, content: string): Entry => ({
    client_id: `${tab}-${user_id}-000000`,
    user_id,
    room_id: "room",
    content,
    at: Date.UTC(2026, 0, 2),
    tab,
  });
  await storage.put(entry("gone", "me", "orphan"));
  await storage.put(entry("living", "me", "theirs"));
  await storage.put(entry("gone", "you", "another's"));
  const { outbox, texts } = desk(storage, "tab-1", ["tab-1", "living"]);
  await outbox.begin("me");
  await settled();
  expect(texts()).toEqual(["orphan (sending)"]);
});

test("a row that the stream tells before its answer comes is not drawn twice", async () => {
  const { link, outbox, texts } = desk();
  let answer = (_: { type: "ok"; id: string }): void => {};
  link.answers(() => new Promise((resolve) => (answer = resolve)));
  link.reach("open");
  await outbox.begin("me");
  const posting = outbox.post("room", "hello");
  await settled();
  const [entry] = outbox.pending.value;
  outbox.heard(message(1, "hello", { sender_id: "me", client_id: entry?.client_id ?? "" }));
  expect(texts()).toEqual([]);
  answer({ type: "ok", id: "1" });
  await posting;
  expect(texts()).toEqual([]);
});
