import { expect, test } from "bun:test";
import type { DeadLetter, LoggedDelivery } from "../../server/protocol/deliveries.ts";
import { ApiError } from "../lib/api-error.ts";
import { testApi, testClock } from "../testing/outside.ts";
import { createUndelivered } from "./workspace-undelivered.ts";

const TIME = "2026-01-02T00:00:00.000Z";
const letter = (id: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
  ...{ id, courier: "webhook", target_id: "shop", event: "message.created", subject_id: "m", attempts: 2, created_at: TIME, due_at: TIME },
  ...more,
});
const delivery = (id: string, state: LoggedDelivery["state"], attempt: number): LoggedDelivery => ({
  ...{ id, event: "message.created", subject_id: "m", state, created_at: TIME },
  attempts: [{ attempt, at: TIME, status: state === "delivered" ? 204 : 503 }],
});

async function undelivered(letters: readonly DeadLetter[], log: () => readonly LoggedDelivery[]) {
  const clock = testClock();
  const api = testApi({
    "GET /admin/dead-letters": () => ({ items: letters }),
    "GET /webhooks/shop/deliveries?limit=200": () => ({ items: log() }),
    "POST /admin/dead-letters/retry": () => ({ retried: letters.length }),
    "POST /admin/dead-letters/": () => undefined,
    "DELETE /admin/dead-letters/": () => undefined,
  });
  const list = createUndelivered(api, clock.later);
  await list.find();
  return { list, api, clock, stateOf: (id: string) => list.outcomes.value.get(id)?.state };
}

test("what is tried again stays on its row, which says what becomes of it", async () => {
  let log = [delivery("a", "pending", 2)];
  const one = letter("a");
  const { list, clock, stateOf } = await undelivered([one], () => log);
  await list.retry(one);
  expect(stateOf("a")).toBe("trying");
  await clock.advance(1_000);
  expect(stateOf("a")).toBe("trying"); // the attempts that are there are those it died of
  log = [delivery("a", "pending", 3)];
  await clock.advance(1_000);
  expect(stateOf("a")).toBe("again");
  log = [delivery("a", "delivered", 4)];
  await clock.advance(1_000);
  expect(stateOf("a")).toBe("delivered");
  expect(list.pages.items.value).toHaveLength(1);
});

test("dead once more, it can be tried once more, and its new attempts are known", async () => {
  const one = letter("a");
  const { list, clock, stateOf } = await undelivered([one], () => [delivery("a", "dead", 5)]);
  await list.retry(one);
  await clock.advance(1_000);
  expect(stateOf("a")).toBe("dead");
  expect(list.pages.items.value?.[0]?.attempts).toBe(5);
});

test("all are looked for by one question for each webhook, and notifications by none", async () => {
  const letters = [letter("b"), letter("a"), letter("n", { courier: "user", target_id: "ann" })];
  const { list, api, clock, stateOf } = await undelivered(letters, () => [delivery("b", "delivered", 3), delivery("a", "delivered", 3)]);
  expect(await list.retryAll()).toBe(3);
  const asked = api.asked.length;
  await clock.advance(60_000);
  expect(api.asked.slice(asked).map(({ call }) => call)).toEqual(["GET /webhooks/shop/deliveries?limit=200&cursor=b0"]);
  expect(["a", "b", "n"].map(stateOf)).toEqual(["delivered", "delivered", "sent"]);
});

test("one that is thrown away says so, and one whose webhook is gone too", async () => {
  const letters = [letter("a"), letter("b")];
  const { list, clock, stateOf } = await undelivered(letters, () => {
    throw new ApiError({ code: "not_found", retry: false });
  });
  await list.discard(letter("a"));
  await list.retryAll();
  await clock.advance(1_000);
  expect([stateOf("a"), stateOf("b")]).toEqual(["discarded", "removed"]);
});

test("nothing is asked once nobody looks", async () => {
  const one = letter("a");
  const { list, api, clock } = await undelivered([one], () => [delivery("a", "pending", 2)]);
  await list.retry(one);
  list.rest();
  const asked = api.asked.length;
  await clock.advance(60_000);
  expect(api.asked).toHaveLength(asked);
});
