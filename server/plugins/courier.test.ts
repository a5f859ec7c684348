import { afterEach, beforeEach, expect, test } from "bun:test";
import { listDeadLetters } from "../chat/dead-letters.ts";
import { createDeliverer } from "../chat/deliveries.ts";
import { postMessage } from "../chat/messages.ts";
import { listDeliveries } from "../chat/webhook-log.ts";
import { createWebhook } from "../chat/webhooks.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { createRoom } from "../chat/rooms.ts";
import type { Outbound } from "./outbound.ts";
import { webhooks } from "./webhooks.ts";

let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

test("a plugin that carries a delivery is its courier: nothing is dialled, what it fails at is tried again, and what it gives up is a dead letter", async () => {
  const { chat, ann, clock } = here;
  const dialled: string[] = [];
  const outbound: Outbound = { post: async ({ url }) => (dialled.push(url), { status: 200, headers: new Headers() }) };
  const carried: string[] = [];
  chat.hooks.bind(
    "delivery.attempt",
    async (event, next) => {
      if (!event.endpoint.url.startsWith("https://queue.test/")) return next();
      carried.push(`${event.delivery.event} ${event.delivery.attempts}`);
      event.carried = event.endpoint.url.endsWith("/lost") ? { failed: "gone", status: 410 } : carried.length < 2 ? ILL : { done: true, status: 200 };
    },
    { by: "plugin queue" },
  );
  webhooks(chat, outbound);
  const { room } = await createRoom(chat, ann, { type: "channel", name: "open", visibility: "public" });
  const deliverer = createDeliverer(chat, () => 0.5);
  const settle = async (): Promise<void> => {
    await deliverer.deliver();
    await deliverer.idle();
  };
  const [ours, theirs] = [await hook("https://app.test/in"), await hook("https://queue.test/orders")];
  await postMessage(chat, ann, draftFor(room, "news"));
  await settle();
  expect([dialled, carried]).toEqual([["https://app.test/in"], ["message.created 1"]]);
  clock.advance(10_000);
  await settle();
  expect(carried).toEqual(["message.created 1", "message.created 2"]);
  const logged = async (id: string) =>
    (await listDeliveries(chat, ann, { webhook_id: id })).items.map(({ state, attempts }) => [state, attempts.length]);
  expect(await logged(theirs)).toContainEqual(["delivered", 2]);
  expect(await logged(ours)).toContainEqual(["delivered", 1]);
  const lost = await hook("https://queue.test/lost");
  await postMessage(chat, ann, draftFor(room, "more news"));
  await settle();
  expect((await listDeadLetters(chat, ann)).items).toMatchObject([{ target_id: lost, last_error: "gone" }]);
  expect(dialled.every((url) => url === "https://app.test/in")).toBe(true);
});

const ILL = { failed: "refused", status: 500 } as const;
const hook = async (url: string): Promise<string> => (await createWebhook(here.chat, here.ann, { url, events: ["message.created"] })).id;
