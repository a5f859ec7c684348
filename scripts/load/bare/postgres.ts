/**
 * The limit of durable ingest on Postgres: one statement of many rows per flush, one flush in flight while the next collects. COMMIT, then
 * publish, then replies. No rights, no limits, no idempotency.
 */
import { SQL } from "bun";
import { type Draft, frameOf, replyOf, rowOf } from "./rows.ts";
import { serveBare, type Socket } from "./serve.ts";

const sql = new SQL(process.env.DATABASE ?? "", { max: 1 });
await sql`CREATE TABLE messages (arrival bigserial PRIMARY KEY, id text NOT NULL, room_id text NOT NULL, sender_id text NOT NULL, seq bigint NOT NULL,
  client_id text NOT NULL, content text NOT NULL, created_at bigint NOT NULL, UNIQUE (room_id, seq))`;

let waiting: { ws: Socket; draft: Draft }[] = [];
let busy = false;
const server = serveBare((ws, draft) => {
  waiting.push({ ws, draft });
  if (busy) return;
  busy = true;
  setImmediate(() => void flush());
});

async function flush(): Promise<void> {
  const batch = waiting.slice(0, 500);
  waiting = waiting.slice(500);
  const rows = batch.map(({ draft }) => rowOf(draft));
  await sql`INSERT INTO messages ${sql(rows, "id", "room_id", "sender_id", "seq", "client_id", "content", "created_at")}`;
  for (const row of rows) server.publish(`room:${row.room_id}`, frameOf(row));
  batch.forEach(({ ws, draft }, i) => {
    const row = rows[i];
    if (row) ws.send(replyOf(draft.id, row));
  });
  busy = waiting.length > 0;
  if (busy) setImmediate(() => void flush());
}
