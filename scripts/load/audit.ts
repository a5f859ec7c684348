/** Every acknowledged post must stand in the database under its id, in its room, from its sender, with its body: one that does not voids the run. */
import { Database } from "bun:sqlite";
import { SQL } from "bun";

export type Acked = { id: string; room_id: string; seq: number; sender_id: string; content: string };
type Row = { id: string; room_id: string; seq: number | string; sender_id: string; content: string };

/** Gives how many were found, and throws at the first that was not. Also: each room's numbers have no holes and none twice. */
export async function audit(database: string, acked: readonly Acked[]): Promise<number> {
  const rows = await stored(database);
  const byId = new Map(rows.map((row) => [row.id, row]));
  if (byId.size !== rows.length) throw new Error("Audit: two rows bear one id");
  for (const post of acked) {
    const row = byId.get(post.id);
    const same =
      row && row.room_id === post.room_id && Number(row.seq) === post.seq && row.sender_id === post.sender_id && row.content === post.content;
    if (!same) throw new Error(`Audit: acknowledged ${JSON.stringify(post)}, stored ${JSON.stringify(row)}`);
  }
  for (const [room_id, inRoom] of Map.groupBy(rows, (row) => row.room_id)) {
    const seqs = new Set(inRoom.map(({ seq }) => Number(seq)));
    const last = inRoom.reduce((most, { seq }) => Math.max(most, Number(seq)), 0);
    if (seqs.size !== inRoom.length || last !== inRoom.length) throw new Error(`Audit: ${inRoom.length} rows in ${room_id} up to seq ${last}`);
  }
  return acked.length;
}

const COLUMNS = "SELECT id, room_id, seq, sender_id, content FROM messages";

async function stored(database: string): Promise<Row[]> {
  if (!database.startsWith("postgres")) {
    using sqlite = new Database(database, { readonly: true });
    return sqlite.query<Row, []>(COLUMNS).all();
  }
  const postgres = new SQL(database, { max: 1 });
  try {
    return await postgres.unsafe<Row[]>(COLUMNS);
  } finally {
    await postgres.close();
  }
}
