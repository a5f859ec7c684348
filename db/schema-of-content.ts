/** The tables of what people do with messages besides writing them, kept as those of schema.ts are: reactions, what somebody saved, and files. */
import type { Kit } from "./columns.ts";

/** Those who reacted so, the first of them by name: as the message's row tells it. */
export type Reaction = { emoji: string; count: number; user_ids: string[] };
/** A file as the message's row tells it. A picture has its size in pixels, and `preview` once there is a smaller one. */
export type FileOfMessage = { id: string; name: string; type: string; bytes: number; width?: number; height?: number; preview?: true };

export const defineContent = ({ table, text, int, primaryKey, index, uniqueIndex }: Kit) => {
  /** Who reacted how: the truth of which `messages.reactions` is the count, written in the same transaction. */
  const reactions = table(
    "reactions",
    {
      tenant_id: text("tenant_id").notNull(),
      message_id: text("message_id").notNull(),
      emoji: text("emoji").notNull(),
      user_id: text("user_id").notNull(),
      room_id: text("room_id").notNull(),
      created_at: int("created_at").notNull(),
    },
    (t) => [primaryKey({ columns: [t.tenant_id, t.message_id, t.emoji, t.user_id] })],
  );

  /** What somebody put by, for themselves alone; `id` orders it. */
  const saved = table(
    "saved",
    {
      tenant_id: text("tenant_id").notNull(),
      user_id: text("user_id").notNull(),
      id: text("id").notNull(),
      message_id: text("message_id").notNull(),
      room_id: text("room_id").notNull(),
      created_at: int("created_at").notNull(),
    },
    (t) => [primaryKey({ columns: [t.tenant_id, t.user_id, t.id] }), uniqueIndex("saved_message").on(t.tenant_id, t.user_id, t.message_id)],
  );

  /**
   * Bytes that somebody brought, found on disk by tenant and `hash`; several rows may share them. `stored_at` is null while they come in. A
   * row that nothing refers to (no message, nobody's face, no workspace's sign) is collected after a while, and its bytes once no row has their hash.
   */
  const files = table(
    "files",
    {
      tenant_id: text("tenant_id").notNull(),
      id: text("id").notNull(),
      purpose: text("purpose").$type<"message" | "avatar" | "logo">().notNull(),
      uploader_id: text("uploader_id").notNull(),
      room_id: text("room_id"),
      message_id: text("message_id"),
      name: text("name").notNull(),
      type: text("type").notNull(),
      bytes: int("bytes").notNull(),
      hash: text("hash"),
      preview_hash: text("preview_hash"),
      width: int("width"),
      height: int("height"),
      stored_at: int("stored_at"),
      removed_at: int("removed_at"),
      created_at: int("created_at").notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.tenant_id, t.id] }),
      index("files_message").on(t.tenant_id, t.message_id),
      index("files_hash").on(t.tenant_id, t.hash),
      index("files_preview").on(t.tenant_id, t.preview_hash),
      index("files_created_at").on(t.created_at),
    ],
  );

  return { reactions, saved, files };
};
