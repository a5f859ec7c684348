/** The tables of who is let in and where they sit, kept as those of schema.ts are: devices, their tokens, tickets, and sockets over several processes. */
import type { Kit } from "./columns.ts";

/** What asked for the ticket; `until` is when a token that a key minted ends. */
export type TicketVia = { sign_in_id: string } | { key_id: string; until?: number };

export const defineSeats = ({ table, text, int, flag, json, primaryKey, index }: Kit) => {
  /** One browser or device. Ended is for ever; `born_at` bounds the family's whole life, `seen_at` its idleness. */
  const sign_ins = table(
    "sign_ins",
    {
      tenant_id: text("tenant_id").notNull(),
      id: text("id").notNull(),
      user_id: text("user_id").notNull(),
      device: text("device").notNull(),
      born_at: int("born_at").notNull(),
      seen_at: int("seen_at").notNull(),
      ended_at: int("ended_at"),
    },
    (t) => [primaryKey({ columns: [t.tenant_id, t.id] }), index("sign_ins_user").on(t.tenant_id, t.user_id)],
  );

  /** `used_at` is when the token was first exchanged; its successor is derived, so a second exchange finds the same row. */
  const refresh_tokens = table(
    "refresh_tokens",
    {
      hash: text("hash").primaryKey(),
      tenant_id: text("tenant_id").notNull(),
      sign_in_id: text("sign_in_id").notNull(),
      used_at: int("used_at"),
      expires_at: int("expires_at").notNull(),
      created_at: int("created_at").notNull(),
    },
    (t) => [index("refresh_tokens_sign_in").on(t.tenant_id, t.sign_in_id), index("refresh_tokens_expires_at").on(t.expires_at)],
  );

  /** Opens one socket, once: `used_at` is set by one UPDATE that also checks it. */
  const ws_tickets = table(
    "ws_tickets",
    {
      hash: text("hash").primaryKey(),
      tenant_id: text("tenant_id").notNull(),
      user_id: text("user_id").notNull(),
      room_id: text("room_id"),
      via: json<TicketVia>("via").notNull(),
      origin: text("origin"),
      used_at: int("used_at"),
      expires_at: int("expires_at").notNull(),
      created_at: int("created_at").notNull(),
    },
    (t) => [index("ws_tickets_expires_at").on(t.expires_at)],
  );

  /**
   * One row per process where several share the database; `name` is what its operator calls it. `beat` rises while it lives, so that the others
   * need not trust its clock. `rev` numbers the changes of its sockets; rows of closed ones up to `floor_rev` have been deleted.
   */
  const instances = table("instances", {
    id: text("id").primaryKey(),
    name: text("name"),
    beat: int("beat").notNull(),
    rev: int("rev").notNull(),
    floor_rev: int("floor_rev").notNull(),
    seen_at: int("seen_at").notNull(),
    created_at: int("created_at").notNull(),
  });

  /**
   * One row per socket where several instances share the database; with one process the roster is the truth and this stays empty. It lives as long
   * as its instance; `rev` is that of the instance at the row's last change. Found by the instance, whoever the tenant: that is who reads them.
   */
  const ws_sessions = table(
    "ws_sessions",
    {
      tenant_id: text("tenant_id").notNull(),
      id: text("id").notNull(),
      user_id: text("user_id").notNull(),
      instance_id: text("instance_id").notNull(),
      status: text("status").$type<"active" | "away">().notNull(),
      rev: int("rev").notNull(),
      last_seen_at: int("last_seen_at").notNull(),
      closed_at: int("closed_at"),
      created_at: int("created_at").notNull(),
      updated_at: int("updated_at").notNull(),
      hears: flag("hears"),
    },
    (t) => [primaryKey({ columns: [t.tenant_id, t.id] }), index("ws_sessions_instance").on(t.instance_id, t.rev)],
  );

  return { sign_ins, refresh_tokens, ws_tickets, instances, ws_sessions };
};
