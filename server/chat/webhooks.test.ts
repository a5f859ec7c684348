import { afterEach, beforeEach, expect, test } from "bun:test";
import { refusalOf } from "../testing/refusals.ts";
import { type World, world } from "../testing/world.ts";
import { endpointsOf } from "./endpoints.ts";
import { createWebhook, patchWebhook, removeWebhook } from "./webhooks.ts";

let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

test("a workspace has as many webhooks switched on as the operator allows; one more waits for another to go, and no other workspace does", async () => {
  const { ann, mallory } = here;
  const chat = Object.assign(here.chat, { config: { ...here.chat.config, webhooks_on: 2 } });
  const make = (who = ann) => createWebhook(chat, who, { url: "https://app.example.org/in", events: ["message.created"] });
  const [first, second] = [await make(), await make()];
  expect(await refusalOf(make())).toBe("conflict");
  expect((await make(mallory)).url).toBe("https://app.example.org/in");
  expect((await patchWebhook(chat, ann, { webhook_id: first.id, disabled: false, description: "on as before" })).description).toBe("on as before");
  await patchWebhook(chat, ann, { webhook_id: first.id, disabled: true });
  const third = await make();
  expect(await refusalOf(patchWebhook(chat, ann, { webhook_id: first.id, disabled: false }))).toBe("conflict");
  expect(
    endpointsOf(chat)
      .of(ann.tenant_id)
      .map(({ id }) => id),
  ).toEqual([second.id, third.id]);
  await removeWebhook(chat, ann, { webhook_id: second.id });
  expect((await patchWebhook(chat, ann, { webhook_id: first.id, disabled: false })).disabled_at).toBeUndefined();
});
