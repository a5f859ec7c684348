import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Read } from "../../db/store.ts";
import type { Message, NewRoom, Room } from "../protocol.ts";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import type { Chat } from "./chat.ts";
import { removeMember } from "./membership.ts";
import { editMessage, type PageInput, pageMessages, postMessage, removeMessage } from "./messages.ts";
import { pinMessage } from "./pins.ts";
import { react } from "./reactions.ts";
import { readyPage } from "./ready-pages.ts";
import { retain } from "./retention.ts";
import { createRoom } from "./rooms.ts";
import { patchConfig } from "./tenant-config.ts";
import { patchMe } from "./users.ts";

let here: World;
beforeAll(async () => {
  here = await world();
});
afterAll(() => here.dispose());

const DAY_MS = 86_400_000;
let channels = 0;
const channel = async (): Promise<{ room: Room; first: Message }> => {
  const { chat, ann, bob } = here;
  const asked = { type: "channel", name: `ready-${(channels += 1)}`, visibility: "private", user_ids: [bob.user_id] } satisfies NewRoom;
  const { room } = await createRoom(chat, ann, asked);
  const { message } = await postMessage(chat, ann, draftFor(room, "first"));
  await postMessage(chat, bob, draftFor(room, "second"));
  if (!("content" in message)) throw new Error("only a receipt");
  return { room, first: message };
};
const pageBytes = async (...asked: Parameters<typeof readyPage>): Promise<Uint8Array> => (await readyPage(...asked)).bytes;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");
const asRead = async (chat: Chat, input: PageInput): Promise<string> => JSON.stringify(await pageMessages(chat, here.ann, input));

describe("a page that is ready", () => {
  test("is read once while nothing happens, whoever of the room asks", async () => {
    const { chat, ann, bob } = here;
    const { room } = await channel();
    for (const asked of [{}, { before_seq: 2 }, { after_seq: 1 }, { around_seq: 1, limit: 1 }]) {
      const input = { room_id: room.id, ...asked };
      const once = await pageBytes(chat, ann, input);
      expect(text(once)).toBe(await asRead(chat, input));
      expect(await pageBytes(chat, bob, input)).toBe(once);
    }
  });

  test("is read again when anything of its room or of its people has changed", async () => {
    const { chat, ann, bob } = here;
    const { room, first } = await channel();
    const place = { room_id: room.id, message_id: first.id };
    const changes: Record<string, () => Promise<unknown>> = {
      "a post": () => postMessage(chat, bob, draftFor(room, "third")),
      "an answer": () => postMessage(chat, bob, draftFor(room, "fourth", { reply_to: first.id })),
      "an edit": () => editMessage(chat, ann, { ...place, content: "first, in other words" }),
      "a reaction": () => react(chat, bob, { ...place, emoji: "👍" }),
      "a pin": () => pinMessage(chat, ann, place),
      "a name": () => patchMe(chat, bob, { display_name: "Robert" }),
      "a status": () => patchMe(chat, bob, { status: { emoji: "🌴", text: "away", until: new Date(chat.now() + 5_000).toISOString() } }),
      "the end of a status": async () => here.clock.advance(5_000),
      "a removal": () => removeMessage(chat, ann, place),
      "what is deleted for its age": async () => {
        here.clock.advance(3 * DAY_MS);
        await patchConfig(chat, ann, { retention_days: 2 });
        await retain(chat);
      },
    };
    for (const [what, change] of Object.entries(changes)) {
      const before = await pageBytes(chat, ann, { room_id: room.id });
      await change();
      const after = await pageBytes(chat, ann, { room_id: room.id });
      expect([what, text(after) === text(before), text(after)]).toEqual([what, false, await asRead(chat, { room_id: room.id })]);
    }
  });

  test("is nobody's who is not in the room: not theirs who was put out, nor another workspace's", async () => {
    const { chat, ann, bob, cy, mallory } = here;
    const { room } = await channel();
    const input = { room_id: room.id };
    expect(text(await pageBytes(chat, bob, input))).toContain("second");
    for (const who of [cy, mallory]) expect(await refusalOf(pageBytes(chat, who, input))).toBe("not_found");
    expect(await refusalOf(pageBytes(chat, { ...bob, room_id: "another" }, input))).toBe("not_found");
    await removeMember(chat, ann, { ...input, user_id: bob.user_id });
    expect(await refusalOf(pageBytes(chat, bob, input))).toBe("not_found");
    expect(text(await pageBytes(chat, ann, input))).toContain("second");
    expect(await refusalOf(pageBytes(chat, bob, input))).toBe("not_found"); // also now that it is ready
  });

  test("is of its own room and edges, though another room stands where this one does", async () => {
    const { chat, ann } = here;
    const asked = [await channel(), await channel()].flatMap(({ room }) =>
      [{}, { before_seq: 2 }, { after_seq: 1 }, { limit: 1 }].map((edges) => ({ room_id: room.id, ...edges })),
    );
    for (const input of [...asked, ...asked]) expect(text(await pageBytes(chat, ann, input))).toBe(await asRead(chat, input));
  });

  test("is read again where something has changed while it was read", async () => {
    const { chat, ann } = here;
    const { room, first } = await channel();
    const { read } = chat.store;
    let edited = false;
    const ask: Read["ask"] = async (island, values) => {
      const rows = await read.ask(island, values);
      if (!edited && island.text.includes("FROM messages")) {
        edited = true;
        await editMessage(chat, ann, { room_id: room.id, message_id: first.id, content: "changed meanwhile" });
      }
      return rows;
    };
    const slow: Chat = { ...chat, store: { ...chat.store, read: Object.assign(Object.create(read), { ask }) } };
    expect(text(await pageBytes(slow, ann, { room_id: room.id }))).not.toContain("changed meanwhile");
    expect(text(await pageBytes(slow, ann, { room_id: room.id }))).toBe(await asRead(chat, { room_id: room.id }));
  });
});
