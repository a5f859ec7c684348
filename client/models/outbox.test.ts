import { expect, test } from "bun:test";
import type { Message } from "../../server/protocol.ts";
import { ApiError } from "../lib/api-error.ts";
import { type Entry, memoryStorage, type Storage } from "../lib/storage.ts";
import { message, settled, testApi, testClock, testLink } from "../testing/outside.ts";
import { OutboxModel } from "./outbox.ts";

const nobody = (): unknown => Promise.reject(new ApiError({ code: "offline", retry: true }));

function desk(storage = memoryStorage(), tab = "tab-1", alive: string[] = [tab], rest: () => unknown = nobody) {
  const clock = testClock();
  const link = testLink();
  const stored: Message[] = [];
  let ids = 0;
  const api = testApi({ "POST /rooms": rest });
  const tabs = { id: tab, alive: async () => (id: string) => alive.includes(id) };
  const newId = () => `${tab}-entry-${String((ids += 1)).padStart(6, "0")}`;
  const told = { before: async () => {}, stored: (_room: string, row: Message) => void stored.push(row) };
  const outbox = new OutboxModel({ api, link, storage, tabs, now: clock.now, newId, later: clock.later, ...told });
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
  const kept = outbox.post("room", "hello");
  expect(texts()).toEqual(["hello (sending)"]);
  await kept;
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
  expect(outbox.discard(entry?.client_id ?? "")).toBe("bad");
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

test("a full disk is told on the message at once, which waits and goes when there is room again", async () => {
  const { link, outbox, texts, clock } = desk();
  link.answers(() => Promise.reject(new ApiError({ code: "storage_full", retry: true })));
  link.reach("open");
  await outbox.begin("me");
  await outbox.post("room", "kept");
  await settled();
  expect(texts()).toEqual(["kept (late)"]);
  expect(outbox.pending.value[0]?.reason).toBe("storage_full");
  link.answers(numbering([]));
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

test("a tab that closes while another lives leaves its entries to that one within seconds", async () => {
  const storage = memoryStorage();
  const alive = ["tab-1", "tab-2"];
  const { outbox, texts, clock } = desk(storage, "tab-1", alive);
  await outbox.begin("me");
  const other = desk(storage, "tab-2", alive);
  await other.outbox.begin("me");
  await other.outbox.post("room", "written there");
  await clock.advance(6_000);
  expect(texts()).toEqual([]); // its own tab sends it
  alive.pop();
  await clock.advance(6_000);
  expect(texts()).toEqual(["written there (sending)"]);
});

test("where nothing can be kept it sends all the same, and says that a closed tab loses what is unsent", async () => {
  const broken: Storage = {
    ...memoryStorage(),
    lasting: true,
    put: () => Promise.reject(new Error("full")),
    all: () => Promise.reject(new Error("broken")),
  };
  const { link, outbox, stored } = desk(broken);
  link.answers(numbering([]));
  link.reach("open");
  await outbox.begin("me");
  expect(outbox.lasting.value).toBe(true);
  await outbox.post("room", "hello");
  await settled();
  expect(outbox.lasting.value).toBe(false);
  expect(stored.map(({ content }) => content)).toEqual(["hello"]);
  expect(desk(memoryStorage()).outbox.lasting.value).toBe(false);
});

test("what ann left unsent in this tab is not sent by bob, who signs in after her, and waits for her", async () => {
  const { link, outbox, stored, texts, clock } = desk();
  const sent: string[] = [];
  await outbox.begin("ann");
  await outbox.post("room", "from ann");
  link.answers(numbering(sent));
  link.reach("open");
  await outbox.begin("bob");
  await clock.advance(60_000);
  expect(texts()).toEqual([]);
  expect(sent).toEqual([]);
  await outbox.begin("ann");
  await clock.advance(10);
  expect(stored.map(({ content }) => content)).toEqual(["from ann"]);
});

test("an answer that REST owes on a dead line is not waited for when the socket is back, and nothing overtakes", async () => {
  let answer = (_: Message): void => {};
  const { link, outbox, stored, clock } = desk(memoryStorage(), "tab-1", ["tab-1"], () => new Promise((resolve) => (answer = resolve)));
  const sent: string[] = [];
  link.answers(numbering(sent));
  await outbox.begin("me");
  await outbox.post("room", "one");
  await outbox.post("room", "two");
  link.reach("open");
  outbox.hurry();
  await clock.advance(10);
  expect(sent).toEqual(["one", "two"]);
  answer(message(1, "one", { client_id: "tab-1-entry-000001", sender_id: "me" }));
  await clock.advance(10);
  expect(sent).toEqual(["one", "two"]);
  expect(new Set(stored.map(({ seq }) => seq))).toEqual(new Set([1, 2]));
});

test("while the server says when to come back, nothing is tried before", async () => {
  const { link, outbox, clock } = desk();
  const sent: string[] = [];
  const server = numbering(sent);
  let refusals = 1;
  link.answers(async (frame) => {
    if (refusals-- > 0) throw new ApiError({ code: "rate_limited", retry: true, retry_after_ms: 8_000 });
    return server(frame);
  });
  link.reach("open");
  await outbox.begin("me");
  await outbox.post("room", "patient");
  await clock.advance(7_900);
  expect(sent).toEqual([]);
  await clock.advance(200);
  expect(sent).toEqual(["patient"]);
});
