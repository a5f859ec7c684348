import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import type { Store } from "../../db/store.ts";
import type { Message, Room } from "../protocol.ts";
import { earOf } from "../testing/ear.ts";
import { channelIn, whole } from "../testing/posted.ts";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import type { Chat } from "./chat.ts";
import { joinRoom, leaveRoom, removeMember } from "./membership.ts";
import { editMessage, getMessage, pageMessages, postMessage, removeMessage } from "./messages.ts";
import { archiveRoom, createRoom, getRoom, listRooms } from "./rooms.ts";

let here: World;
beforeAll(async () => {
  here = await world();
});
afterAll(() => here.dispose());

const channel = (name: string): Promise<Room> => channelIn(here, name);

describe("posting", () => {
  test("a post is stored with the next seq and told to the room after it is", async () => {
    const { chat, ann, bob } = here;
    const room = await channel("told");
    const ear = earOf(chat);
    const first = whole(await postMessage(chat, ann, draftFor(room, "one")));
    const second = whole(await postMessage(chat, bob, draftFor(room, "two")));
    expect([first.seq, second.seq]).toEqual([1, 2]);
    expect(second.rev).toBe(first.rev + 1);
    expect(ear.contents()).toEqual(["one", "two"]);
  });

  test("posts of one turn share a commit and are numbered without holes in the order they came", async () => {
    const { chat, ann, bob } = here;
    const room = await channel("turn");
    const posts = await Promise.all(Array.from({ length: 40 }, (_, i) => postMessage(chat, i % 2 ? ann : bob, draftFor(room, `m${i}`))));
    expect(posts.map((post) => post.message.seq).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    const page = await pageMessages(chat, ann, { room_id: room.id });
    expect(page.items.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });

  test("a workspace lowers how long a message may be, posted or edited, and cannot raise it", async () => {
    const { chat, ann, mallory } = here;
    const { tenants } = chat.store.t;
    const lower = (content_points: number) =>
      chat.store.write((tx) => tx.update(tenants).set({ limits: { content_points } }).where(eq(tenants.id, "tenant-two")));
    const { room } = await createRoom(chat, mallory, { type: "channel", name: "short", visibility: "public" });
    const text = (points: number) => "ü".repeat(points);
    await lower(2_000);
    const { message } = await postMessage(chat, mallory, draftFor(room, text(2_000)));
    expect(await refusalOf(postMessage(chat, mallory, draftFor(room, text(2_001))))).toBe("too_large");
    expect(await refusalOf(editMessage(chat, mallory, { room_id: room.id, message_id: message.id, content: text(2_001) }))).toBe("too_large");
    expect((await postMessage(chat, ann, draftFor(await channel("long"), text(2_001)))).duplicate).toBe(false);
    await lower(9_000);
    expect(await refusalOf(postMessage(chat, mallory, draftFor(room, text(4_001))))).toBe("too_large");
    await lower(4_000);
  });

  test("the same client_id is one message, whatever the retry holds", async () => {
    const { chat, ann, bob } = here;
    const room = await channel("twins");
    const draft = draftFor(room, "once");
    const ear = earOf(chat);
    const [a, b] = await Promise.all([postMessage(chat, ann, draft), postMessage(chat, ann, draft)]);
    const late = await postMessage(chat, ann, { ...draft, content: "something else" });
    expect([a.message, b.message, late.message].map(({ id }) => id)).toEqual([a.message.id, a.message.id, a.message.id]);
    expect([a, b].filter(({ duplicate }) => duplicate)).toHaveLength(1);
    expect(late.duplicate).toBe(true);
    expect(whole(late).content).toBe("once");
    expect(ear.contents()).toEqual(["once"]);
    const anothers = await postMessage(chat, bob, { ...draft, content: "bob's own" });
    expect(anothers.duplicate).toBe(false);
  });

  test("a retry among fresh posts of many rooms is answered with its row, and leaves no hole in any of them", async () => {
    const { chat, ann, bob } = here;
    const rooms = [await channel("retried"), await channel("beside")] as const;
    const stored = [draftFor(rooms[0], "stored"), draftFor(rooms[0], "stored too")] as const;
    for (const draft of stored) await postMessage(chat, ann, draft);
    const ear = earOf(chat);
    for (const [i, retried] of stored.entries()) {
      const drafts = [draftFor(rooms[0], `before ${i}`), draftFor(rooms[1], `beside ${i}`), retried, draftFor(rooms[0], `after ${i}`)];
      const posted = await Promise.all(drafts.map((draft) => postMessage(chat, ann, draft)));
      expect(posted.map(({ duplicate }) => duplicate)).toEqual([false, false, true, false]);
      expect(posted.map(({ message }) => message.seq)).toEqual([2 * i + 3, i + 1, i + 1, 2 * i + 4]);
    }
    const page = await pageMessages(chat, bob, { room_id: rooms[0].id });
    expect(page.items.map(({ seq, content }) => `${seq} ${content}`)).toEqual([
      ...["1 stored", "2 stored too", "3 before 0", "4 after 0", "5 before 1", "6 after 1"],
    ]);
    expect(page.items.map(({ rev }) => rev)).toEqual([...page.items.keys()].map((i) => (page.items[0]?.rev ?? 0) + i));
    expect(ear.contents().toSorted()).toEqual(["after 0", "after 1", "before 0", "before 1", "beside 0", "beside 1"]);
  });

  test("a retry of what is stored is never refused: not when archived, too long or gone from the room", async () => {
    const { chat, ann, bob } = here;
    const room = await channel("retry");
    const draft = draftFor(room, "stored");
    const stored = await postMessage(chat, bob, draft);
    expect((await postMessage(chat, bob, { ...draft, content: "x".repeat(9_000) })).message.id).toBe(stored.message.id);
    await archiveRoom(chat, ann, { room_id: room.id });
    expect((await postMessage(chat, bob, draft)).message.id).toBe(stored.message.id);
    expect(await refusalOf(postMessage(chat, bob, draftFor(room, "new")))).toBe("archived");
    await leaveRoom(chat, bob, { room_id: room.id });
    expect((await postMessage(chat, bob, draft)).message).toEqual({ id: stored.message.id, seq: stored.message.seq });
    expect(await refusalOf(postMessage(chat, bob, draftFor(room, "new")))).toBe("not_found");
  });

  test("cy and mallory get the answer of a room that does not exist", async () => {
    const { chat, ann, cy, mallory, room } = here;
    expect((await postMessage(chat, ann, draftFor(room, "allowed"))).duplicate).toBe(false);
    expect(await refusalOf(postMessage(chat, cy, draftFor(room, "no")))).toBe("not_found");
    expect(await refusalOf(postMessage(chat, mallory, draftFor(room, "no")))).toBe("not_found");
    expect(await refusalOf(postMessage(chat, ann, draftFor({ id: "nowhere" }, "no")))).toBe("not_found");
  });

  test("one bad post of a turn refuses only itself and leaves no hole", async () => {
    const { chat, ann } = here;
    const room = await channel("bad-post");
    const [good, bad, fine] = await Promise.allSettled([
      postMessage(chat, ann, draftFor(room, "good")),
      postMessage(chat, ann, draftFor(room, "bad", { reply_to: "invented" })),
      postMessage(chat, ann, draftFor(room, "fine")),
    ]);
    expect([good.status, bad.status, fine.status]).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((await pageMessages(chat, ann, { room_id: room.id })).items.map(({ seq }) => seq)).toEqual([1, 2]);
    const place = (await pageMessages(chat, ann, { room_id: room.id })).items[0];
    const reply = whole(await postMessage(chat, ann, draftFor(room, "reply", { reply_to: place?.id ?? null })));
    expect(reply.reply_to).toBe(place?.id ?? "");
  });

  test("a commit that fails is told to nobody, stores nothing and stops no later post", async () => {
    const { chat, ann } = here;
    const room = await channel("failing");
    const ear = earOf(chat);
    const failing = { ...chat, store: commitsFail(chat.store) } satisfies Chat;
    expect(
      await postMessage(failing, ann, draftFor(room, "lost")).then(
        () => "stored",
        (fault: Error) => fault.message,
      ),
    ).toBe("no commit");
    expect(ear.contents()).toEqual([]);
    expect((await postMessage(chat, ann, draftFor(room, "kept"))).message.seq).toBe(1);
    expect(ear.contents()).toEqual(["kept"]);
  });

  test("who was removed between the look-up and the lock is refused", async () => {
    const { chat, ann, bob } = here;
    const room = await channel("removed-meanwhile");
    chat.hooks.bind("message.posting", async (event, next) => {
      if (event.draft.content === "too late") await removeMember(chat, ann, { room_id: room.id, user_id: bob.user_id });
      await next();
    });
    expect((await postMessage(chat, bob, draftFor(room, "in time"))).duplicate).toBe(false);
    expect(await refusalOf(postMessage(chat, bob, draftFor(room, "too late")))).toBe("not_found");
  });
});

describe("content", () => {
  test("4,000 code points and 16,384 bytes are the last that fit", async () => {
    const { chat, ann } = here;
    const room = await channel("lengths");
    const post = (content: string) => refusalOf(postMessage(chat, ann, draftFor(room, content)));
    expect(await Promise.all([3_999, 4_000, 4_001].map((n) => post("🙂".repeat(n))))).toEqual(["not refused", "not refused", "too_large"]);
    expect(await post("x".repeat(4_000))).toBe("not refused");
  });

  test("what could not come back as it was sent is refused", async () => {
    const { chat, ann } = here;
    const room = await channel("unkept");
    const post = (content: string) => refusalOf(postMessage(chat, ann, draftFor(room, content)));
    expect(await Promise.all(["", "  \n", "a\0b", "lone \ud800", "plain"].map(post))).toEqual([
      "invalid",
      "invalid",
      "invalid",
      "invalid",
      "not refused",
    ]);
  });
});

describe("editing and removing", () => {
  test("an edit is the same row with a new rev, and the same content again is not", async () => {
    const { chat, ann } = here;
    const room = await channel("edits");
    const before = whole(await postMessage(chat, ann, draftFor(room, "befor")));
    const place = { room_id: room.id, message_id: before.id };
    const ear = earOf(chat);
    const after = await editMessage(chat, ann, { ...place, content: "before" });
    const again = await editMessage(chat, ann, { ...place, content: "before" });
    expect([after.seq, after.rev, after.content]).toEqual([before.seq, before.rev + 1, "before"]);
    expect(again.rev).toBe(after.rev);
    expect(ear.contents()).toEqual(["before"]);
  });

  test("only one's own is edited; one's own or, for who runs the room, any is removed", async () => {
    const { chat, ann, bob, cy } = here;
    const room = await channel("rights");
    const anns = whole(await postMessage(chat, ann, draftFor(room, "ann's")));
    const bobs = whole(await postMessage(chat, bob, draftFor(room, "bob's")));
    const place = (message: Message) => ({ room_id: room.id, message_id: message.id });
    expect(await refusalOf(editMessage(chat, ann, { ...place(bobs), content: "no" }))).toBe("forbidden");
    expect(await refusalOf(editMessage(chat, cy, { ...place(bobs), content: "no" }))).toBe("not_found");
    expect(await refusalOf(removeMessage(chat, bob, place(anns)))).toBe("forbidden");
    const gone = await removeMessage(chat, ann, place(bobs));
    expect([gone.content, gone.seq, typeof gone.removed_at]).toEqual(["", bobs.seq, "string"]);
    expect((await removeMessage(chat, bob, place(bobs))).rev).toBe(gone.rev);
    expect(await refusalOf(editMessage(chat, bob, { ...place(bobs), content: "back" }))).toBe("gone");
  });

  test("in an archived room one reads and removes, but neither posts nor edits", async () => {
    const { chat, ann } = here;
    const room = await channel("archived");
    const message = whole(await postMessage(chat, ann, draftFor(room, "kept")));
    await archiveRoom(chat, ann, { room_id: room.id });
    const place = { room_id: room.id, message_id: message.id };
    expect(await refusalOf(editMessage(chat, ann, { ...place, content: "no" }))).toBe("archived");
    expect((await getMessage(chat, ann, place)).message.content).toBe("kept");
    expect((await removeMessage(chat, ann, place)).content).toBe("");
  });
});

describe("unread and mentions", () => {
  test("others' posts are unread until acked, one's own are not, and mentions are counted", async () => {
    const { chat, ann, bob } = here;
    const room = await channel("unread");
    await postMessage(chat, ann, draftFor(room, "hello @bob, and the whole @room"));
    await postMessage(chat, ann, draftFor(room, "@room too"));
    const me = async (who: typeof ann) => (await getRoom(chat, who, { room_id: room.id })).me;
    expect(await me(bob)).toMatchObject({ unread: 2, unread_mentions: 2, acked_seq: 0 });
    expect((await listRooms(chat, bob)).items.find(({ id }) => id === room.id)?.me).toMatchObject({ unread_mentions: 2 });
    expect(await me(ann)).toMatchObject({ unread: 0, acked_seq: 2 });
    await postMessage(chat, bob, draftFor(room, "answer"));
    expect(await me(bob)).toMatchObject({ unread: 3, acked_seq: 0 });
  });

  test("who joins later has read all that was said before", async () => {
    const { chat, ann, cy } = here;
    const { room } = await createRoom(chat, ann, { type: "channel", name: "later", visibility: "public" });
    await postMessage(chat, ann, draftFor(room, "before"));
    await joinRoom(chat, cy, { room_id: room.id });
    await postMessage(chat, ann, draftFor(room, "after"));
    expect((await getRoom(chat, cy, { room_id: room.id })).me).toMatchObject({ unread: 1, acked_seq: 1 });
    expect((await pageMessages(chat, cy, { room_id: room.id })).items).toHaveLength(2);
  });
});

/** The same store, whose next commits fail after their work has run. */
function commitsFail(store: Store): Store {
  return {
    ...store,
    ...(store.once && { once: () => Promise.reject(new Error("no commit")) }),
    write: (work) =>
      store.write(async (tx) => {
        await work(tx);
        throw new Error("no commit");
      }),
  };
}
