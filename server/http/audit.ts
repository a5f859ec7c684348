/** The audit log: a tenant's own, and the operator's view of all. */
import { Elysia, t } from "elysia";
import { listAllAudit, listAudit } from "../chat/audit-log.ts";
import { AuditEntry, TenantAuditEntry } from "../protocol/audit.ts";
import { listOf } from "../protocol.ts";
import { answers } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import type { Limits } from "./limit.ts";
import { operator } from "./operator.ts";
import { cursor, given, limit } from "./queries.ts";

const text = t.Optional(t.String({ pattern: "^[^\\u0000-\\u001f\\u007f]{1,160}$" }));

export const adminAudit = ({ chat }: Door, { askerOrKey }: Askers) =>
  new Elysia({ prefix: "/admin/audit" }).use(askerOrKey).get("/", ({ who, query }) => listAudit(chat, who, given(query)), {
    query: t.Object({ before: cursor, limit, action: text, actor_id: text }),
    ...answers({ 200: listOf(AuditEntry) }),
  });

export const operatorAudit = (door: Door, limits: Limits) =>
  new Elysia({ prefix: "/audit" }).use(operator(door, limits)).get("/", ({ query }) => listAllAudit(door.chat, given(query)), {
    query: t.Object({ before: cursor, limit }),
    ...answers({ 200: listOf(TenantAuditEntry) }),
  });
