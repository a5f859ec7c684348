import { sqlite } from "./columns.ts";
import { define } from "./schema.ts";

export const {
  installation,
  tenants,
  users,
  user_names,
  sign_ins,
  refresh_tokens,
  ws_tickets,
  instances,
  ws_sessions,
  rooms,
  members,
  messages,
  mentions,
  invites,
  audit_log,
  api_keys,
  webhooks,
  deliveries,
  attempts,
  notifications,
  subscriptions,
  idempotency_keys,
} = define(sqlite);
