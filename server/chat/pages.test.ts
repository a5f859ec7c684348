import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Room } from "../protocol.ts";
import { channelIn, whole } from "../testing/posted.ts";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { pageMessages, postMessage } from "./messages.ts";

let here: World;
beforeAll(async () => {
  here = await world();
});
afterAll(() => here.dispose());

const channel = (name: string): Promise<Room> => channelIn(here, name);

describe("reading", () => {
  test("a page goes both ways and around by seq, and says what more there is", async () => {
    const { chat, ann } = here;
    const room = await channel("pages");
    await Promise.all(Array.from({ length: 30 }, (_, i) => postMessage(chat, ann, draftFor(room, `m${i}`))));
    const page = async (ask: object) => {
      const { items, more_before, more_after } = await pageMessages(chat, ann, { room_id: room.id, limit: 10, ...ask });
      return [items[0]?.seq, items.at(-1)?.seq, items.length, more_before, more_after];
    };
    expect(await page({})).toEqual([21, 30, 10, true, false]);
    expect(await page({ before_seq: 21 })).toEqual([11, 20, 10, true, true]);
    expect(await page({ before_seq: 5 })).toEqual([1, 4, 4, false, true]);
    expect(await page({ after_seq: 25 })).toEqual([26, 30, 5, true, false]);
    expect(await page({ around_seq: 15 })).toEqual([10, 19, 10, true, true]);
    expect(await page({ after_seq: 30 })).toEqual([undefined, undefined, 0, true, false]);
    expect(await refusalOf(page({ after_seq: 1, before_seq: 9 }))).toBe("invalid");
  });

  test("a time finds its place by seq", async () => {
    const { chat, ann, clock } = here;
    const room = await channel("times");
    const times: string[] = [];
    for (let i = 0; i < 20; i += 1) {
      clock.advance(1_000);
      times.push(whole(await postMessage(chat, ann, draftFor(room, `m${i}`))).created_at);
    }
    const found = await pageMessages(chat, ann, { room_id: room.id, around_time: times[12] ?? "", limit: 1 });
    expect(found.items.map(({ content }) => content)).toEqual(["m12"]);
    expect(await refusalOf(pageMessages(chat, ann, { room_id: room.id, around_time: "yesterday" }))).toBe("invalid");
  });

  test("created_at never goes back in a room though the clock does", async () => {
    const { chat, ann, clock } = here;
    const room = await channel("clock");
    const first = whole(await postMessage(chat, ann, draftFor(room, "first")));
    clock.advance(-3_600_000);
    const second = whole(await postMessage(chat, ann, draftFor(room, "second")));
    clock.advance(3_600_000);
    expect(second.created_at).toBe(first.created_at);
    expect(second.seq).toBe(first.seq + 1);
  });

  test("a page names each sender and mentioned person once", async () => {
    const { chat, ann, bob } = here;
    const room = await channel("named");
    await postMessage(chat, ann, draftFor(room, "@bob, and @bob again. @nobody"));
    const page = await pageMessages(chat, bob, { room_id: room.id });
    expect(page.items[0]?.mentions).toEqual([bob.user_id]);
    expect(page.users.map(({ id }) => id)).toEqual([ann.user_id, bob.user_id]);
  });
});
