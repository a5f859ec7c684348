/**
 * Every table once, above each the invariant it keeps. `define` is called with the words of one dialect; drizzle-kit reads the results
 * from `schema.sqlite.ts` and `schema.postgres.ts`. Every row knows its tenant, first in every key, but for: the unique hash of a secret,
 * what the workers and the look ask by time, and the messages (docs/performance.md tells what each of their indexes costs).
 */
import { sql } from "drizzle-orm";
import type { Kit } from "./columns.ts";
import { defineApi, type TenantConfig } from "./schema-of-api.ts";
import { defineContent, type FileOfMessage, type Reaction } from "./schema-of-content.ts";
import { defineSeats } from "./schema-of-seats.ts";

export type TenantLimits = { content_points?: number; content_bytes?: number; meta_bytes?: number; file_bytes?: number };

export const define = (kit: Kit) => {
  const { table, text, int, flag, json, primaryKey, index, uniqueIndex } = kit;

  /** One row, id 1. `epoch` names this history: a restored copy gets another. `secret_prints` are fingerprints of the secrets that may open it. */
  const installation = table("installation", {
    id: int("id").primaryKey(),
    epoch: text("epoch").notNull(),
    boot: text("boot").notNull(),
    secret_prints: json<string[]>("secret_prints").notNull(),
    created_at: int("created_at").notNull(),
  });

  /** The isolation boundary. `host` is folded; null answers for every host that no other tenant names, if it is the first. */
  const tenants = table(
    "tenants",
    {
      id: text("id").primaryKey(),
      name: text("name").notNull(),
      host: text("host"),
      registration: text("registration").$type<"open" | "invite" | "closed">().notNull(),
      directory: flag("directory").notNull(),
      limits: json<TenantLimits>("limits").notNull(),
      config: json<TenantConfig>("config"),
      disabled_at: int("disabled_at"),
      created_at: int("created_at").notNull(),
      updated_at: int("updated_at").notNull(),
    },
    (t) => [uniqueIndex("tenants_host").on(t.host), index("tenants_updated_at").on(t.updated_at)],
  );

  /**
   * `username` is stored folded and is unique in its tenant. `rev` rises with every change of the user's rights, `changed_at` with it (the look asks
   * for it).
   */
  const users = table(
    "users",
    {
      tenant_id: text("tenant_id").notNull(),
      id: text("id").notNull(),
      username: text("username"),
      display_name: text("display_name").notNull(),
      password_hash: text("password_hash"),
      role: text("role").$type<"owner" | "admin" | "member">().notNull(),
      kind: text("kind").$type<"person" | "bot">().notNull(),
      settings: json<Record<string, unknown>>("settings").notNull(),
      disabled_at: int("disabled_at"),
      last_seen_at: int("last_seen_at"),
      rev: int("rev").notNull(),
      changed_at: int("changed_at").notNull(),
      created_at: int("created_at").notNull(),
      updated_at: int("updated_at").notNull(),
      disabled_why: text("disabled_why").$type<"deactivated" | "banned" | "erased">(),
      avatar_id: text("avatar_id"),
      status_text: text("status_text"),
      status_emoji: text("status_emoji"),
      status_until: int("status_until"),
    },
    (t) => [
      primaryKey({ columns: [t.tenant_id, t.id] }),
      uniqueIndex("users_username").on(t.tenant_id, t.username),
      index("users_changed_at").on(t.changed_at),
    ],
  );

  /** What people are found by as somebody types: one entry for each word of a name, folded, from that word to the name's end. */
  const user_names = table(
    "user_names",
    {
      tenant_id: text("tenant_id").notNull(),
      name: text("name").notNull(),
      user_id: text("user_id").notNull(),
    },
    (t) => [primaryKey({ columns: [t.tenant_id, t.name, t.user_id] })],
  );

  /**
   * `last_seq` and `last_rev` advance in one UPDATE under the row's lock, so numbers become visible in order and without gaps.
   * `rev` is that of the row itself (name, archived, members counted); `rights_rev` rises with any change of rights in the room. Who speaks, and the
   * run that Postgres' last post ended (`prior_…`, read by that statement alone): spoken.ts.
   */
  const rooms = table(
    "rooms",
    {
      tenant_id: text("tenant_id").notNull(),
      id: text("id").notNull(),
      type: text("type").$type<"dm" | "group" | "channel">().notNull(),
      visibility: text("visibility").$type<"public" | "private">().notNull(),
      name: text("name"),
      folded_name: text("folded_name"),
      description: text("description").notNull(),
      owner_id: text("owner_id"),
      unique_key: text("unique_key"),
      metadata: json<Record<string, unknown>>("metadata"),
      first_seq: int("first_seq").notNull(),
      last_seq: int("last_seq").notNull(),
      last_rev: int("last_rev").notNull(),
      last_at: int("last_at").notNull(),
      rev: int("rev").notNull(),
      rights_rev: int("rights_rev").notNull(),
      member_count: int("member_count").notNull(),
      archived_at: int("archived_at"),
      created_at: int("created_at").notNull(),
      updated_at: int("updated_at").notNull(),
      posting: text("posting").$type<"admins">(),
      speaker_id: text("speaker_id"),
      spoken_from: int("spoken_from"),
      prior_id: text("prior_id"),
      prior_from: int("prior_from"),
      prior_at: int("prior_at"),
    },
    (t) => [
      primaryKey({ columns: [t.tenant_id, t.id] }),
      uniqueIndex("rooms_unique_key").on(t.tenant_id, t.unique_key),
      uniqueIndex("rooms_folded_name").on(t.tenant_id, t.folded_name),
    ],
  );

  /**
   * Leaving keeps the row with `left_at`, so that a resume can tell it. `acked_seq` never lowers and never passes `rooms.last_seq`; who speaks may have
   * more than stands there, so it is read through `ackedSeq` (spoken.ts). Who wants to come back to a message marks it, which lowers nothing.
   */
  const members = table(
    "members",
    {
      tenant_id: text("tenant_id").notNull(),
      room_id: text("room_id").notNull(),
      user_id: text("user_id").notNull(),
      role: text("role").$type<"owner" | "admin" | "member">().notNull(),
      level: text("level").$type<"all" | "mentions" | "none" | "muted">().notNull(),
      acked_seq: int("acked_seq").notNull(),
      acked_at: int("acked_at").notNull(),
      rev: int("rev").notNull(),
      joined_at: int("joined_at").notNull(),
      left_at: int("left_at"),
      updated_at: int("updated_at").notNull(),
      marked_seq: int("marked_seq"),
    },
    (t) => [
      primaryKey({ columns: [t.tenant_id, t.room_id, t.user_id] }),
      index("members_user").on(t.tenant_id, t.user_id),
      index("members_rev").on(t.tenant_id, t.room_id, t.rev),
    ],
  );

  /**
   * Kept in the order in which they came, without a number of its own, so that a post appends. `seq` is 1, 2, 3 … in its room; `born_rev` is the rev
   * the row was posted at and rises with `seq`, which is how a resume finds new rows; changed rows are found by the partial index. A room's id is ours
   * and unique over all tenants, which is why the unique indexes may begin without the tenant. `client_id` first: ours are time-ordered and land on
   * one page.
   */
  const messages = table(
    "messages",
    {
      id: text("id").primaryKey(),
      tenant_id: text("tenant_id").notNull(),
      room_id: text("room_id").notNull(),
      sender_id: text("sender_id").notNull(),
      client_id: text("client_id").notNull(),
      seq: int("seq").notNull(),
      rev: int("rev").notNull(),
      born_rev: int("born_rev").notNull(),
      content: text("content").notNull(),
      meta: json<Record<string, unknown>>("meta"),
      mentions: json<string[]>("mentions"),
      reply_to: text("reply_to"),
      created_at: int("created_at").notNull(),
      edited_at: int("edited_at"),
      removed_at: int("removed_at"),
      files: json<FileOfMessage[]>("files"),
      reactions: json<Reaction[]>("reactions"),
      pinned_at: int("pinned_at"),
      pinned_by: text("pinned_by"),
    },
    (t) => [
      uniqueIndex("messages_seq").on(t.room_id, t.seq),
      uniqueIndex("messages_client_id").on(t.client_id, t.sender_id, t.room_id),
      index("messages_changed")
        .on(t.room_id, t.rev)
        .where(sql`rev > born_rev`),
      index("messages_replies")
        .on(t.room_id, t.reply_to, t.seq)
        .where(sql`reply_to IS NOT NULL`),
      index("messages_pinned")
        .on(t.room_id, t.pinned_at)
        .where(sql`pinned_at IS NOT NULL`),
    ],
  );

  /** Who is addressed by which message; `*` is everybody in the room. Written by append, read above `acked_seq`. */
  const mentions = table(
    "mentions",
    {
      tenant_id: text("tenant_id").notNull(),
      room_id: text("room_id").notNull(),
      user_id: text("user_id").notNull(),
      seq: int("seq").notNull(),
    },
    (t) => [primaryKey({ columns: [t.tenant_id, t.room_id, t.user_id, t.seq] })],
  );

  /** `used_count` never passes `max_uses`: it is raised by one UPDATE that also checks it. */
  const invites = table(
    "invites",
    {
      tenant_id: text("tenant_id").notNull(),
      id: text("id").notNull(),
      code_hash: text("code_hash").notNull(),
      role: text("role").$type<"admin" | "member">().notNull(),
      max_uses: int("max_uses").notNull(),
      used_count: int("used_count").notNull(),
      created_by: text("created_by").notNull(),
      expires_at: int("expires_at").notNull(),
      revoked_at: int("revoked_at"),
      created_at: int("created_at").notNull(),
      updated_at: int("updated_at").notNull(),
    },
    (t) => [primaryKey({ columns: [t.tenant_id, t.id] }), uniqueIndex("invites_code_hash").on(t.code_hash)],
  );

  /** Append-only. `detail` never holds a secret or a message's text. */
  const audit_log = table(
    "audit_log",
    {
      tenant_id: text("tenant_id").notNull(),
      id: text("id").notNull(),
      at: int("at").notNull(),
      actor_id: text("actor_id"),
      action: text("action").notNull(),
      target_id: text("target_id"),
      detail: json<Record<string, string | number | boolean | null>>("detail").notNull(),
    },
    (t) => [primaryKey({ columns: [t.tenant_id, t.id] }), index("audit_log_at").on(t.at)],
  );

  return {
    ...defineApi(kit),
    ...defineContent(kit),
    ...defineSeats(kit),
    installation,
    tenants,
    users,
    user_names,
    rooms,
    members,
    messages,
    mentions,
    invites,
    audit_log,
  };
};

export type Tables = ReturnType<typeof define>;
