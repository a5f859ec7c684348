/** What concerns a person raises that person's rev in the same transaction: by it every instance finds out, bell or no bell (promise 6). */
import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "../../db/store.ts";
import type { Chat } from "./chat.ts";

/** Raises `rev` and `changed_at` of these users. Lock order everywhere: rooms by id, then users by id. Ring them after COMMIT. */
export async function raiseRights(chat: Chat, tx: Tx, tenant_id: string, user_ids: readonly string[]): Promise<void> {
  const { users } = chat.store.t;
  for (const id of [...new Set(user_ids)].sort()) {
    await tx
      .update(users)
      .set({ rev: sql`${users.rev} + 1`, changed_at: chat.now() })
      .where(and(eq(users.tenant_id, tenant_id), eq(users.id, id)));
  }
}
