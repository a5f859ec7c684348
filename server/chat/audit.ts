/** The audit log: who did what to whom, appended in the transaction of what it tells. Never a secret, never a message's text. */
import type { Tx } from "../../db/store.ts";
import type { Chat } from "./chat.ts";

export type AuditEntry = {
  tenant_id: string;
  /** Null where nobody is signed in yet. */
  actor_id: string | null;
  action: `${string}.${string}`;
  target_id?: string;
  detail?: Record<string, string | number | boolean | null>;
};

export async function audit(chat: Chat, tx: Tx, { tenant_id, actor_id, action, target_id, detail }: AuditEntry): Promise<void> {
  const row = { tenant_id, id: chat.newId(), at: chat.now(), actor_id, action, target_id: target_id ?? null, detail: detail ?? {} };
  await tx.insert(chat.store.t.audit_log).values(row);
}
