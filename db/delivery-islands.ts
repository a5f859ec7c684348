/** The hot statements of the outbox, raw as those of islands.ts: a row is written in the transaction of a post, claimed and settled while others post. */
import type { Island, Tables, Tx } from "./store.ts";

type Delivery = Tables["deliveries"]["$inferSelect"];
type Owed = Pick<Delivery, "tenant_id" | "id" | "courier" | "target_id" | "event" | "room_id" | "subject_id" | "detail" | "due_at" | "created_at">;

const owedColumns = "tenant_id, id, courier, target_id, event, room_id, subject_id, detail, due_at, created_at";
const insert: Island<never> = {
  text: `INSERT INTO deliveries (${owedColumns}, state, attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', 0)`,
  many: `INSERT INTO deliveries (${owedColumns}, state, attempts)
    SELECT e->>0, e->>1, e->>2, e->>3, e->>4, e->>5, e->>6, e->>7, CAST(e->>8 AS bigint), CAST(e->>9 AS bigint), 'pending', 0
    FROM jsonb_array_elements(CAST(CAST($1 AS text) AS jsonb)) AS e`,
};

export async function insertDeliveries(tx: Tx, rows: readonly Owed[]): Promise<void> {
  await tx.run(
    insert,
    rows.map((row) => [
      row.tenant_id,
      row.id,
      row.courier,
      row.target_id,
      row.event,
      row.room_id,
      row.subject_id,
      row.detail && JSON.stringify(row.detail),
      row.due_at,
      row.created_at,
    ]),
  );
}
