/**
 * Locks for what is counted before it is written. Two transactions of Postgres that count at once both find room for one more; whoever holds the
 * owner of what is counted first, counts what the other has committed. On SQLite a write is alone anyway.
 *
 * Order everywhere: rooms, then the tenant or a user. Never ask for one of these where posts wait.
 */
import type { Island, Tx } from "./store.ts";

const tenant: Island<{ id: string }> = { text: "SELECT id FROM tenants WHERE id = $1 FOR UPDATE" };
const user: Island<{ id: string }> = { text: "SELECT id FROM users WHERE tenant_id = $1 AND id = $2 FOR UPDATE" };

/** Until commit nobody else counts what this tenant has. */
export const lockTenant = async (tx: Tx, tenant_id: string): Promise<void> => void (await tx.ask(tenant, [tenant_id]));

/** Until commit nobody else counts what this user has. */
export const lockUser = async (tx: Tx, { tenant_id, user_id }: { tenant_id: string; user_id: string }): Promise<void> =>
  void (await tx.ask(user, [tenant_id, user_id]));
