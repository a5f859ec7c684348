/** What is owed to others, as those who run a workspace read it: how it went, and what was given up. */
import { type Static, Type as t } from "@sinclair/typebox";
import { Count, Id, Time } from "../protocol.ts";

export const DEAD_LETTERS_MAX = 1_000;

const State = t.Union([t.Literal("pending"), t.Literal("delivered"), t.Literal("dead")]);

/** One attempt, numbered from 1 (`snug-attempt` in the request); `error` is the name of what went wrong. */
export const LoggedAttempt = t.Object({
  attempt: Count,
  at: Time,
  duration_ms: t.Optional(Count),
  status: t.Optional(Count),
  error: t.Optional(t.String()),
});
/** `id` is the `webhook-id` of every attempt; `subject_id` the message's, room's, user's, notification's or, in a test, the endpoint's. */
export const LoggedDelivery = t.Object({
  id: Id,
  event: t.String(),
  room_id: t.Optional(Id),
  subject_id: Id,
  state: State,
  due_at: t.Optional(Time),
  last_error: t.Optional(t.String()),
  created_at: Time,
  attempts: t.Array(LoggedAttempt),
});
export const DeadLetter = t.Object({
  id: Id,
  courier: t.Union([t.Literal("webhook"), t.Literal("user")]),
  target_id: Id,
  event: t.String(),
  room_id: t.Optional(Id),
  subject_id: Id,
  attempts: Count,
  last_attempt_at: t.Optional(Time),
  last_status: t.Optional(Count),
  last_error: t.Optional(t.String()),
  created_at: Time,
  due_at: Time,
});
/** As the second of the two programs answered whose place Snug takes. */
export const FailedDeliveries = t.Object({ failed_messages: t.Array(DeadLetter), failed_notifications: t.Array(DeadLetter) });
export const Retried = t.Object({ retried: Count });
/** A room of which the user has not acknowledged everything: `undelivered` messages, from `acked_seq` (exclusive) to `last_seq`. */
export const Undelivered = t.Object({
  room_id: Id,
  acked_seq: Count,
  first_seq: Count,
  last_seq: Count,
  undelivered: Count,
  acked_at: t.Optional(Time),
});

export type LoggedDelivery = Static<typeof LoggedDelivery>;
export type DeadLetter = Static<typeof DeadLetter>;
export type FailedDeliveries = Static<typeof FailedDeliveries>;
export type Undelivered = Static<typeof Undelivered>;
