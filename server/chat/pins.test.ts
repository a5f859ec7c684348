import { afterAll, beforeAll, expect, test } from "bun:test";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { postMessage, removeMessage } from "./messages.ts";
import { listPins, pinMessage, unpinMessage } from "./pins.ts";
import { archiveRoom, createRoom } from "./rooms.ts";

let here: World;
beforeAll(async () => void (here = await world()));
afterAll(() => here.dispose());

const pinned = async (room_id: string): Promise<string[]> => (await listPins(here.chat, here.bob, { room_id })).items.map(({ content }) => content);

test("what any member pins stands first in the room's list, with who pinned it; pinned again it takes no rev", async () => {
  const { chat, ann, bob, room, clock } = here;
  const posts = [];
  for (const content of ["one", "two", "three"]) posts.push((await postMessage(chat, ann, draftFor(room, content))).message.id);
  for (const message_id of [posts[2], posts[0]]) {
    clock.advance(1);
    await pinMessage(chat, bob, { room_id: room.id, message_id: message_id ?? "" });
  }
  expect(await pinned(room.id)).toEqual(["one", "three"]);
  const { items, users } = await listPins(chat, ann, { room_id: room.id });
  expect(items.map(({ pinned_by }) => pinned_by)).toEqual([bob.user_id, bob.user_id]);
  expect(users.map(({ id }) => id)).toEqual([ann.user_id, bob.user_id]);
  const place = { room_id: room.id, message_id: posts[0] ?? "" };
  expect(await pinMessage(chat, ann, place)).toEqual(items[0] ?? expect.unreachable());
  expect((await unpinMessage(chat, ann, place)).pinned_at).toBeUndefined();
  expect(await pinned(room.id)).toEqual(["three"]);
  await removeMessage(chat, ann, { room_id: room.id, message_id: posts[2] ?? "" });
  expect(await pinned(room.id)).toEqual([]);
  expect(await refusalOf(pinMessage(chat, ann, { room_id: room.id, message_id: posts[2] ?? "" }))).toBe("gone");
});

test("a hundred at most; and nobody from outside, nobody in an archived room", async () => {
  const { chat, ann, bob, cy, mallory } = here;
  const { room } = await createRoom(chat, ann, { type: "channel", name: "pins", visibility: "private", user_ids: [bob.user_id] });
  const posts = await Promise.all(Array.from({ length: 101 }, (_, i) => postMessage(chat, ann, draftFor(room, `m${i}`))));
  const [first, ...others] = posts.map(({ message }) => ({ room_id: room.id, message_id: message.id }));
  for (const place of others) await pinMessage(chat, bob, place);
  expect((await pinned(room.id)).length).toBe(100);
  const left = first ?? expect.unreachable();
  expect(await refusalOf(pinMessage(chat, bob, left))).toBe("too_large");
  await unpinMessage(chat, bob, others[0] ?? left);
  expect((await pinMessage(chat, bob, left)).pinned_by).toBe(bob.user_id);
  for (const who of [cy, mallory]) {
    expect(await refusalOf(pinMessage(chat, who, left))).toBe("not_found");
    expect(await refusalOf(listPins(chat, who, left))).toBe("not_found");
  }
  await archiveRoom(chat, ann, { room_id: room.id });
  expect(await refusalOf(unpinMessage(chat, bob, left))).toBe("archived");
  expect((await pinned(room.id)).length).toBe(100);
});
