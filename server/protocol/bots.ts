/** Bots as a workspace makes them: users that nobody signs in as. */
import { type Static, Type as t } from "@sinclair/typebox";
import { Id } from "../protocol.ts";

export const NewBot = t.Object(
  {
    kind: t.Literal("bot"),
    /** Of the application's own choosing; otherwise one of ours. */
    id: t.Optional(Id),
    username: t.Optional(t.String({ maxLength: 128 })),
    display_name: t.String({ minLength: 1, maxLength: 80 }),
  },
  { additionalProperties: false },
);
export type NewBot = Static<typeof NewBot>;
