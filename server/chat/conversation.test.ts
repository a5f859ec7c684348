import { afterEach, beforeEach, expect, test } from "bun:test";
import { asc, eq } from "drizzle-orm";
import { draftFor, type World, world } from "../testing/world.ts";
import { acknowledge } from "./acks.ts";
import { type Line, openConversation } from "./conversation.ts";
import { joinRoom } from "./membership.ts";
import { pageMessages, postMessage } from "./messages.ts";
import { createRoom, getRoom } from "./rooms.ts";
import { since } from "./since.ts";

let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

const YEARS_AGO = Date.UTC(2004, 10, 15, 12, 18);
const line = (n: number, username: string, content: string, at = YEARS_AGO + n * 1_000): Line => ({
  client_id: `a-line-of-old-${String(n).padStart(6, "0")}`,
  at,
  username,
  content,
});
const said = [
  line(1, "glad_vole", "is anybody here?"),
  line(2, "bob", "@glad_vole yes, and @nobody too"),
  line(3, "glad_vole", "@bob. good"),
  line(4, "glad_vole", "a clock that went back", YEARS_AGO),
];
const speakers = [
  { username: "glad_vole", at: YEARS_AGO + 1_000 },
  { username: "bob", at: YEARS_AGO + 2_000 },
];
const open = (channel = "Old days") => openConversation(here.chat, here.ann.tenant_id, { channel, description: "", born_at: YEARS_AGO });
const rowsOf = (room_id: string) => {
  const { messages } = here.chat.store.t;
  return here.chat.store.read.select().from(messages).where(eq(messages.room_id, room_id)).orderBy(asc(messages.seq));
};

test("a conversation from elsewhere keeps its times, which never go back, and its order is 1, 2, 3 …", async () => {
  const conversation = await open();
  expect(await conversation.seat(speakers)).toBe(2);
  expect(await conversation.put(said)).toBe(4);
  const rows = await rowsOf(conversation.room_id);
  expect(rows.map(({ seq, created_at }) => [seq, created_at - YEARS_AGO])).toEqual([
    [1, 1_000],
    [2, 2_000],
    [3, 3_000],
    [4, 3_000],
  ]);
  expect(rows.map(({ sender_id }) => sender_id === here.bob.user_id)).toEqual([false, true, false, false]); // bob is the bob who is here
});

test("put again it stores nothing; what is new is put behind, and one who is not seated says nothing", async () => {
  const first = await open();
  await first.seat(speakers);
  await first.put(said.slice(0, 2));
  const again = await open();
  expect(again.room_id).toBe(first.room_id);
  expect(await again.seat(speakers)).toBe(0);
  expect(await again.put([...said, ...said])).toBe(2);
  expect(await again.put(said)).toBe(0);
  expect((await rowsOf(first.room_id)).map(({ content }) => content)).toEqual(said.map(({ content }) => content));
  await expect(again.put([line(5, "mallory", "let me in")])).rejects.toThrow("invalid");
  expect(await rowsOf(first.room_id)).toHaveLength(4);
});

test("whoever spoke has read what was said before; who is named finds it, and only that", async () => {
  const conversation = await open();
  await conversation.seat(speakers);
  await conversation.put(said);
  const room = await getRoom(here.chat, here.bob, { room_id: conversation.room_id });
  expect(room).toMatchObject({ last_seq: 4, member_count: 2, me: { acked_seq: 2, unread: 2, unread_mentions: 1 } });
  const { mentions } = here.chat.store.t;
  const noted = await here.chat.store.read.select().from(mentions).where(eq(mentions.room_id, conversation.room_id)).orderBy(asc(mentions.seq));
  expect(noted.map(({ seq, user_id }) => [seq, user_id === here.bob.user_id])).toEqual([
    [2, false],
    [3, true],
  ]);
});

test("an ack that was further is not lowered by an old line", async () => {
  const conversation = await open();
  await conversation.seat(speakers);
  await conversation.put(said.slice(0, 1));
  await conversation.put([line(7, "glad_vole", "more")]);
  await acknowledge(here.chat, here.bob, { room_id: conversation.room_id, seq: 2 });
  await conversation.put([line(8, "glad_vole", "and more"), line(9, "bob", "mine")]);
  expect((await getRoom(here.chat, here.bob, { room_id: conversation.room_id })).me?.acked_seq).toBe(4);
});

test("it is a channel like others: joined, posted in, and resumed by rev without a hole", async () => {
  const conversation = await open();
  const place = { tenant_id: here.ann.tenant_id, room_id: conversation.room_id };
  await conversation.seat(speakers);
  await conversation.put(said);
  await joinRoom(here.chat, here.cy, { room_id: place.room_id });
  const posted = await postMessage(here.chat, here.cy, draftFor({ id: place.room_id }, "I read it all"));
  expect(posted.message.seq).toBe(5);
  const { rows, position } = await since(here.chat, place, 0);
  const seqs = rows.flatMap((row) => (row.type === "message" ? [row.message.seq] : []));
  expect(seqs).toEqual([1, 2, 3, 4, 5]);
  expect((await since(here.chat, place, position)).rows).toEqual([]);
  const around = await pageMessages(here.chat, here.cy, { room_id: place.room_id, around_time: new Date(YEARS_AGO + 2_000).toISOString(), limit: 1 });
  expect(around.items.map(({ seq }) => seq)).toEqual([2]);
});

test("a channel that was made by talking in it takes no conversation; one of another workspace is another", async () => {
  await createRoom(here.chat, here.ann, { type: "channel", name: "Old Days", visibility: "public" });
  await expect(open("old-days")).rejects.toThrow("conflict");
  const elsewhere = await openConversation(here.chat, here.mallory.tenant_id, { channel: "old-days", description: "", born_at: YEARS_AGO });
  expect(await elsewhere.seat([{ username: "bob", at: YEARS_AGO }])).toBe(1); // a bob of theirs
  expect(await elsewhere.put([line(1, "bob", "hello")])).toBe(1);
  const [row] = await rowsOf(elsewhere.room_id);
  expect(row?.tenant_id).toBe(here.mallory.tenant_id);
  expect(row?.sender_id).not.toBe(here.bob.user_id);
});
