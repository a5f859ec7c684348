/** The audit log, read: a tenant's own by its admins, all of them by the operator. Newest first, and nothing of it is ever changed. */
import { and, desc, eq, lt, or } from "drizzle-orm";
import type { Tables } from "../../db/store.ts";
import type { List } from "../protocol.ts";
import type { AuditEntry, TenantAuditEntry } from "../protocol/audit.ts";
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { at } from "./views.ts";

type Row = Tables["audit_log"]["$inferSelect"];

const STEP = 500;
const LOOKED_AT_MAX = 5_000; // by one question: a rare action is found over several, and costs nobody a whole year of entries

/**
 * For admins: entries of one's own tenant before the one of id `before`, of this action (`user` stands for all that begin with `user.`) and this actor where they are given. `next_cursor` is the next
 * `before`; with a filter there may be fewer entries than asked for, or none, before it.
 */
export async function listAudit(
  chat: Chat,
  who: Principal,
  input: { before?: string; limit?: number; action?: string; actor_id?: string } = {},
): Promise<List<AuditEntry>> {
  if (who.role === "member" || who.room_id !== undefined) refuse("forbidden");
  const { audit_log } = chat.store.t;
  const limit = input.limit ?? 100;
  const found: Row[] = [];
  let before = input.before;
  for (let looked_at = 0; looked_at < LOOKED_AT_MAX; looked_at += STEP) {
    const rows = await chat.store.read
      .select()
      .from(audit_log)
      .where(and(eq(audit_log.tenant_id, who.tenant_id), before === undefined ? undefined : lt(audit_log.id, before)))
      .orderBy(desc(audit_log.id))
      .limit(STEP);
    for (const row of rows) {
      if (input.action !== undefined && row.action !== input.action && !row.action.startsWith(`${input.action}.`)) continue;
      if (input.actor_id !== undefined && row.actor_id !== input.actor_id) continue;
      if (found.length === limit) return { items: found.map(entryView), next_cursor: found.at(-1)?.id ?? "" };
      found.push(row);
    }
    const last = rows.at(-1);
    if (rows.length < STEP || !last) return { items: found.map(entryView) };
    before = last.id;
  }
  return { items: found.map(entryView), ...(before !== undefined && { next_cursor: before }) };
}

/** The operator's: entries of all tenants, before `before`, which is the `next_cursor` of the page before. Refuses `invalid` (no such cursor). */
export async function listAllAudit(chat: Chat, input: { before?: string; limit?: number } = {}): Promise<List<TenantAuditEntry>> {
  const { audit_log } = chat.store.t;
  const limit = input.limit ?? 100;
  const past = input.before === undefined ? null : placeOf(input.before);
  const rows = await chat.store.read
    .select()
    .from(audit_log)
    .where(past === null ? undefined : or(lt(audit_log.at, past.at), and(eq(audit_log.at, past.at), lt(audit_log.id, past.id))))
    .orderBy(desc(audit_log.at), desc(audit_log.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map((row) => ({ tenant_id: row.tenant_id, ...entryView(row) }));
  const last = rows[limit - 1];
  return rows.length > limit && last ? { items, next_cursor: `${last.at}.${last.id}` } : { items };
}

/** No index leads by id through all tenants: the time stands first. */
function placeOf(before: string): { at: number; id: string } {
  const [, ms = "", id = ""] = /^(\d{1,15})\.([0-9a-z]{1,64})$/u.exec(before) ?? [];
  return id === "" ? refuse("invalid", { fields: ["before"] }) : { at: Number(ms), id };
}

const entryView = ({ id, at: ms, actor_id, action, target_id, detail }: Row): AuditEntry => ({
  id,
  at: at(ms),
  actor_id,
  action,
  ...(target_id !== null && { target_id }),
  detail,
});
