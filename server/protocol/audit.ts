/** What the audit log tells. */
import { type Static, Type as t } from "@sinclair/typebox";
import { Id, Time } from "../protocol.ts";

export const AuditEntry = t.Object({
  id: Id,
  at: Time,
  /** Who did it: a user's id, or `key/` and a key's; null for the operator, and where nobody had signed in. */
  actor_id: t.Union([t.String(), t.Null()]),
  action: t.String(),
  target_id: t.Optional(t.String()),
  detail: t.Record(t.String(), t.Union([t.String(), t.Number(), t.Boolean(), t.Null()])),
});
/** As the operator reads it. */
export const TenantAuditEntry = t.Composite([t.Object({ tenant_id: Id }), AuditEntry]);

export type AuditEntry = Static<typeof AuditEntry>;
export type TenantAuditEntry = Static<typeof TenantAuditEntry>;
