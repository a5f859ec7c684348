import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { DONE, endpoint, hook, ILL, instance, owed, rows, settled } from "../testing/deliveries.ts";
import { world, type World } from "../testing/world.ts";
import type { Carried } from "./carried.ts";

let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

describe("one delivery", () => {
  test("is carried once, and its attempt is written down", async () => {
    await owed(here, await endpoint(here), "news");
    const one = instance(here, () => DONE);
    await settled(one);
    await settled(one);
    expect(one.sent).toEqual(["news 1"]);
    expect(await rows(here)).toMatchObject([{ state: "delivered", attempts: 1, last_status: 200, last_error: null, settled_at: here.clock.now() }]);
    expect(await here.chat.store.read.select().from(here.chat.store.t.attempts)).toMatchObject([{ attempt: 1, status: 200, error: null }]);
  });

  test("that failed comes again after a pause that doubles, and with every attempt spent it is a dead letter with its last error", async () => {
    Object.assign(here.chat.config, { webhooks: { attempts: 3, first_retry_ms: 5_000, longest_retry_ms: 60_000 } });
    await owed(here, await endpoint(here), "news");
    const one = instance(here, () => ILL);
    for (const pause of [2_500, 5_000]) {
      await settled(one);
      here.clock.advance(pause - 1);
      const before = one.sent.length;
      await settled(one);
      expect(one.sent.length).toBe(before);
      here.clock.advance(1);
    }
    await settled(one);
    expect(one.sent).toEqual(["news 1", "news 2", "news 3"]);
    expect(await rows(here)).toMatchObject([{ state: "dead", attempts: 3, last_status: 500, last_error: "refused" }]);
    expect(one.died.map(({ subject_id, last_error }) => [subject_id, last_error])).toEqual([["news", "refused"]]);
  });

  test("is tried as often as its tenant has set, not as the operator has", async () => {
    const { chat, ann } = here;
    await chat.store.write((tx) =>
      tx
        .update(chat.store.t.tenants)
        .set({ config: { webhook_attempts: 1 } })
        .where(eq(chat.store.t.tenants.id, ann.tenant_id)),
    );
    await owed(here, await endpoint(here), "news");
    await settled(instance(here, () => ILL));
    expect(await rows(here)).toMatchObject([{ state: "dead", attempts: 1 }]);
  });

  test("whose instance was killed between claim and settle is sent by another once the claim has ended, as another attempt", async () => {
    await owed(here, await endpoint(here), "news");
    const killed = instance(here, () => new Promise(() => {}));
    await killed.deliver();
    const other = instance(here, () => DONE);
    await settled(other);
    expect([killed.sent, other.sent]).toEqual([["news 1"], []]);
    here.clock.advance(30_000);
    await settled(other);
    expect(other.sent).toEqual(["news 2"]);
    expect(await rows(here)).toMatchObject([{ state: "delivered", attempts: 2 }]);
  });

  test("whose answer comes after the claim has ended does not undo what the second attempt did", async () => {
    const id = await endpoint(here);
    await owed(here, id, "news");
    const answer = Promise.withResolvers<Carried>();
    const slow = instance(here, () => answer.promise);
    await slow.deliver();
    here.clock.advance(30_000);
    await settled(instance(here, () => DONE));
    answer.resolve(ILL);
    await slow.idle();
    expect(await rows(here)).toMatchObject([{ state: "delivered", attempts: 2, last_error: null }]);
    expect((await here.chat.store.read.select().from(here.chat.store.t.attempts)).map(({ attempt }) => attempt)).toEqual([2]);
    expect(await hook(here, id)).toMatchObject({ failures: 0 });
  });

  test("is counted where it arrived, where it failed, and where it was given up", async () => {
    const counted: string[] = [];
    Object.assign(here.chat, { metrics: { count: (name: string) => void counted.push(name) } });
    Object.assign(here.chat.config, { webhooks: { attempts: 1, first_retry_ms: 1, longest_retry_ms: 1 } });
    await owed(here, await endpoint(here), "news");
    await settled(instance(here, () => DONE));
    await owed(here, await endpoint(here), "more news");
    await settled(instance(here, () => ILL));
    expect(counted).toEqual(["snug_deliveries_total", "snug_delivery_failures_total", "snug_dead_letters_total"]);
  });

  test("that is older than three days is given up, and that was no attempt", async () => {
    await owed(here, await endpoint(here), "old");
    here.clock.advance(73 * 3_600_000);
    const one = instance(here, () => DONE);
    await settled(one);
    expect(one.sent).toEqual([]);
    expect(await rows(here)).toMatchObject([{ state: "dead", attempts: 0, last_error: "expired" }]);
  });
});

test("two instances that claim at once send each of many exactly once", async () => {
  const subjects = Array.from({ length: 30 }, (_, i) => `news-${i}`);
  for (let i = 0; i < 10; i += 1) await owed(here, await endpoint(here), ...subjects.slice(i * 3, i * 3 + 3));
  const both = [instance(here, () => DONE), instance(here, () => DONE)];
  await Promise.all(both.map(settled));
  await Promise.all(both.map(settled));
  expect(both.flatMap(({ sent }) => sent).toSorted()).toEqual(subjects.map((one) => `${one} 1`).toSorted());
});

test("an endpoint that hangs has four under way, and those of all others are sent meanwhile", async () => {
  const poison = await endpoint(here);
  await owed(here, poison, ...Array.from({ length: 200 }, (_, i) => `poison-${i}`));
  for (let i = 0; i < 49; i += 1) await owed(here, await endpoint(here), `healthy-${i}`);
  const one = instance(here, ({ delivery }) => (delivery.target_id === poison ? new Promise(() => {}) : DONE));
  await one.deliver();
  for (let turns = 0; turns < 500 && one.sent.length < 53; turns += 1) await Bun.sleep(1);
  expect(one.sent.filter((sent) => sent.startsWith("poison")).length).toBe(4);
  expect(one.sent.filter((sent) => sent.startsWith("healthy")).length).toBe(49);
  const kept = (await rows(here)).filter(({ target_id, attempts }) => target_id === poison && attempts === 0);
  expect(kept.length).toBe(200 - 8); // four under way, four waiting for their turn; those given back were no attempt
});

test("a long backlog of one endpoint is worked off without waiting for the loop", async () => {
  await owed(here, await endpoint(here), ...Array.from({ length: 60 }, (_, i) => `news-${i}`));
  const one = instance(here, () => DONE);
  for (let turns = 0; turns < 10; turns += 1) {
    await settled(one);
    here.clock.advance(100);
  }
  expect(new Set(one.sent).size).toBe(60);
  expect(one.sent.length).toBe(60);
});

test("what happens while an endpoint has enough to do is written down for later, and for one that has not, for now", async () => {
  const [busy, idle] = [await endpoint(here), await endpoint(here)];
  await owed(here, busy, ...Array.from({ length: 20 }, (_, i) => `before-${i}`));
  const one = instance(here, () => new Promise(() => {}));
  await one.deliver();
  const chat = one.chat;
  const now = here.clock.now();
  await owed({ ...here, chat }, busy, "first", "second");
  await owed({ ...here, chat }, idle, "other");
  const due = new Map((await rows(here)).map(({ subject_id, due_at }) => [subject_id, due_at]));
  expect(due.get("other")).toBe(now);
  expect(due.get("first")).toBeGreaterThan(now);
  expect(due.get("second")).toBeGreaterThan(due.get("first") ?? Infinity);
});

test("a row that makes its courier throw is a fault in the log and a failed attempt, and the next one is carried", async () => {
  await owed(here, await endpoint(here), "poisoned", "sound");
  const one = instance(here, ({ delivery }) => {
    if (delivery.subject_id === "poisoned") throw new Error("cannot be built");
    return DONE;
  });
  await settled(one);
  expect(here.faults.map(String)).toEqual(["Error: cannot be built"]);
  expect(await rows(here)).toMatchObject([
    { subject_id: "poisoned", state: "pending", last_error: "fault" },
    { subject_id: "sound", state: "delivered" },
  ]);
});

test("an endpoint that answers 410 is switched off, and what else was owed to it are dead letters", async () => {
  const id = await endpoint(here);
  await owed(here, id, ...Array.from({ length: 8 }, (_, i) => `news-${i}`));
  const one = instance(here, () => ({ failed: "gone", status: 410 }));
  await settled(one);
  await settled(one);
  here.clock.advance(2_000);
  await settled(one);
  expect(await hook(here, id)).toMatchObject({ disabled_at: expect.any(Number), disabled_reason: "gone" });
  expect(here.faults).toEqual([]);
  const errors = (await rows(here)).map(({ state, last_error }) => `${state} ${last_error}`);
  expect(new Set(errors)).toEqual(new Set(["dead gone", "dead disabled"]));
  expect(one.sent.length).toBeLessThanOrEqual(4);
});

test("an endpoint that says it is busy is asked nothing until it said, and is not ill for that", async () => {
  const id = await endpoint(here);
  await owed(here, id, "news");
  await settled(instance(here, () => ({ failed: "busy", status: 429, retry_after_ms: 20_000 })));
  expect(await hook(here, id)).toMatchObject({ failures: 0, rest_until: here.clock.now() + 20_000 });
  await owed(here, id, "more news");
  const one = instance(here, () => DONE);
  here.clock.advance(19_999);
  await settled(one);
  expect(one.sent).toEqual([]);
  here.clock.advance(5_000);
  await settled(one);
  expect(one.sent.toSorted()).toEqual(["more news 1", "news 2"]);
});

test("an endpoint that is there no more is told nothing, and what was owed to it is a dead letter", async () => {
  await owed(here, "nowhere", "news");
  const one = instance(here, () => DONE);
  await settled(one);
  expect(one.sent).toEqual([]);
  expect(await rows(here)).toMatchObject([{ state: "dead", attempts: 0, last_error: "disabled" }]);
});

test("who stops gives back what waits, lets go of what hangs, and another instance sends it", async () => {
  const id = await endpoint(here);
  await owed(here, id, ...Array.from({ length: 6 }, (_, i) => `news-${i}`));
  const one = instance(here, () => new Promise(() => {}));
  await one.deliver();
  await one.stop(20);
  await one.idle(); // a busy database may take longer than its patience to write that down
  const after = await rows(here);
  expect(after.map(({ attempts }) => attempts).toSorted((a, b) => a - b)).toEqual([0, 0, 1, 1, 1, 1]);
  expect(new Set(after.map(({ last_error }) => last_error))).toEqual(new Set([null, "stopped"]));
  here.clock.advance(10_000);
  const other = instance(here, () => DONE);
  await settled(other);
  expect(new Set((await rows(here)).map(({ state }) => state))).toEqual(new Set(["delivered"]));
});
