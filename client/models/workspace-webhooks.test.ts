import { expect, test } from "bun:test";
import type { LoggedDelivery } from "../../server/protocol/deliveries.ts";
import type { Webhook } from "../../server/protocol/webhooks.ts";
import { settled, testApi, testClock } from "../testing/outside.ts";
import { createWebhooks } from "./workspace-webhooks.ts";

const TIME = "2026-01-02T00:00:00.000Z";
const shop: Webhook = {
  ...{ id: "shop", url: "https://shop.example.org/", events: ["message.created"], include_private: false, description: "", failures: 0 },
  ...{ created_at: TIME, updated_at: TIME },
};
const delivery = (state: LoggedDelivery["state"], attempts: LoggedDelivery["attempts"]): LoggedDelivery => ({
  ...{ id: "d1", event: "webhook.test", subject_id: "shop", state, created_at: TIME },
  attempts,
});

function webhooksOf(found: () => LoggedDelivery) {
  const clock = testClock();
  const api = testApi({
    "GET /webhooks/shop/deliveries?limit=1&cursor=d10": () => ({ items: [found()] }),
    "GET /webhooks?": () => ({ items: [shop] }),
    "POST /webhooks/shop/test": () => ({ delivery_id: "d1" }),
    "POST /webhooks/shop/secret": () => ({ secret: "whsec_2", previous_until: "2026-01-03T00:00:00.000Z" }),
    "POST /webhooks": () => ({ ...shop, secret: "whsec_1" }),
    "PATCH /webhooks/shop": () => ({ ...shop, disabled_at: TIME, disabled_reason: "asked" }),
    "DELETE /webhooks/shop": () => undefined,
  });
  return { webhooks: createWebhooks(api, clock.later), clock, api };
}

test("a test is waited for until its first attempt has ended, well or not", async () => {
  let now = delivery("pending", []);
  const { webhooks, clock } = webhooksOf(() => now);
  await webhooks.test("shop");
  expect(webhooks.tested.value.get("shop")).toEqual({ state: "waiting" });
  now = delivery("pending", [{ attempt: 1, at: TIME, status: 503, error: "refused", duration_ms: 4 }]);
  await clock.advance(500);
  expect(webhooks.tested.value.get("shop")).toEqual({ state: "failed", delivery: now });
  now = delivery("delivered", [{ attempt: 1, at: TIME, status: 204, duration_ms: 4 }]);
  await webhooks.test("shop");
  expect(webhooks.tested.value.get("shop")).toEqual({ state: "delivered", delivery: now });
});

test("a test that nobody carries is not waited for longer than somebody would", async () => {
  const { webhooks, clock, api } = webhooksOf(() => delivery("pending", []));
  await webhooks.test("shop");
  await clock.advance(60_000);
  expect(webhooks.tested.value.get("shop")).toEqual({ state: "slow" });
  const asked = api.asked.length;
  await clock.advance(60_000);
  expect(api.asked).toHaveLength(asked);
});

test("a secret is shown until it is stored, and stands in no list", async () => {
  const { webhooks } = webhooksOf(() => delivery("pending", []));
  await webhooks.make({ url: shop.url, events: shop.events });
  await settled();
  expect(webhooks.shown.value).toEqual({ url: shop.url, secret: "whsec_1" });
  expect(JSON.stringify(webhooks.pages.items.value)).not.toContain("whsec_1");
  webhooks.stored();
  await webhooks.rotate(shop);
  expect(webhooks.shown.value).toEqual({ url: shop.url, secret: "whsec_2", previous_until: "2026-01-03T00:00:00.000Z" });
  webhooks.stored();
  expect(webhooks.shown.value).toBeNull();
});

test("a webhook is changed and removed in its place", async () => {
  const { webhooks } = webhooksOf(() => delivery("pending", []));
  await webhooks.find();
  await webhooks.change("shop", { disabled: true });
  expect(webhooks.pages.items.value?.[0]?.disabled_reason).toBe("asked");
  await webhooks.remove("shop");
  expect(webhooks.pages.items.value).toEqual([]);
});
