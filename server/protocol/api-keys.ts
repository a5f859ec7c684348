/** Keys of a tenant's application, and the tokens that they mint for its users' browsers. */
import { type Static, Type as t } from "@sinclair/typebox";
import { Count, Id, Time, User } from "../protocol.ts";

const closed = { additionalProperties: false } as const;

/** `read` changes nothing; `server` acts for users as members; `admin` also administers the workspace, never as its owner. */
export const KeyScope = t.Union([t.Literal("server"), t.Literal("admin"), t.Literal("read")]);
export const NewApiKey = t.Object(
  {
    name: t.String({ minLength: 1, maxLength: 80 }),
    scope: KeyScope,
    /** Whether it may act for people who have a password; the owner alone gives that. */
    impersonate: t.Optional(t.Boolean()),
    /** Absent: until it is revoked. */
    expires_in_seconds: t.Optional(t.Integer({ minimum: 60, maximum: 10 * 366 * 86_400 })),
  },
  closed,
);
/** How much longer the old secret holds beside the new one; nothing said: it ends at once. */
export const RotateApiKey = t.Object({ old_holds_seconds: t.Optional(t.Integer({ minimum: 0, maximum: 30 * 86_400 })) }, closed);
export const ApiKey = t.Object({
  id: Id,
  name: t.String(),
  /** What the key begins with, by which its holder knows it. */
  prefix: t.String(),
  scope: KeyScope,
  impersonate: t.Boolean(),
  /** A user, or `key/<id>` where a key made it. */
  created_by: t.Optional(t.String()),
  created_at: Time,
  /** To the minute. */
  last_used_at: t.Optional(Time),
  expires_at: t.Optional(Time),
  revoked_at: t.Optional(Time),
  /** Told once, in the answer that makes it. */
  key: t.Optional(t.String()),
});

export const NewToken = t.Object(
  {
    user_id: Id,
    ttl_seconds: t.Integer({ minimum: 60, maximum: 86_400 }),
    /** One room of the user's that the token opens, and no other. */
    room_id: t.Optional(Id),
    /** For a user whom nobody knows yet. */
    display_name: t.Optional(t.String({ minLength: 1, maxLength: 80 })),
  },
  closed,
);
/** `expires_in` in seconds: what was asked for, or less where the key ends before that. */
export const MintedToken = t.Object({ access_token: t.String(), token_type: t.Literal("Bearer"), expires_in: Count, user: User });

export type NewApiKey = Static<typeof NewApiKey>;
export type RotateApiKey = Static<typeof RotateApiKey>;
export type ApiKey = Static<typeof ApiKey>;
export type NewToken = Static<typeof NewToken>;
export type MintedToken = Static<typeof MintedToken>;
