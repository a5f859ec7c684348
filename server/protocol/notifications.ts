/** Notifications and subscriptions on the wire: a topic and a payload for people, with no message of a room behind them. */
import { type Static, Type as t } from "@sinclair/typebox";
import { Count, Id, Meta, Time } from "../protocol.ts";

const closed = { additionalProperties: false } as const;

/** What a notification is about, as a tenant's application names it: `build.finished`. */
export const Topic = t.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$" });
export const DeliveryState = t.Union([t.Literal("pending"), t.Literal("delivered"), t.Literal("dead")]);

/** Whoever fits one of these is told once. What fits nobody is told to nobody. */
export const Targets = t.Object(
  {
    user_ids: t.Optional(t.Array(Id, { maxItems: 1_000 })),
    /** The members of this room. */
    room_id: t.Optional(Id),
    /** Those who have subscribed to the notification's own topic. */
    topic_subscribers: t.Optional(t.Boolean()),
  },
  { ...closed, minProperties: 1 },
);
export const NewNotification = t.Object({ topic: Topic, payload: Meta, targets: Targets }, closed);
/** `recipients`: how many users it is owed to from now on. */
export const NotificationMade = t.Object({ notification_id: Id, recipients: Count });
/** A notification as its recipient has it. */
export const Notification = t.Object({
  notification_id: Id,
  topic: Topic,
  payload: Meta,
  state: DeliveryState,
  /** How often it was sent to an open socket. */
  attempts: Count,
  created_at: Time,
  /** When it was acknowledged, or given up. */
  settled_at: t.Optional(Time),
});

export const NewSubscription = t.Object({ topic: Topic }, closed);
export const Subscription = t.Object({ id: Id, topic: Topic, created_at: Time });

export type DeliveryState = Static<typeof DeliveryState>;
export type NewNotification = Static<typeof NewNotification>;
export type NotificationMade = Static<typeof NotificationMade>;
export type Notification = Static<typeof Notification>;
export type NewSubscription = Static<typeof NewSubscription>;
export type Subscription = Static<typeof Subscription>;
