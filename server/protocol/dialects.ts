/**
 * What a socket may speak. `snug.v1` is the protocol of this server, and takes the second seed's names for its frames too; `chatroom.v1` is the first
 * seed's: one room, which the address names, and frames of its own (docs/migrating.md).
 */
import { type Static, Type as t } from "@sinclair/typebox";
import { Count, Id, Time } from "../protocol.ts";

export type Spoken = "snug.v1" | "chatroom.v1";

/** What the client has offered that is known here, ours first; null where it has offered neither. */
export function spokenIn(offered: string | null): Spoken | null {
  const names = (offered ?? "").split(",").map((one) => one.trim());
  return (["snug.v1", "chatroom.v1"] as const).find((name) => names.includes(name)) ?? null;
}

const someone = { room_id: Id, user_id: Id, username: t.String() };

/** Frames of `chatroom.v1`, server to client. `online` counts the people in the room; it is absent where they are too many to be counted. */
export const ChatroomServerFrame = t.Union([
  t.Object({ type: t.Literal("message"), id: Id, ...someone, content: t.String(), created_at: Time }),
  t.Object({ type: t.Union([t.Literal("join"), t.Literal("leave")]), ...someone, online: t.Optional(Count) }),
  t.Object({ type: t.Literal("typing"), ...someone, is_typing: t.Boolean() }),
  t.Object({ type: t.Literal("pong") }),
  t.Object({ type: t.Literal("error"), content: t.String(), code: t.String(), retry: t.Boolean(), retry_after_ms: t.Optional(Count) }),
]);
export type ChatroomServerFrame = Static<typeof ChatroomServerFrame>;
