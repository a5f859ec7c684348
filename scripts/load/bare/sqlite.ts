/**
 * The limit of durable ingest on SQLite: all that came in one turn of the event loop is one transaction with `synchronous=FULL`, one row and
 * one index each; COMMIT, then publish, then replies. No rights, no limits, no idempotency.
 */
import { Database } from "bun:sqlite";
import { type Draft, frameOf, replyOf, type Row, rowOf } from "./rows.ts";
import { serveBare, type Socket } from "./serve.ts";

const database = new Database(process.env.DATABASE ?? "", { create: true });
database.run("PRAGMA journal_mode=WAL");
database.run("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0");
database.run(
  "CREATE TABLE messages (arrival INTEGER PRIMARY KEY, id TEXT NOT NULL, room_id TEXT NOT NULL, sender_id TEXT NOT NULL, seq INTEGER NOT NULL, " +
    "client_id TEXT NOT NULL, content TEXT NOT NULL, created_at INTEGER NOT NULL)",
);
database.run("CREATE UNIQUE INDEX messages_seq ON messages (room_id, seq)");
const [begin, commit] = [database.prepare("BEGIN IMMEDIATE"), database.prepare("COMMIT")];
const insert = database.prepare("INSERT INTO messages (id, room_id, sender_id, seq, client_id, content, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)");
setInterval(() => database.query("PRAGMA wal_checkpoint(PASSIVE)").get(), 1_000);

let waiting: { ws: Socket; draft: Draft }[] = [];
const server = serveBare((ws, draft) => {
  waiting.push({ ws, draft });
  if (waiting.length === 1) setImmediate(flush);
});

function flush(): void {
  const batch = waiting;
  waiting = [];
  const rows: Row[] = [];
  begin.run();
  for (const { draft } of batch) {
    const row = rowOf(draft);
    rows.push(row);
    insert.run(row.id, row.room_id, row.sender_id, row.seq, row.client_id, row.content, row.created_at);
  }
  commit.run();
  for (const row of rows) server.publish(`room:${row.room_id}`, frameOf(row));
  batch.forEach(({ ws, draft }, i) => {
    const row = rows[i];
    if (row) ws.send(replyOf(draft.id, row));
  });
}
