import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { between, eq } from "drizzle-orm";
import { webhooks } from "../plugins/webhooks.ts";
import { endpoint, instance, DONE, rows, settled } from "../testing/deliveries.ts";
import { draftFor, world, type World } from "../testing/world.ts";
import { owedFor, writeOwed } from "./bundles.ts";
import type { Chat } from "./chat.ts";
import { delivererOf } from "./deliveries.ts";
import { postMessage } from "./messages.ts";
import { createRoom } from "./rooms.ts";
import { standingsOf } from "./standing.ts";

let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

/** From now on this endpoint is owed each post of that chat, as these events. */
const owesTo = (chat: Chat, target_id: string, events = ["message.created"]): void =>
  chat.hooks.owing(({ tenant_id, room, subject_id, event }) =>
    event !== "message.created"
      ? []
      : events.map((name) => ({ tenant_id, courier: "webhook", target_id, event: name, room_id: room?.id ?? null, subject_id })),
  );

/** So many posts in one transaction, because ann's right is known; in turn to these rooms. Gives their ids. */
async function posted(chat: Chat, count: number, rooms = [here.room]): Promise<string[]> {
  for (const { id } of rooms) await standingsOf(chat).read(here.ann, id);
  const posts = Array.from({ length: count }, (_, i) => draftFor(rooms[i % rooms.length] ?? here.room, `post ${i}`));
  return (await Promise.all(posts.map((post) => postMessage(chat, here.ann, post)))).map(({ message }) => message.id);
}

test("what many posts of one transaction owe to an endpoint is a row, and is told one by one in their order, each once, as an event of its own", async () => {
  owesTo(here.chat, await endpoint(here));
  const ids = await posted(here.chat, 300);
  const [bundle, ...others] = await rows(here);
  expect([others.length, JSON.stringify(bundle?.detail?.more).length < 90]).toEqual([0, true]); // however many they are
  const one = instance(here, () => DONE);
  for (let i = 0; i < 40 && one.sent.length < 300; i += 1) {
    await settled(one);
    here.clock.advance(250);
  }
  expect(one.sent.toSorted()).toEqual(ids.map((id) => `${id} 1`).toSorted());
  expect(one.sent.slice(0, 17)).toEqual(ids.slice(0, 17).map((id) => `${id} 1`));
  const told = await rows(here);
  expect(new Set(told.map(({ id }) => id)).size).toBe(300);
  expect(told.filter(({ state, detail }) => state !== "delivered" || detail !== null)).toEqual([]);
});

test("posts to many rooms are told each in its room, and each room's in their order", async () => {
  const { chat, ann } = here;
  const names = Array.from({ length: 20 }, (_, i) => `pier-${i}`);
  const rooms = await Promise.all(names.map(async (name) => (await createRoom(chat, ann, { type: "channel", name, visibility: "private" })).room));
  owesTo(chat, await endpoint(here));
  const ids = await posted(chat, 50, rooms);
  const one = instance(here, () => DONE);
  for (let i = 0; i < 40 && one.sent.length < 50; i += 1) {
    await settled(one);
    here.clock.advance(250);
  }
  const told = (await rows(here)).map(({ room_id, subject_id }) => `${room_id} ${subject_id}`);
  expect(told.toSorted()).toEqual(ids.map((id, i) => `${rooms[i % 20]?.id} ${id}`).toSorted());
  const inRoom = (n: number): string[] => ids.filter((_, i) => i % 20 === n).map((id) => `${id} 1`);
  expect(one.sent.filter((sent) => inRoom(7).includes(sent))).toEqual(inRoom(7));
});

test("more rooms than a row shall name are two rows, and few posts are one row each", async () => {
  const { chat, ann, room } = here;
  owesTo(chat, await endpoint(here));
  const runs = Array.from({ length: 300 }, (_, i) => ({
    tenant_id: ann.tenant_id,
    room: { ...room, id: `pier-${i}` },
    posts: [{ id: `post-${i}`, seq: 1 }],
  }));
  await chat.store.write((tx) => writeOwed(tx, owedFor(chat, runs)));
  const stretches = (await rows(here)).map(({ detail }) => (Array.isArray(detail?.more) ? detail.more.length : 0));
  expect(stretches.toSorted((a, b) => a - b)).toEqual([43, 255]); // and each has the post that it is itself
  await chat.store.write((tx) => writeOwed(tx, owedFor(chat, runs.slice(0, 7))));
  expect((await rows(here)).slice(2).map(({ room_id, subject_id, detail }) => [room_id, subject_id, detail])).toEqual(
    runs.slice(0, 7).map((_, i) => [`pier-${i}`, `post-${i}`, null]),
  );
});

test("a post that is kept no more when a row of many is taken apart is given up by itself, and the others are told", async () => {
  const { chat } = here;
  const told: string[] = [];
  webhooks(chat, { post: async ({ body }) => ({ status: told.push(JSON.parse(body).data.message.id) && 200, headers: new Headers() }) });
  const target = await endpoint(here);
  await chat.store.write((tx) => tx.update(chat.store.t.webhooks).set({ include_private: true }).where(eq(chat.store.t.webhooks.id, target)));
  owesTo(chat, target);
  const ids = await posted(chat, 12);
  const { messages } = chat.store.t;
  await chat.store.write((tx) => tx.delete(messages).where(between(messages.seq, 5, 6)));
  for (let i = 0; i < 12 && told.length < 10; i += 1) {
    await settled(delivererOf(chat));
    here.clock.advance(250);
  }
  const died = (await rows(here)).filter(({ state }) => state === "dead");
  expect(died.map(({ subject_id, last_error }) => [subject_id, last_error])).toEqual([
    [`${ids[0]}+4`, "absent"],
    [`${ids[0]}+5`, "absent"],
  ]);
  expect(told.toSorted()).toEqual(ids.filter((_, i) => i !== 4 && i !== 5).toSorted());
});

describe("posts that follow on each other within a moment", () => {
  const post = async (chat = here.chat): Promise<string> => (await posted(chat, 1))[0] ?? "";
  const worked = async (one: ReturnType<typeof instance>, count: number): Promise<void> => {
    for (let i = 0; i < 40 && one.sent.length < count; i += 1) {
      await settled(one);
      here.clock.advance(250);
    }
  };

  test("share a row, but the first does not wait for them", async () => {
    owesTo(here.chat, await endpoint(here));
    const one = instance(here, () => DONE);
    const ids = [await post(), await post(), await post(), await post()];
    expect(await rows(here)).toHaveLength(2);
    await settled(one);
    expect(one.sent).toEqual([`${ids[0]} 1`]);
    await worked(one, 4);
    expect(one.sent).toEqual(ids.map((id) => `${id} 1`));
    here.clock.advance(1_000);
    ids.push(await post());
    await settled(one);
    expect(one.sent.slice(4)).toEqual([`${ids[4]} 1`]);
  });

  test("are one stretch of their room where they are numbered before they are owed, and at the next write where they are not", async () => {
    const { chat } = here;
    owesTo(chat, await endpoint(here));
    for (let i = 0; i < 5; i += 1) await post();
    const [, row] = await rows(here);
    expect(row?.detail?.more).toHaveLength(chat.store.once ? 2 : 1);
  });

  test("are told each once, though somebody has claimed the row while it grew", async () => {
    const { chat } = here;
    owesTo(chat, await endpoint(here));
    const one = instance(here, () => DONE);
    const ids = [await post(), await post()];
    const { deliveries } = chat.store.t;
    await chat.store.write((tx) => tx.update(deliveries).set({ due_at: here.clock.now() })); // as a clock that runs ahead sees it
    await settled(one);
    expect(one.sent).toHaveLength(2);
    ids.push(await post(), await post());
    await worked(one, 4);
    await settled(one);
    expect(one.sent).toEqual(ids.map((id) => `${id} 1`));
  });

  test("owe nothing for one that another instance had stored already, and lose none for having looked", async () => {
    const { chat, ann, room } = here;
    const another = instance(here, () => DONE);
    owesTo(chat, await endpoint(here));
    const twice = draftFor(room, "sent to both");
    const ids = [await post(), await post()];
    const { message } = await postMessage(another.chat, ann, twice);
    const both = await Promise.all([postMessage(chat, ann, draftFor(room, "another")), postMessage(chat, ann, twice)]);
    expect(both.map(({ duplicate }) => duplicate)).toEqual([false, true]);
    ids.push(both[0].message.id);
    await worked(another, 3);
    await settled(another);
    expect(another.sent.toSorted()).toEqual(ids.map((id) => `${id} 1`).toSorted());
    expect(another.sent).not.toContain(`${message.id} 1`);
  });
});

test("what one turn owes to several endpoints and of several events is apart from the start", async () => {
  const [first, second] = [await endpoint(here), await endpoint(here)];
  owesTo(here.chat, first);
  owesTo(here.chat, second, ["message.created", "message.offline"]);
  await posted(here.chat, 20);
  expect((await rows(here)).map(({ target_id, event }) => [target_id, event])).toEqual([
    [first, "message.created"],
    [second, "message.created"],
    [second, "message.offline"],
  ]);
});

test("who is killed with a row that holds many has lost none and told none twice under one number", async () => {
  owesTo(here.chat, await endpoint(here));
  const ids = await posted(here.chat, 40);
  const killed = instance(here, () => new Promise(() => {}));
  await killed.deliver();
  expect(killed.sent.length).toBeGreaterThan(0);
  here.clock.advance(31_000);
  const other = instance(here, () => DONE);
  for (let i = 0; i < 40 && (await rows(here)).some(({ state }) => state === "pending"); i += 1) {
    await settled(other);
    here.clock.advance(1_000);
  }
  expect(new Set(other.sent.map((sent) => sent.split(" ")[0]))).toEqual(new Set(ids));
  expect(new Set([...killed.sent, ...other.sent]).size).toBe(killed.sent.length + other.sent.length);
});

test("an endpoint is told at its pace: a second's worth at once, and then so many a second, whatever is owed", async () => {
  Object.assign(here.chat.config, { webhook_rate: 20 });
  owesTo(here.chat, await endpoint(here));
  await posted(here.chat, 200);
  const one = instance(here, () => DONE);
  const counts: number[] = [];
  for (let second = 0; second < 6; second += 1) {
    for (let i = 0; i < 4; i += 1) {
      await settled(one);
      here.clock.advance(250);
    }
    counts.push(one.sent.length);
  }
  for (const [second, count] of counts.entries()) expect(count).toBeLessThanOrEqual(20 + 20 * (second + 1));
  expect(counts.at(-1)).toBeGreaterThan(100);
});

test("while very many post at once an endpoint is told a fifth of that, and all of it once they are done", async () => {
  const target = await endpoint(here);
  const one = instance(here, () => DONE);
  owesTo(one.chat, target);
  await posted(one.chat, 1);
  await settled(one);
  const counts: number[] = [];
  for (let second = 0; second < 8; second += 1) {
    for (let i = 0; i < 4; i += 1) {
      if (second < 4) await posted(one.chat, 100);
      await settled(one);
      here.clock.advance(250);
    }
    counts.push(one.sent.length);
  }
  expect((counts[3] ?? 0) - (counts[1] ?? 0)).toBeLessThan(60); // of 200 by its usual pace
  expect((counts[7] ?? 0) - (counts[5] ?? 0)).toBeGreaterThan(150);
});
