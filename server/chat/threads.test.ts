import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Message } from "../protocol.ts";
import { earOf } from "../testing/ear.ts";
import { whole } from "../testing/posted.ts";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { removeMember } from "./membership.ts";
import { editMessage, getMessage, pageMessages, postMessage, removeMessage } from "./messages.ts";
import type { Principal } from "./principal.ts";
import { createRoom } from "./rooms.ts";
import { pageThread } from "./threads.ts";

let here: World;
beforeAll(async () => {
  here = await world();
});
afterAll(() => here.dispose());

let channels = 0;
const channel = async () => {
  const { chat, ann, bob } = here;
  return (await createRoom(chat, ann, { type: "channel", name: `threads-${(channels += 1)}`, visibility: "private", user_ids: [bob.user_id] })).room;
};
const said = async (who: Principal, room: { id: string }, content: string, reply_to?: string): Promise<Message> => {
  here.clock.advance(1_000);
  return whole(await postMessage(here.chat, who, draftFor(room, content, reply_to === undefined ? {} : { reply_to })));
};
const contents = (items: readonly Message[]) => items.map(({ content }) => content);

describe("what was answered to a message", () => {
  test("stands on its row of a page and of the message alone: how many, when last, who first", async () => {
    const { chat, ann, bob } = here;
    const room = await channel();
    const root = await said(ann, room, "who brings the boat?");
    const other = await said(ann, room, "nobody answers this");
    await said(bob, room, "I do", root.id);
    await said(ann, room, "with oars?", root.id);
    const last = await said(bob, room, "with oars", root.id);
    const replies = { count: 3, last_seq: last.seq, last_at: last.created_at, user_ids: [bob.user_id, ann.user_id] };
    const { items } = await pageMessages(chat, ann, { room_id: room.id });
    expect(items.map(({ id, replies }) => [id, replies]).slice(0, 2)).toEqual([
      [root.id, replies],
      [other.id, undefined],
    ]);
    expect((await getMessage(chat, bob, { room_id: room.id, message_id: root.id })).message.replies).toEqual(replies);
    expect((await getMessage(chat, bob, { room_id: room.id, message_id: other.id })).message).not.toHaveProperty("replies");
  });

  test("tombstones do not count, and the page names whoever answered first though they are not on it", async () => {
    const { chat, ann, bob } = here;
    const room = await channel();
    const root = await said(ann, room, "root");
    const first = await said(ann, room, "first", root.id);
    const second = await said(bob, room, "second", root.id);
    await removeMessage(chat, ann, { room_id: room.id, message_id: first.id });
    const page = await pageMessages(chat, ann, { room_id: room.id, before_seq: first.seq });
    expect(page.items[0]?.replies).toEqual({ count: 1, last_seq: second.seq, last_at: second.created_at, user_ids: [bob.user_id] });
    expect(page.users.map(({ id }) => id)).toEqual([ann.user_id, bob.user_id]);
    await removeMessage(chat, bob, { room_id: room.id, message_id: second.id });
    expect((await pageMessages(chat, ann, { room_id: room.id })).items[0]).not.toHaveProperty("replies");
  });

  test("an answer neither raises the rev of what it answers nor tells the room of it; frames carry no count", async () => {
    const { chat, ann, bob } = here;
    const room = await channel();
    const root = await said(ann, room, "root");
    const ear = earOf(chat);
    await said(bob, room, "answer", root.id);
    await editMessage(chat, ann, { room_id: room.id, message_id: root.id, content: "root, mended" });
    expect(ear.contents()).toEqual(["answer", "root, mended"]);
    expect(JSON.stringify(ear)).not.toContain('"replies"');
    const { message } = await getMessage(chat, ann, { room_id: room.id, message_id: root.id });
    expect([message.rev, message.replies?.count]).toEqual([root.rev + 2, 1]);
  });
});

describe("a thread", () => {
  test("is the message and its replies alone, in order, by pages to both sides", async () => {
    const { chat, ann, bob } = here;
    const room = await channel();
    const root = await said(ann, room, "root");
    const replies: Message[] = [];
    for (let i = 1; i <= 7; i += 1) {
      await said(bob, room, `beside ${i}`);
      replies.push(await said(i % 2 ? bob : ann, room, `reply ${i}`, root.id));
    }
    const place = { room_id: room.id, thread: root.id, limit: 3 };
    const newest = await pageThread(chat, bob, place);
    expect(contents(newest.items)).toEqual(["reply 5", "reply 6", "reply 7"]);
    expect([newest.more_before, newest.more_after, newest.root?.id, newest.root?.replies?.count]).toEqual([true, false, root.id, 7]);
    const older = await pageThread(chat, bob, { ...place, before_seq: newest.items[0]?.seq ?? 0 });
    expect([contents(older.items), older.more_before, older.more_after]).toEqual([["reply 2", "reply 3", "reply 4"], true, true]);
    const oldest = await pageThread(chat, bob, { ...place, before_seq: older.items[0]?.seq ?? 0 });
    expect([contents(oldest.items), oldest.more_before, oldest.more_after]).toEqual([["reply 1"], false, true]);
    const later = await pageThread(chat, bob, { ...place, after_seq: replies[4]?.seq ?? 0 });
    expect([contents(later.items), later.more_before, later.more_after]).toEqual([["reply 6", "reply 7"], true, false]);
    const around = await pageThread(chat, bob, { ...place, around_time: replies[3]?.created_at ?? "" });
    expect([contents(around.items), around.more_before, around.more_after]).toEqual([["reply 3", "reply 4", "reply 5"], true, true]);
    const none = await pageThread(chat, bob, { ...place, after_seq: replies[6]?.seq ?? 0 });
    expect([none.items, none.more_before, none.more_after]).toEqual([[], true, false]);
    expect(await refusalOf(pageThread(chat, bob, { ...place, before_seq: 3, after_seq: 1 }))).toBe("invalid");
  });

  test("of a message that was removed can still be read, and one without replies is that message alone", async () => {
    const { chat, ann, bob } = here;
    const room = await channel();
    const root = await said(ann, room, "root");
    const place = { room_id: room.id, thread: root.id };
    const empty = await pageThread(chat, bob, place);
    expect([empty.items, empty.more_before, empty.more_after, empty.root?.content]).toEqual([[], false, false, "root"]);
    await said(bob, room, "an answer", root.id);
    await removeMessage(chat, ann, { room_id: room.id, message_id: root.id });
    const { root: tombstone, items } = await pageThread(chat, bob, place);
    expect([tombstone?.content, tombstone?.removed_at === undefined, contents(items)]).toEqual(["", false, ["an answer"]]);
  });

  test("is read by who is in the room; to who left, to others and by way of another room it is not there", async () => {
    const { chat, ann, bob, cy, mallory } = here;
    const [room, elsewhere] = [await channel(), await channel()];
    const root = await said(ann, room, "root");
    const place = { room_id: room.id, thread: root.id };
    expect((await pageThread(chat, bob, place)).root?.id).toBe(root.id);
    for (const who of [cy, mallory]) expect(await refusalOf(pageThread(chat, who, place))).toBe("not_found");
    expect(await refusalOf(pageThread(chat, bob, { ...place, room_id: elsewhere.id }))).toBe("not_found");
    expect(await refusalOf(pageThread(chat, bob, { ...place, thread: "never" }))).toBe("not_found");
    await removeMember(chat, ann, { room_id: room.id, user_id: bob.user_id });
    expect(await refusalOf(pageThread(chat, bob, place))).toBe("not_found");
  });
});
