/** Notifications and the topics one subscribes to. */
import { Elysia, t } from "elysia";
import { acknowledgeNotification, listNotifications, notify } from "../chat/notifications.ts";
import { listSubscriptions, subscribe, unsubscribe } from "../chat/subscriptions.ts";
import { Id, listOf } from "../protocol.ts";
import { DeliveryState, NewNotification, NewSubscription, Notification, NotificationMade, Subscription } from "../protocol/notifications.ts";
import { answers, KEYED } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import { createOnce } from "./once.ts";
import { cursor, given, limit } from "./queries.ts";

export const notifications = ({ chat }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/notifications" })
    .use(asker)
    .post(
      "/",
      async ({ who, body, request, status }) => {
        const make = async () => ({ status: 202, answer: await notify(chat, who, body) });
        const { status: code, answer } = await createOnce(chat, { who, request, body }, make);
        return status(code, answer);
      },
      { body: NewNotification, ...answers({ 202: NotificationMade }, ["not_found"], KEYED) },
    )
    .get("/", ({ who, query }) => listNotifications(chat, who, given(query)), {
      query: t.Object({ state: t.Optional(DeliveryState), cursor, limit }),
      ...answers({ 200: listOf(Notification) }),
    })
    .put("/:notification_id/ack", async ({ who, params, status }) => status(204, await acknowledgeNotification(chat, who, params)), {
      params: t.Object({ notification_id: Id }),
      ...answers({ 204: null }),
    });

export const subscriptions = ({ chat }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/subscriptions" })
    .use(asker)
    .post(
      "/",
      async ({ who, body, request, status }) => {
        const { status: code, answer } = await createOnce(chat, { who, request, body }, async () => {
          const { subscription, created } = await subscribe(chat, who, body);
          return { status: created ? 201 : 200, answer: subscription };
        });
        return status(code, answer);
      },
      { body: NewSubscription, ...answers({ 200: Subscription, 201: Subscription }, [], KEYED) },
    )
    .get("/", ({ who }) => listSubscriptions(chat, who), answers({ 200: listOf(Subscription) }))
    .delete("/:subscription_id", async ({ who, params, status }) => status(204, await unsubscribe(chat, who, params)), {
      params: t.Object({ subscription_id: Id }),
      ...answers({ 204: null }),
    });
