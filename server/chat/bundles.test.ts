import { afterEach, beforeEach, expect, test } from "bun:test";
import { endpoint, instance, DONE, rows, settled } from "../testing/deliveries.ts";
import { world, type World } from "../testing/world.ts";
import { type Debt, oweTogether } from "./outbox.ts";

let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

const subjects = (count: number): string[] => Array.from({ length: count }, (_, i) => `post-${String(i).padStart(3, "0")}`);
const owedTogether = ({ chat, ann }: World, target_id: string, names: readonly string[], event = "message.created"): Promise<void> =>
  chat.store.write((tx) =>
    oweTogether(
      chat,
      tx,
      names.map((subject_id): Debt => ({
        tenant_id: ann.tenant_id,
        courier: "webhook",
        target_id,
        event,
        room_id: null,
        subject_id,
        detail: { rev: 1 },
      })),
    ),
  );

test("what many posts of one transaction owe to an endpoint is a row, and is told one by one in their order, each once, as an event of its own", async () => {
  const names = subjects(300);
  await owedTogether(here, await endpoint(here), names);
  expect(await rows(here)).toHaveLength(2); // at most 256 in one
  const one = instance(here, () => DONE);
  for (let i = 0; i < 40 && one.sent.length < 300; i += 1) {
    await settled(one);
    here.clock.advance(250);
  }
  expect(one.sent.toSorted()).toEqual(names.map((name) => `${name} 1`));
  const told = await rows(here);
  expect(new Set(told.map(({ id }) => id)).size).toBe(300);
  expect(told.filter(({ state, detail }) => state !== "delivered" || JSON.stringify(detail) !== '{"rev":1}')).toEqual([]);
});

test("what one turn owes to several endpoints and of several events is apart from the start", async () => {
  const [first, second] = [await endpoint(here), await endpoint(here)];
  await owedTogether(here, first, subjects(20));
  await owedTogether(here, second, subjects(20), "message.offline");
  await owedTogether(here, second, subjects(3));
  const owed = await rows(here);
  expect(owed.map(({ target_id, event }) => [target_id, event])).toEqual([
    [first, "message.created"],
    [second, "message.offline"],
    ...subjects(3).map(() => [second, "message.created"]),
  ]);
});

test("who is killed with a row that holds many has lost none and told none twice under one number", async () => {
  const names = subjects(40);
  await owedTogether(here, await endpoint(here), names);
  const killed = instance(here, () => new Promise(() => {}));
  await killed.deliver();
  expect(killed.sent.length).toBeGreaterThan(0);
  here.clock.advance(31_000);
  const other = instance(here, () => DONE);
  for (let i = 0; i < 40 && (await rows(here)).some(({ state }) => state === "pending"); i += 1) {
    await settled(other);
    here.clock.advance(1_000);
  }
  expect(new Set(other.sent.map((sent) => sent.split(" ")[0]))).toEqual(new Set(names));
  expect(new Set([...killed.sent, ...other.sent]).size).toBe(killed.sent.length + other.sent.length);
});

test("an endpoint is told at its pace: a second's worth at once, and then so many a second, whatever is owed", async () => {
  Object.assign(here.chat.config, { webhook_rate: 20 });
  await owedTogether(here, await endpoint(here), subjects(200));
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
  await owedTogether(here, target, ["the first"]);
  const one = instance(here, () => DONE);
  const owedOn = (names: readonly string[]): Promise<void> => owedTogether({ ...here, chat: one.chat }, target, names);
  await settled(one);
  const counts: number[] = [];
  for (let second = 0; second < 8; second += 1) {
    for (let i = 0; i < 4; i += 1) {
      if (second < 4) await owedOn(subjects(100).map((name) => `${second} ${i} ${name}`));
      await settled(one);
      here.clock.advance(250);
    }
    counts.push(one.sent.length);
  }
  expect((counts[3] ?? 0) - (counts[1] ?? 0)).toBeLessThan(60); // of 200 by its usual pace
  expect((counts[7] ?? 0) - (counts[5] ?? 0)).toBeGreaterThan(150);
});
