import { expect, test } from "bun:test";
import type { LoggedDelivery } from "../../server/protocol/deliveries.ts";
import { testApi, testClock } from "../testing/outside.ts";
import { createLogs, LOOK_MS } from "./workspace-log.ts";

const TIME = "2026-01-02T00:00:00.000Z";
const idOf = (n: number): string => `d${String(n).padStart(3, "0")}`;
const delivery = (n: number, more: Partial<LoggedDelivery> = {}): LoggedDelivery => ({
  ...{ id: idOf(n), event: "message.created", subject_id: "m", state: "pending", created_at: TIME, attempts: [] },
  ...more,
});

/** A webhook with so many deliveries. */
async function logging(first: number) {
  const clock = testClock();
  let all = Array.from({ length: first }, (_, n) => delivery(n));
  let isVisible = true;
  const api = testApi({
    "GET /webhooks/shop/deliveries": (path) => {
      const asked = new URLSearchParams(path.split("?")[1]);
      const before = all.filter(({ id }) => id < (asked.get("cursor") ?? "e")).toReversed();
      const items = before.slice(0, Number(asked.get("limit")));
      const last = items.at(-1);
      return { items, ...(before.length > items.length && last && { next_cursor: last.id }) };
    },
  });
  const log = createLogs({ api, later: clock.later, isVisible: () => isVisible })("shop");
  await log.find();
  return {
    ...{ log, api, clock },
    add: (n: number) => void (all = [...all, ...Array.from({ length: n }, (_, i) => delivery(all.length + i))]),
    settle: (n: number) => void (all = all.map((one, i) => (i === n ? { ...one, state: "delivered" } : one))),
    hide: (is: boolean) => void (isVisible = !is),
    ids: () => log.pages.items.value?.map(({ id }) => id) ?? [],
    look: () => clock.advance(LOOK_MS),
  };
}

test("what is shown changes in its place, and what is new waits for who reads further down", async () => {
  const { log, add, settle, ids, look } = await logging(3);
  log.watch(() => false);
  add(2);
  settle(1);
  await look();
  expect(ids()).toEqual([idOf(2), idOf(1), idOf(0)]);
  expect(log.pages.items.value?.[1]?.state).toBe("delivered");
  expect(log.waiting.value.map(({ id }) => id)).toEqual([idOf(4), idOf(3)]);
  await log.showNew();
  expect(ids()).toEqual([idOf(4), idOf(3), idOf(2), idOf(1), idOf(0)]);
  expect(log.waiting.value).toEqual([]);
});

test("what is new is shown at once to who stands at the top", async () => {
  const { log, add, ids, look } = await logging(1);
  const end = log.watch(() => true);
  add(1);
  await look();
  expect(ids()).toEqual([idOf(1), idOf(0)]);
  end();
  add(1);
  await look();
  expect(ids()).toHaveLength(2);
});

test("nothing is asked while nobody looks", async () => {
  const { log, api, hide, look } = await logging(1);
  log.watch(() => true);
  const asked = api.asked.length;
  hide(true);
  await look();
  expect(api.asked).toHaveLength(asked);
  hide(false);
  await look();
  expect(api.asked).toHaveLength(asked + 1);
});

test("where more has come than a page holds, the log begins anew and has no gap", async () => {
  const { log, add, ids, look } = await logging(2);
  log.watch(() => false);
  add(120);
  await look();
  expect(log.waiting.value).toHaveLength(50);
  await log.showNew();
  await log.pages.more();
  await log.pages.more();
  expect(ids()).toEqual(Array.from({ length: 122 }, (_, n) => idOf(121 - n)));
});
