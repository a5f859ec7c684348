/** Webhooks of a workspace, for those who run it. */
import { Elysia, t } from "elysia";
import { listDeliveries } from "../chat/webhook-log.ts";
import { createWebhook, getWebhook, listWebhooks, patchWebhook, removeWebhook, rotateSecret, testWebhook } from "../chat/webhooks.ts";
import { Id, listOf } from "../protocol.ts";
import { LoggedDelivery } from "../protocol/deliveries.ts";
import { MadeWebhook, NewWebhook, PatchWebhook, Webhook, WebhookSecret, WebhookTest } from "../protocol/webhooks.ts";
import { answers } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import { given, listing } from "./queries.ts";

const place = t.Object({ webhook_id: Id });

export const webhooks = ({ chat }: Door, { askerOrKey }: Askers) =>
  new Elysia({ prefix: "/webhooks" })
    .use(askerOrKey)
    .get("/", ({ who, query }) => listWebhooks(chat, who, given(query)), { query: listing, ...answers({ 200: listOf(Webhook) }) })
    .post("/", async ({ who, body, status }) => status(201, await createWebhook(chat, who, body)), {
      body: NewWebhook,
      ...answers({ 201: MadeWebhook }, ["conflict"]),
    })
    .get("/:webhook_id", ({ who, params }) => getWebhook(chat, who, params), { params: place, ...answers({ 200: Webhook }) })
    .patch("/:webhook_id", ({ who, params, body }) => patchWebhook(chat, who, { ...body, ...params }), {
      params: place,
      body: PatchWebhook,
      ...answers({ 200: Webhook }, ["conflict"]),
    })
    .delete("/:webhook_id", async ({ who, params, status }) => status(204, await removeWebhook(chat, who, params)), {
      params: place,
      ...answers({ 204: null }),
    })
    .post("/:webhook_id/test", async ({ who, params, status }) => status(202, await testWebhook(chat, who, params)), {
      params: place,
      ...answers({ 202: WebhookTest }, ["conflict"]),
    })
    .post("/:webhook_id/secret", async ({ who, params, status }) => status(201, await rotateSecret(chat, who, params)), {
      params: place,
      ...answers({ 201: WebhookSecret }),
    })
    .get("/:webhook_id/deliveries", ({ who, params, query }) => listDeliveries(chat, who, { ...params, ...given(query) }), {
      params: place,
      query: listing,
      ...answers({ 200: listOf(LoggedDelivery) }),
    });
