/**
 * A second workspace with the ids of the first: every row of one tenant once more under the other, with a mark in each of its texts. It goes by
 * the columns that a table has, so that a table which somebody adds is in it.
 */
import { eq, getTableColumns } from "drizzle-orm";
import type { Store } from "../../db/store.ts";

/** What names a thing or is one word of a few; every other text is somebody's and is marked. A hash is unique over all tenants, so it is another. */
const STRUCTURE = /(^|_)(id|asker)$|^(type|visibility|role|kind|level|scope|state|courier|created_by|action)$/u;
/** Their keys do not begin with the tenant: no two rows of these can have the same id (db/tenancy.test.ts says why). */
const UNIQUE_OVER_ALL = new Set(["tenants", "installation", "instances", "messages", "refresh_tokens", "ws_tickets"]);

/** Rows that are there already stay as they are. Gives how many were put there from each table. */
export async function mirror(store: Store, from: string, to: string, mark: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  await store.write(async (tx) => {
    for (const [name, table] of Object.entries(store.t).filter(([one]) => !UNIQUE_OVER_ALL.has(one))) {
      const columns = getTableColumns(table);
      if (!("tenant_id" in columns)) continue;
      const rows: Record<string, unknown>[] = await tx.select().from(table).where(eq(columns.tenant_id, from));
      for (const row of rows) {
        const copy = Object.entries(row).map(([column, value]) => [column, column === "tenant_id" ? to : marked(column, value, mark)]);
        await tx.insert(table).values(Object.fromEntries(copy)).onConflictDoNothing();
      }
      counts.set(name, rows.length);
    }
  });
  return counts;
}

function marked(column: string, value: unknown, mark: string): unknown {
  if (STRUCTURE.test(column)) return value;
  if (typeof value === "string") return `${value} ${mark}`;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value, [mark]: mark } : value;
}
