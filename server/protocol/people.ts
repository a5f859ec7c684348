/** People as who runs the workspace sees them, and what ends them. */
import { type Static, Type as t } from "@sinclair/typebox";
import { Id, Time, User } from "../protocol.ts";

const closed = { additionalProperties: false } as const;

export const AdminUser = t.Composite([
  User,
  t.Object({
    created_at: Time,
    /** When their last socket was gone; absent for who never had one. */
    last_seen_at: t.Optional(Time),
    /** Whether they are here now. */
    presence: t.Union([t.Literal("active"), t.Literal("away"), t.Literal("offline")]),
    /** By themselves or by an admin, kept out, or gone for good. Only beside `disabled_at`. */
    disabled_why: t.Optional(t.Union([t.Literal("deactivated"), t.Literal("banned"), t.Literal("erased")])),
  }),
]);
export const NewOwner = t.Object({ user_id: Id }, closed);
/** What becomes of what they have written. */
export const NewErasure = t.Object({ messages: t.Union([t.Literal("keep"), t.Literal("remove")]) }, closed);
/** `messages_left`: not all of their messages have been removed yet; the same request goes on. */
export const Erasure = t.Object({ user: AdminUser, messages_left: t.Boolean() });
/** One's own, and the password once more. */
export const NewDeactivation = t.Object({ password: t.String({ maxLength: 512 }) }, closed);

export type AdminUser = Static<typeof AdminUser>;
export type NewOwner = Static<typeof NewOwner>;
export type NewErasure = Static<typeof NewErasure>;
export type Erasure = Static<typeof Erasure>;
export type NewDeactivation = Static<typeof NewDeactivation>;
