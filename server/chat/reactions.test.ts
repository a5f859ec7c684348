import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { tableOf } from "../../client/lib/emoji-table.ts";
import type { Message } from "../protocol.ts";
import { earOf } from "../testing/ear.ts";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { addMember, removeMember } from "./membership.ts";
import { editMessage, pageMessages, postMessage, removeMessage } from "./messages.ts";
import { checkEmoji, listOwnReactions, listReactions, react, unreact } from "./reactions.ts";
import { archiveRoom, createRoom, getRoom } from "./rooms.ts";
import { sinceRev } from "./since.ts";

let here: World;
beforeAll(async () => void (here = await world()));
afterAll(() => here.dispose());

let rooms = 0;
/** A room of ann and bob where ann has said something. */
async function said() {
  const { chat, ann, bob } = here;
  const name = `reacted-${(rooms += 1)}`;
  const { room } = await createRoom(chat, ann, { type: "channel", name, visibility: "private", user_ids: [bob.user_id] });
  const { message } = await postMessage(chat, ann, draftFor(room, "look"));
  return { room, room_id: room.id, message_id: message.id };
}
const stored = async (room_id: string): Promise<Message | undefined> => (await pageMessages(here.chat, here.ann, { room_id })).items[0];

describe("reacting", () => {
  test("a reaction is told as an edit is, with the next rev of the room, and is no edit and nothing unread", async () => {
    const { chat, ann, bob } = here;
    const { room_id, message_id } = await said();
    const before = await getRoom(chat, ann, { room_id });
    const ear = earOf(chat);
    const message = await react(chat, bob, { room_id, message_id, emoji: "👍" });
    expect(message.reactions).toEqual([{ emoji: "👍", count: 1, user_ids: [bob.user_id] }]);
    expect([message.rev, message.edited_at]).toEqual([before.last_rev + 1, undefined]);
    expect(ear.contents()).toEqual(["look"]);
    expect(await stored(room_id)).toEqual(message);
    const { items } = await sinceRev(chat, bob, { room_id, since_rev: before.last_rev });
    expect(items.map((row) => row.type === "message" && row.message)).toEqual([message]);
    expect((await getRoom(chat, ann, { room_id })).me).toEqual(before.me);
  });

  test("the same again takes no rev and counts once; taken back it is gone, and taken back again nothing happens", async () => {
    const { chat, ann, bob } = here;
    const { room_id, message_id } = await said();
    const first = await react(chat, bob, { room_id, message_id, emoji: "🎉" });
    expect(await react(chat, bob, { room_id, message_id, emoji: "🎉" })).toEqual(first);
    await react(chat, ann, { room_id, message_id, emoji: "👍" });
    const two = await react(chat, ann, { room_id, message_id, emoji: "🎉" });
    expect(two.reactions).toEqual([
      { emoji: "🎉", count: 2, user_ids: [bob.user_id, ann.user_id] },
      { emoji: "👍", count: 1, user_ids: [ann.user_id] },
    ]);
    const one = await unreact(chat, bob, { room_id, message_id, emoji: "🎉" });
    expect(one.reactions?.[0]).toEqual({ emoji: "🎉", count: 1, user_ids: [ann.user_id] });
    expect(await unreact(chat, bob, { room_id, message_id, emoji: "🎉" })).toEqual(one);
    for (const emoji of ["🎉", "👍"]) await unreact(chat, ann, { room_id, message_id, emoji });
    expect((await stored(room_id))?.reactions).toBeUndefined();
  });

  test("everybody at once on one message: each counts once, and whoever is named is one of them", async () => {
    const { chat, ann, bob } = here;
    const { room_id, message_id } = await said();
    const all = [ann, bob].flatMap((who) => ["👍", "❤️", "👍"].map((emoji) => react(chat, who, { room_id, message_id, emoji })));
    const revs = (await Promise.all(all)).map(({ rev }) => rev);
    expect(new Set(revs).size).toBe(4);
    const found = (await stored(room_id))?.reactions ?? [];
    expect(found.map(({ emoji, count }) => `${emoji} ${count}`).sort()).toEqual(["❤️ 2", "👍 2"]);
    for (const { user_ids } of found) expect([...user_ids].sort()).toEqual([ann.user_id, bob.user_id]);
  });

  test("the first twenty are named, all are counted and listed page by page, and who takes theirs back gives the place to the next", async () => {
    const { chat, ann, room } = here;
    const { message } = await postMessage(chat, ann, draftFor(room, "popular"));
    const place = { room_id: room.id, message_id: message.id, emoji: "👀" };
    const crowd = await Promise.all(Array.from({ length: 23 }, (_, i) => here.person("tenant-one", `crowd-${String(i).padStart(2, "0")}`)));
    for (const { user_id } of crowd) await addMember(chat, ann, { room_id: room.id, user_id });
    for (const who of crowd) {
      here.clock.advance(1);
      await react(chat, who, place);
    }
    const ids = crowd.map(({ user_id }) => user_id);
    const named = async () => (await pageMessages(chat, ann, { room_id: room.id })).items.at(-1)?.reactions?.[0];
    expect(await named()).toEqual({ emoji: "👀", count: 23, user_ids: ids.slice(0, 20) });
    const first = await listReactions(chat, ann, { ...place, limit: 20 });
    const rest = await listReactions(chat, ann, { ...place, limit: 20, cursor: first.next_cursor ?? "" });
    expect([...first.items, ...rest.items].map(({ user }) => user.id)).toEqual(ids);
    expect(rest.next_cursor).toBeUndefined();
    const late = crowd[21] ?? expect.unreachable();
    expect((await listOwnReactions(chat, late, place)).items).toEqual(["👀"]);
    expect((await listOwnReactions(chat, ann, place)).items).toEqual([]);
    const [third, last] = [crowd[2] ?? expect.unreachable(), crowd[22] ?? expect.unreachable()];
    await unreact(chat, third, place);
    expect(await named()).toEqual({ emoji: "👀", count: 22, user_ids: [...ids.slice(0, 2), ...ids.slice(3, 21)] });
    await unreact(chat, last, place);
    expect(await named()).toEqual({ emoji: "👀", count: 21, user_ids: [...ids.slice(0, 2), ...ids.slice(3, 21)] });
  });

  test("a twenty-first kind is too large; one of the twenty is still given", async () => {
    const { chat, ann, bob } = here;
    const { room_id, message_id } = await said();
    const kinds = [..."😀😁😂🤣😃😄😅😆😇😈😉😊😋😌😍😎😏😐😑😒"];
    for (const emoji of kinds) await react(chat, ann, { room_id, message_id, emoji });
    expect(await refusalOf(react(chat, bob, { room_id, message_id, emoji: "😓" }))).toBe("too_large");
    expect((await react(chat, bob, { room_id, message_id, emoji: "😀" })).reactions?.[0]?.count).toBe(2);
  });

  test("exactly one emoji is one: no word, no two, no half of one, no other spelling of one", () => {
    for (const emoji of ["👍", "❤️", "1️⃣", "🇳🇱", "👩‍👩‍👧‍👦", "👍🏽", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🧑🏿‍❤️‍💋‍🧑🏾"]) expect(() => checkEmoji(emoji)).not.toThrow();
    const odd = ["", " ", "a", "1", "❤", "👍👍", "👍 ", ":thumbsup:", "🇳", "\u200d", "\ufe0f", "👩‍", "\ud83d", "<b>", "❤️\ufe0f", "👍".repeat(40)];
    for (const emoji of odd) expect([emoji, refused(() => checkEmoji(emoji))]).toEqual([emoji, "invalid"]);
  });

  test("every emoji that our page offers is one", async () => {
    for (const emoji of new Set(tableOf().offers.map(({ sign }) => sign)))
      expect([emoji, refused(() => checkEmoji(emoji))]).toEqual([emoji, undefined]);
  });

  test("not on a tombstone, not in an archived room, not by who is not in it; a removal takes them along", async () => {
    const { chat, ann, bob, cy, mallory } = here;
    const { room_id, message_id } = await said();
    const like = { room_id, message_id, emoji: "👍" };
    for (const who of [cy, mallory]) {
      expect(await refusalOf(react(chat, who, like))).toBe("not_found");
      expect(await refusalOf(listReactions(chat, who, like))).toBe("not_found");
    }
    expect(await refusalOf(react(chat, bob, { ...like, message_id: "nothere" }))).toBe("not_found");
    await react(chat, bob, like);
    await removeMember(chat, ann, { room_id, user_id: bob.user_id });
    expect(await refusalOf(unreact(chat, bob, like))).toBe("not_found");
    expect((await editMessage(chat, ann, { room_id, message_id, content: "mended" })).reactions).toHaveLength(1);
    await archiveRoom(chat, ann, { room_id });
    for (const verb of [react, unreact]) expect(await refusalOf(verb(chat, ann, like))).toBe("archived");
    expect((await removeMessage(chat, ann, { room_id, message_id })).reactions).toBeUndefined();
    for (const verb of [react, unreact]) expect(await refusalOf(verb(chat, ann, like))).toBe("gone");
    const { reactions } = chat.store.t;
    expect(await chat.store.read.select().from(reactions).where(eq(reactions.message_id, message_id))).toEqual([]);
  });
});

function refused(check: () => void): unknown {
  try {
    return check();
  } catch (fault) {
    return (fault as { reason?: string }).reason;
  }
}
