/** The audit log: who did what to whom, appended in the transaction of what it tells. Never a secret, never a message's text. */
import type { Tx } from "../../db/store.ts";
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";

export type AuditEntry = {
  tenant_id: string;
  /** Null where nobody is signed in yet. */
  actor_id: string | null;
  action: `${string}.${string}`;
  target_id?: string;
  /** By what right: where a key acted for the actor, `detail` names it. */
  via?: Principal["via"];
  detail?: Record<string, string | number | boolean | null>;
};

export async function audit(chat: Chat, tx: Tx, { tenant_id, actor_id, action, target_id, via, detail }: AuditEntry): Promise<void> {
  const by = via && "key_id" in via ? { key_id: via.key_id } : {};
  const row = { tenant_id, id: chat.newId(), at: chat.now(), actor_id, action, target_id: target_id ?? null, detail: { ...detail, ...by } };
  await tx.insert(chat.store.t.audit_log).values(row);
}

/** What those who run a room did to what is another's, by which others may ask them later. What else they do in it is its own affair. */
export const auditRoom = (
  chat: Chat,
  tx: Tx,
  { tenant_id, user_id: actor_id, via }: Principal,
  entry: Pick<Required<AuditEntry>, "target_id" | "detail"> & { action: "message.removed" | "member.removed" | "room.archived" | "room.restored" },
): Promise<void> => audit(chat, tx, { tenant_id, actor_id, via, ...entry });
