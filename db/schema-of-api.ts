/** The tables of the chat API, kept as those of schema.ts are: keys of a tenant's application, what is owed to others, and what was answered once. */
import { sql } from "drizzle-orm";
import type { Kit } from "./columns.ts";

/** What a tenant has set for itself; what is absent is the operator's setting. `ceilings` are what the operator has set for this tenant: none of the others lies above. */
export type TenantConfig = {
  ceilings?: TenantCeilings;
  limits?: { content_points?: number; content_bytes?: number; meta_bytes?: number; file_bytes?: number };
  receipts?: boolean;
  retention_days?: number;
  allowed_origins?: string[];
  requests_per_second?: number;
  sends_per_second?: number;
  webhook_attempts?: number;
  webhook_first_retry_ms?: number;
  webhook_longest_retry_ms?: number;
  /** The hue of the page's accent, 0 to 360. */
  accent?: number;
  /** The file that is its logo. */
  logo_id?: string;
};
export type TenantCeilings = {
  content_points?: number;
  content_bytes?: number;
  meta_bytes?: number;
  file_bytes?: number;
  storage_bytes?: number;
  requests_per_second?: number;
  sends_per_second?: number;
};
/** `sealed` is encrypted with a key kept outside the database; it signs until `until`, the newest for ever. */
export type WebhookSecret = { sealed: string; until: number | null };

export const defineApi = ({ table, text, int, flag, json, primaryKey, index, uniqueIndex }: Kit) => {
  /** Shown once, kept as a hash. `rev` and `changed_at` rise with every change of its rights, as those of users do. */
  const api_keys = table(
    "api_keys",
    {
      tenant_id: text("tenant_id").notNull(),
      id: text("id").notNull(),
      hash: text("hash").notNull(),
      prefix: text("prefix").notNull(),
      name: text("name").notNull(),
      scope: text("scope").$type<"server" | "admin" | "read">().notNull(),
      impersonate: flag("impersonate").notNull(),
      created_by: text("created_by"),
      last_used_at: int("last_used_at"),
      expires_at: int("expires_at"),
      revoked_at: int("revoked_at"),
      rev: int("rev").notNull(),
      changed_at: int("changed_at").notNull(),
      created_at: int("created_at").notNull(),
    },
    (t) => [primaryKey({ columns: [t.tenant_id, t.id] }), uniqueIndex("api_keys_hash").on(t.hash), index("api_keys_changed_at").on(t.changed_at)],
  );

  /** An endpoint of a tenant's. `failures` counts those in a row; the circuit is open until `rest_until`. */
  const webhooks = table(
    "webhooks",
    {
      tenant_id: text("tenant_id").notNull(),
      id: text("id").notNull(),
      url: text("url").notNull(),
      events: json<string[]>("events").notNull(),
      include_private: flag("include_private").notNull(),
      secrets: json<WebhookSecret[]>("secrets").notNull(),
      description: text("description").notNull(),
      failures: int("failures").notNull(),
      rest_until: int("rest_until").notNull(),
      disabled_at: int("disabled_at"),
      disabled_reason: text("disabled_reason"),
      created_by: text("created_by"),
      created_at: int("created_at").notNull(),
      updated_at: int("updated_at").notNull(),
    },
    (t) => [primaryKey({ columns: [t.tenant_id, t.id] }), index("webhooks_updated_at").on(t.updated_at)],
  );

  /**
   * One thing owed: to a webhook (`target_id` is its id) or to one user (a notification; `target_id` is the user's). The row is written in the
   * transaction of what it tells and holds no text of a message: what is sent is built at each attempt from the row as it is then. Whoever claims
   * it pushes `due_at` forward in one UPDATE, which raises `attempts` too, so that a claim that never settles comes again and is counted.
   */
  const deliveries = table(
    "deliveries",
    {
      tenant_id: text("tenant_id").notNull(),
      id: text("id").notNull(),
      courier: text("courier").$type<"webhook" | "user">().notNull(),
      target_id: text("target_id").notNull(),
      event: text("event").notNull(),
      room_id: text("room_id"),
      subject_id: text("subject_id").notNull(),
      detail: json<Record<string, unknown>>("detail"),
      state: text("state").$type<"pending" | "delivered" | "dead">().notNull(),
      attempts: int("attempts").notNull(),
      due_at: int("due_at").notNull(),
      last_attempt_at: int("last_attempt_at"),
      last_status: int("last_status"),
      last_error: text("last_error"),
      settled_at: int("settled_at"),
      created_at: int("created_at").notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.tenant_id, t.id] }),
      index("deliveries_due")
        .on(t.courier, t.due_at)
        .where(sql`settled_at IS NULL`),
      index("deliveries_target").on(t.tenant_id, t.courier, t.target_id, t.id),
      index("deliveries_state")
        .on(t.tenant_id, t.state, t.id)
        .where(sql`settled_at IS NOT NULL`),
      index("deliveries_settled")
        .on(t.settled_at)
        .where(sql`settled_at IS NOT NULL`),
    ],
  );

  /** What happened at each attempt, numbered from 1. Never what the other side answered, but its status. */
  const attempts = table(
    "attempts",
    {
      tenant_id: text("tenant_id").notNull(),
      delivery_id: text("delivery_id").notNull(),
      attempt: int("attempt").notNull(),
      at: int("at").notNull(),
      duration_ms: int("duration_ms"),
      status: int("status"),
      error: text("error"),
    },
    (t) => [primaryKey({ columns: [t.tenant_id, t.delivery_id, t.attempt] }), index("attempts_at").on(t.at)],
  );

  /** A topic and a payload, once; who is to have it is in `deliveries`, one row for each. */
  const notifications = table(
    "notifications",
    {
      tenant_id: text("tenant_id").notNull(),
      id: text("id").notNull(),
      topic: text("topic").notNull(),
      payload: json<Record<string, unknown>>("payload").notNull(),
      created_by: text("created_by"),
      created_at: int("created_at").notNull(),
    },
    (t) => [primaryKey({ columns: [t.tenant_id, t.id] }), index("notifications_created_at").on(t.created_at)],
  );

  /** Who wants to hear of a topic. */
  const subscriptions = table(
    "subscriptions",
    {
      tenant_id: text("tenant_id").notNull(),
      topic: text("topic").notNull(),
      user_id: text("user_id").notNull(),
      id: text("id").notNull(),
      created_at: int("created_at").notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.tenant_id, t.topic, t.user_id] }),
      uniqueIndex("subscriptions_id").on(t.tenant_id, t.id),
      index("subscriptions_user").on(t.tenant_id, t.user_id),
    ],
  );

  /** What a POST was answered, for a day; `answer` is null while it is under way. `asker` is the user or key that asked. */
  const idempotency_keys = table(
    "idempotency_keys",
    {
      tenant_id: text("tenant_id").notNull(),
      asker: text("asker").notNull(),
      key: text("key").notNull(),
      request_hash: text("request_hash").notNull(),
      status: int("status"),
      answer: json<Record<string, unknown>>("answer"),
      created_at: int("created_at").notNull(),
    },
    (t) => [primaryKey({ columns: [t.tenant_id, t.asker, t.key] }), index("idempotency_keys_created_at").on(t.created_at)],
  );

  return { api_keys, webhooks, deliveries, attempts, notifications, subscriptions, idempotency_keys };
};
