/** Hot statements of notifications, raw as those of islands.ts: one of them may be owed to twenty thousand, in one commit that others wait behind. */
import type { Island, Read, Tables, Tx } from "./store.ts";

type Owed = Pick<
  Tables["deliveries"]["$inferSelect"],
  "tenant_id" | "id" | "target_id" | "subject_id" | "attempts" | "due_at" | "last_attempt_at" | "created_at"
>;

const columns = "tenant_id, id, target_id, subject_id, attempts, due_at, last_attempt_at, created_at, courier, event, state";
const insert: Island<never> = {
  text: `INSERT INTO deliveries (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'user', 'notification', 'pending')`,
  many: `INSERT INTO deliveries (${columns})
    SELECT e->>0, e->>1, e->>2, e->>3, CAST(e->>4 AS bigint), CAST(e->>5 AS bigint), CAST(e->>6 AS bigint), CAST(e->>7 AS bigint), 'user', 'notification', 'pending'
    FROM jsonb_array_elements(CAST(CAST($1 AS text) AS jsonb)) AS e`,
};

/** Owes a notification to each of these users. 5,000 at most at once: they go to Postgres as one value. */
export async function insertOwed(tx: Tx, rows: readonly Owed[]): Promise<void> {
  await tx.run(
    insert,
    rows.map((row) => [row.tenant_id, row.id, row.target_id, row.subject_id, row.attempts, row.due_at, row.last_attempt_at, row.created_at]),
  );
}

const pending: Island<{ id: string }> = {
  text: "SELECT id FROM deliveries WHERE tenant_id = $1 AND courier = 'user' AND target_id = $2 AND state = 'pending' LIMIT 1",
};

/** Whether any is owed to this user that they have not acknowledged: mostly not, and each socket that comes asks. */
export const isAnyPending = async (read: Read, { tenant_id, user_id }: { tenant_id: string; user_id: string }): Promise<boolean> =>
  (await read.ask(pending, [tenant_id, user_id])).length > 0;
