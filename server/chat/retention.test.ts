import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { firstBornAfter, firstSentSince } from "../../db/search-islands.ts";
import { refusalOf } from "../testing/refusals.ts";
import { type House, house } from "../testing/seat.ts";
import { draftFor } from "../testing/world.ts";
import { acknowledge } from "./acks.ts";
import type { Principal } from "./principal.ts";
import { getMessage, pageMessages, postMessage } from "./messages.ts";
import { createRoom, getRoom, listRooms } from "./rooms.ts";
import { exportMine } from "./export.ts";
import { listPins, pinMessage } from "./pins.ts";
import { react } from "./reactions.ts";
import { listSaved, listSavedIds, saveMessage, unsaveMessage } from "./saved.ts";
import { pageThread } from "./threads.ts";
import { retain } from "./retention.ts";
import { sinceRev } from "./since.ts";
import { patchConfig } from "./tenant-config.ts";

const DAY_MS = 86_400_000;
let here: House;
beforeEach(async () => void (here = await house()));
afterEach(() => here.dispose());

const post = async (who: Principal, content: string, room: { id: string } = here.room) =>
  (await postMessage(here.chat, who, draftFor(room, content))).message;
const place = () => ({ room_id: here.room.id });
const seqs = async (who: Principal, more: object = {}) =>
  (await pageMessages(here.chat, who, { ...place(), limit: 200, ...more })).items.map(({ seq }) => seq);
const keep = (who: Principal, retention_days: number | null) => patchConfig(here.chat, who, { retention_days });

/** Three of three days ago, one of them to bob, and two of today. */
async function talk(): Promise<void> {
  const { ann, clock } = here;
  await post(ann, "one");
  await post(ann, "@bob two");
  await post(ann, "three");
  clock.advance(3 * DAY_MS);
  await post(ann, "@bob four");
  await post(ann, "five");
}

describe("where a tenant keeps messages for two days", () => {
  test("older ones are gone from every question, and the room says where it begins", async () => {
    const { chat, ann, bob } = here;
    await talk();
    const before = await getRoom(chat, bob, place());
    const first = (await pageMessages(chat, bob, { ...place(), limit: 1, after_seq: 0 })).items[0];
    await retain(chat);
    expect(await seqs(bob)).toEqual([1, 2, 3, 4, 5]); // nobody has said for how long
    await keep(ann, 2);
    await retain(chat);
    expect(await seqs(bob)).toEqual([4, 5]);
    const page = await pageMessages(chat, bob, { ...place(), before_seq: 6, limit: 2 });
    expect([page.more_before, page.last_seq]).toEqual([false, 5]);
    expect(await seqs(bob, { around_time: new Date(0).toISOString() })).toEqual([4, 5]);
    expect(await seqs(bob, { after_seq: 0, limit: 1 })).toEqual([4]);
    expect(await refusalOf(getMessage(chat, bob, { ...place(), message_id: first?.id ?? "" }))).toBe("not_found");
    const room = await getRoom(chat, bob, place());
    expect([room.first_seq, room.last_seq, room.rev > before.rev, room.last_rev]).toEqual([4, 5, true, room.rev]);
    const rows = await sinceRev(chat, bob, { ...place(), since_rev: 0 });
    expect(rows.items.flatMap((row) => (row.type === "message" ? [row.message.seq] : []))).toEqual([4, 5]);
    expect(await chat.store.read.$count(chat.store.t.mentions)).toBe(1);
  });

  test("who looks for the first that stays, from where another has deleted meanwhile, finds it, and not that there is none", async () => {
    const { chat, ann, clock } = here;
    await talk();
    const stale = { id: here.room.id, first_seq: 1, last_seq: 5 };
    const revs = (await pageMessages(chat, ann, { ...place(), limit: 200 })).items.map(({ rev }) => rev);
    await keep(ann, 2);
    await retain(chat);
    expect(await firstSentSince(chat.store.read, stale, clock.now() - 2 * DAY_MS)).toBe(4);
    expect(await firstBornAfter(chat.store.read, stale, 0)).toBe(4);
    expect(await firstBornAfter(chat.store.read, stale, revs.at(-1) ?? 0)).toBe(6);
    expect(await firstSentSince(chat.store.read, { ...stale, first_seq: 4 }, clock.now() + DAY_MS)).toBe(6);
  });

  test("what was saved, pinned, answered or reacted to goes with it: no list and no export names what is gone, and what stays is there", async () => {
    const { chat, ann, bob } = here;
    await talk();
    const [one, , , four] = (await pageMessages(chat, ann, place())).items;
    if (!one || !four) throw new Error("nothing was said");
    for (const { id } of [one, four]) {
      await saveMessage(chat, bob, { message_id: id });
      await pinMessage(chat, bob, { ...place(), message_id: id });
    }
    const answer = (await postMessage(chat, ann, draftFor(here.room, "to the first", { reply_to: one.id }))).message;
    expect([(await listSavedIds(chat, bob)).message_ids, (await listPins(chat, bob, place())).items.length]).toEqual([[four.id, one.id], 2]);
    await keep(ann, 2);
    await retain(chat);
    expect((await listSavedIds(chat, bob)).message_ids).toEqual([four.id]);
    expect((await listSaved(chat, bob)).items.map(({ message }) => message.id)).toEqual([four.id]);
    expect(await chat.store.read.$count(chat.store.t.saved)).toBe(1);
    expect((await Array.fromAsync(await exportMine(chat, bob))).join("")).not.toContain(one.id);
    expect((await listPins(chat, bob, place())).items.map(({ id }) => id)).toEqual([four.id]);
    expect(await refusalOf(pageThread(chat, bob, { ...place(), thread: one.id }))).toBe("not_found");
    expect((await getMessage(chat, bob, { ...place(), message_id: answer.id })).message).toMatchObject({ content: "to the first" });
    expect(await refusalOf(saveMessage(chat, bob, { message_id: one.id }))).toBe("not_found");
    expect(await refusalOf(unsaveMessage(chat, bob, { message_id: one.id }))).toBe("not_found");
  });

  test("reactions go with what they were given to, and no others", async () => {
    const { chat, ann, bob } = here;
    await talk();
    const { items } = await pageMessages(chat, ann, place());
    for (const { id } of items) await react(chat, bob, { ...place(), message_id: id, emoji: "👍" });
    await keep(ann, 2);
    await retain(chat);
    const left = await chat.store.read.select({ message_id: chat.store.t.reactions.message_id }).from(chat.store.t.reactions);
    expect(new Set(left.map(({ message_id }) => message_id))).toEqual(new Set(items.slice(3).map(({ id }) => id)));
  });

  test("seq goes on, and unread counts what is there", async () => {
    const { chat, ann, bob } = here;
    const unread = async () => (await listRooms(chat, bob)).items[0]?.me;
    await talk();
    expect(await unread()).toMatchObject({ acked_seq: 0, unread: 5, unread_mentions: 2 });
    await keep(ann, 2);
    await retain(chat);
    expect(await unread()).toMatchObject({ acked_seq: 0, unread: 2, unread_mentions: 1 });
    expect((await post(ann, "six")).seq).toBe(6);
    expect(await unread()).toMatchObject({ unread: 3 });
    await acknowledge(chat, bob, { ...place(), seq: 4 });
    expect(await unread()).toMatchObject({ unread: 2, unread_mentions: 0 });
    here.clock.advance(30 * DAY_MS);
    await retain(chat);
    expect([await seqs(bob), await unread()]).toEqual([[], expect.objectContaining({ acked_seq: 4, unread: 0 })]);
    expect((await post(ann, "seven")).seq).toBe(7);
    expect([await seqs(bob), await unread()]).toEqual([[7], expect.objectContaining({ unread: 1 })]);
  });

  test("open sockets are told by the room's row, once, and a resume tells nothing that is gone, though it was kept at hand", async () => {
    const { chat, ann, bob, room } = here;
    const cursor = room.last_rev;
    const seat = await here.seat(bob);
    const resume = () => here.seat(bob, { sync: { type: "sync", rooms: [[room.id, cursor]] } });
    await talk();
    await here.live.look(); // the clock has jumped: nothing was told before it was known who may hear it
    expect(await (await resume()).contents()).toEqual(["one", "@bob two", "three", "@bob four", "five"]);
    await keep(ann, 2);
    await retain(chat);
    await here.live.look();
    expect((await seat.heard("room")).map((frame) => frame.room.first_seq)).toEqual([4]);
    await retain(chat);
    await here.live.look();
    expect((await seat.heard("room")).length).toBe(1);
    const again = await resume();
    expect(await again.contents()).toEqual(["@bob four", "five"]);
    expect((await again.heard("synced"))[0]?.verdict).toBe("resumed");
  });

  test("more than one batch goes in several, and a room without anything old is left alone", async () => {
    const { chat, ann, clock } = here;
    await Promise.all(Array.from({ length: 1_201 }, (_, i) => post(ann, `line ${i}`)));
    clock.advance(3 * DAY_MS);
    const { room: young } = await createRoom(chat, ann, { type: "channel", name: "young", visibility: "private" });
    await post(ann, "new", young);
    const before = await getRoom(chat, ann, { room_id: young.id });
    await keep(ann, 2);
    await retain(chat);
    expect(await chat.store.read.$count(chat.store.t.messages)).toBe(1);
    const { first_seq, last_seq, rev } = await getRoom(chat, ann, place());
    expect([first_seq, last_seq, rev]).toEqual([1_202, 1_201, here.room.last_rev + 1_201 + 3]);
    expect(await getRoom(chat, ann, { room_id: young.id })).toEqual(before);
  });
});

test("another tenant keeps its own", async () => {
  const { chat, ann, mallory, clock } = here;
  const { room } = await createRoom(chat, mallory, { type: "channel", name: "quay", visibility: "private" });
  await post(mallory, "hers", room);
  await post(ann, "his");
  clock.advance(3 * DAY_MS);
  await keep(ann, 1);
  await retain(chat);
  expect(await chat.store.read.select({ tenant_id: chat.store.t.messages.tenant_id }).from(chat.store.t.messages)).toEqual([
    { tenant_id: "tenant-two" },
  ]);
  await keep(ann, null);
  await post(ann, "again");
  clock.advance(400 * DAY_MS);
  await retain(chat);
  expect(await seqs(ann)).toEqual([2]);
});

test("a room that cannot be told is a fault in the log, and those behind it and in other workspaces are retained all the same", async () => {
  const { chat, ann, mallory, clock } = here;
  const { room: theirs } = await createRoom(chat, mallory, { type: "group", user_ids: [] });
  const { room: second } = await createRoom(chat, ann, { type: "group", user_ids: [] });
  for (const [who, room] of [
    [ann, here.room],
    [ann, second],
    [mallory, theirs],
  ] as const)
    await post(who, "old", room);
  clock.advance(3 * DAY_MS);
  for (const who of [ann, mallory]) await keep(who, 2);
  const { backplane } = chat;
  const ring: typeof backplane.ring = (bell) => {
    if (bell.room_id === here.room.id) throw new Error("no road for this one");
    backplane.ring(bell);
  };
  Object.assign(chat, { backplane: { ...backplane, ring } });
  await retain(chat);
  for (const [who, room] of [
    [ann, second],
    [mallory, theirs],
  ] as const)
    expect((await getRoom(chat, who, { room_id: room.id })).first_seq).toBe(2);
  expect(here.faults.map(String)).toEqual(["Error: no road for this one"]);
});
