import { afterAll, beforeAll, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { earOf } from "../testing/ear.ts";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { addMember, removeMember } from "./membership.ts";
import { editMessage, postMessage, removeMessage } from "./messages.ts";
import type { Principal } from "./principal.ts";
import { createRoom } from "./rooms.ts";
import { listSaved, listSavedIds, saveMessage, unsaveMessage } from "./saved.ts";

let here: World;
beforeAll(async () => void (here = await world()));
afterAll(() => here.dispose());

const contents = async (who: Principal, input = {}): Promise<string[]> =>
  (await listSaved(here.chat, who, input)).items.map(({ message }) => message.content);

test("what somebody saved is theirs alone: the last first, each once, as it is now, page after page", async () => {
  const { chat, ann, bob, room } = here;
  const ids = [];
  for (const content of ["one", "two", "three"]) ids.push((await postMessage(chat, ann, draftFor(room, content))).message.id);
  for (const message_id of [...ids, ids[0] ?? ""]) await saveMessage(chat, bob, { message_id });
  await editMessage(chat, ann, { room_id: room.id, message_id: ids[1] ?? "", content: "two, mended" });
  expect(await contents(bob)).toEqual(["three", "two, mended", "one"]);
  expect(await contents(ann)).toEqual([]);
  const first = await listSaved(chat, bob, { limit: 2 });
  expect(first.users.map(({ id }) => id)).toEqual([ann.user_id]);
  expect(await contents(bob, { limit: 2, cursor: first.next_cursor })).toEqual(["one"]);
  expect((await listSavedIds(chat, bob)).message_ids).toEqual([...ids].reverse());
  await removeMessage(chat, ann, { room_id: room.id, message_id: ids[2] ?? "" });
  expect(await contents(bob)).toEqual(["", "two, mended", "one"]);
  for (const message_id of ids) await unsaveMessage(chat, bob, { message_id });
  expect(await contents(bob)).toEqual([]);
  expect(await refusalOf(unsaveMessage(chat, bob, { message_id: ids[0] ?? "" }))).toBe("not_found");
  expect(await refusalOf(saveMessage(chat, bob, { message_id: ids[2] ?? "" }))).toBe("gone");
});

test("only of rooms one still reads: who is out sees it no more, and sees it again when they are back", async () => {
  const { chat, ann, bob, cy, mallory } = here;
  const { room } = await createRoom(chat, ann, { type: "channel", name: "kept", visibility: "private", user_ids: [bob.user_id] });
  const { message } = await postMessage(chat, ann, draftFor(room, "for later"));
  for (const who of [cy, mallory]) expect(await refusalOf(saveMessage(chat, who, { message_id: message.id }))).toBe("not_found");
  await saveMessage(chat, bob, { message_id: message.id });
  await removeMember(chat, ann, { room_id: room.id, user_id: bob.user_id });
  expect([await contents(bob), (await listSavedIds(chat, bob)).message_ids]).toEqual([[], []]);
  await addMember(chat, ann, { room_id: room.id, user_id: bob.user_id });
  expect(await contents(bob)).toEqual(["for later"]);
});

test("one's own other sockets are told, and nobody else is", async () => {
  const { chat, ann, bob, room } = here;
  const { message } = await postMessage(chat, ann, draftFor(room, "quietly"));
  const ear = earOf(chat);
  await saveMessage(chat, bob, { message_id: message.id });
  await unsaveMessage(chat, bob, { message_id: message.id });
  const frame = { type: "saved" as const, room_id: room.id, message_id: message.id };
  const to = { user_id: bob.user_id };
  expect(ear.notices).toEqual([
    { tenant_id: bob.tenant_id, to, frame: { ...frame, is_saved: true } },
    { tenant_id: bob.tenant_id, to, frame: { ...frame, is_saved: false } },
  ]);
});

test("a thousand at most; what retention has taken is let go first", async () => {
  const { chat, ann, room } = here;
  const bob = await here.person("tenant-one", "bert");
  await addMember(chat, ann, { room_id: room.id, user_id: bob.user_id });
  const { saved } = chat.store.t;
  const { message } = await postMessage(chat, ann, draftFor(room, "the last one"));
  const own = { tenant_id: bob.tenant_id, user_id: bob.user_id, room_id: room.id, created_at: 1 };
  const real = (await postMessage(chat, ann, draftFor(room, "there"))).message.id;
  const fill = (from: number, message_id: (i: number) => string) =>
    chat.store.write(async (tx) => {
      const rows = Array.from({ length: 500 }, (_, i) => ({ ...own, id: `0${from + i}`, message_id: message_id(from + i) }));
      await tx.insert(saved).values(rows);
    });
  await fill(0, (i) => `gone-${i}`);
  await fill(500, (i) => `gone-${i}`);
  await saveMessage(chat, bob, { message_id: message.id });
  expect((await chat.store.read.select().from(saved).where(eq(saved.user_id, bob.user_id))).length).toBe(1);
  await Promise.all(Array.from({ length: 999 }, () => postMessage(chat, ann, draftFor(room, "more")))).then(async (posts) => {
    const rows = posts.map((post, i) => ({ ...own, id: `0${i}`, message_id: post.message.id }));
    await chat.store.write((tx) => tx.insert(saved).values(rows));
  });
  expect(await refusalOf(saveMessage(chat, bob, { message_id: real }))).toBe("too_large");
  expect((await listSavedIds(chat, bob)).message_ids.length).toBe(1_000);
});
