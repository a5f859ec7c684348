/** Which Postgres this is: system, timeline and database. A restore or a promotion changes one of them; a dump into another, all. */
import type { Read } from "./store.ts";

export async function clusterOf(read: Read): Promise<string> {
  const [row] = await read.ask<{ name: string }>(
    {
      text: `SELECT (SELECT system_identifier::text FROM pg_control_system()) || ':' || (SELECT timeline_id::text FROM pg_control_checkpoint())
        || ':' || (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS name`,
    },
    [],
  );
  if (!row) throw new Error("Postgres did not say which it is.");
  return row.name;
}
