/** Webhooks on the wire: the endpoints that a tenant names, what they are told, and how each attempt went. */
import { type Static, Type as t } from "@sinclair/typebox";
import { Count, Id, Time } from "../protocol.ts";

export const EVENTS = [
  "message.created",
  "message.changed",
  "message.offline",
  "room.created",
  "member.joined",
  "member.left",
  "notification.dead",
] as const;
export const WebhookEvent = t.Union(EVENTS.map((event) => t.Literal(event)));
export type WebhookEvent = (typeof EVENTS)[number];

const closed = { additionalProperties: false } as const;
const url = t.String({ minLength: 1, maxLength: 2_048 });
const events = t.Array(WebhookEvent, { minItems: 1, maxItems: EVENTS.length, uniqueItems: true });
const description = t.String({ maxLength: 1_024 });

export const Webhook = t.Object({
  id: Id,
  url: t.String(),
  events: t.Array(WebhookEvent),
  /** Whether it also hears of dms, groups and private channels. */
  include_private: t.Boolean(),
  description: t.String(),
  /** Attempts that failed one after the other; from five on it rests between two attempts, until `rests_until`. */
  failures: Count,
  rests_until: t.Optional(Time),
  disabled_at: t.Optional(Time),
  /** `gone`: it answered 410. `asked`: somebody of the workspace switched it off. */
  disabled_reason: t.Optional(t.Union([t.Literal("gone"), t.Literal("asked")])),
  /** A user, or `key/<id>` where a key made it. */
  created_by: t.Optional(t.String()),
  created_at: Time,
  updated_at: Time,
});
/** `secret` signs what is sent; it is in this answer and in no other. */
export const MadeWebhook = t.Composite([Webhook, t.Object({ secret: t.String() })]);
/** `previous_until` is when the secret before it ends: until then both sign. */
export const WebhookSecret = t.Object({ secret: t.String(), previous_until: Time });
/** Found among the endpoint's deliveries. */
export const WebhookTest = t.Object({ delivery_id: Id });
export const NewWebhook = t.Object({ url, events, include_private: t.Optional(t.Boolean()), description: t.Optional(description) }, closed);
export const PatchWebhook = t.Object(
  {
    url: t.Optional(url),
    events: t.Optional(events),
    include_private: t.Optional(t.Boolean()),
    description: t.Optional(description),
    disabled: t.Optional(t.Boolean()),
  },
  closed,
);

export type Webhook = Static<typeof Webhook>;
export type MadeWebhook = Static<typeof MadeWebhook>;
export type WebhookSecret = Static<typeof WebhookSecret>;
export type NewWebhook = Static<typeof NewWebhook>;
export type PatchWebhook = Static<typeof PatchWebhook>;
