/** What is there in the end: read from the store itself, page by page through REST, and as each member is told. */
import { Database } from "bun:sqlite";
import { SQL } from "bun";
import type { List, MessagePage, Room } from "../../server/protocol.ts";
import type { Heard } from "./history.ts";
import { type Answer, call, heardOf, type Reach } from "./person.ts";

/** The rows of these rooms in the order of their seq. Throws if SQLite finds its own file damaged. */
export async function storedIn(database: string, room_ids: readonly string[]): Promise<Map<string, Heard[]>> {
  return database.startsWith("postgres") ? await storedInPostgres(database, room_ids) : storedInSqlite(database, room_ids);
}

/** The same by REST, as one who is in the rooms finds them: by room and seq. */
export async function pagesOf(reach: Reach, token: string, room_ids: readonly string[]): Promise<Map<string, Map<number, Heard>>> {
  const found = new Map<string, Map<number, Heard>>();
  for (const room_id of room_ids) {
    const rows = new Map<number, Heard>();
    for (let after = 0, more = true; more;) {
      const page = (await asked(reach, `/rooms/${room_id}/messages?after_seq=${after}&limit=200`, token)).body as MessagePage;
      for (const message of page.items) rows.set(message.seq, heardOf(message));
      after = page.items.at(-1)?.seq ?? after;
      more = page.more_after;
    }
    found.set(room_id, rows);
  }
  return found;
}

/** One's own `acked_seq` by room. */
export async function ackedBy(reach: Reach, token: string): Promise<Map<string, number>> {
  const { items } = (await asked(reach, "/rooms", token)).body as List<Room>;
  return new Map(items.flatMap(({ id, me }) => (me ? [[id, me.acked_seq]] : [])));
}

const TRIES = 10; // right after the load the server may still be busy with it

async function asked(reach: Reach, path: string, token: string): Promise<Answer> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await call(reach, "GET", path, token);
    if (answer?.status === 200) return answer;
    if (answer && answer.status < 500) throw new Error(`${path} answered ${JSON.stringify(answer)}`);
    await Bun.sleep(100);
  }
  throw new Error(`${path} is not answered any more`);
}

/** Postgres gives int8 as text. */
type Stored = Omit<Heard, "seq" | "rev" | "edited" | "removed"> &
  Record<"seq" | "rev", number | string> &
  Record<"edited_at" | "removed_at", unknown>;

const COLUMNS = "id, seq, rev, client_id, sender_id, content, edited_at, removed_at";
const heardFrom = ({ edited_at, removed_at, seq, rev, ...row }: Stored): Heard => ({
  ...row,
  seq: Number(seq),
  rev: Number(rev),
  edited: edited_at !== null,
  removed: removed_at !== null,
});

function storedInSqlite(path: string, room_ids: readonly string[]): Map<string, Heard[]> {
  using sqlite = new Database(path, { readonly: true });
  const rows = sqlite.query<Stored, [string]>(`SELECT ${COLUMNS} FROM messages WHERE room_id = ? ORDER BY seq`);
  const found = new Map(room_ids.map((room_id) => [room_id, rows.all(room_id).map(heardFrom)]));
  const [verdict] = sqlite.query<{ integrity_check: string }, []>("PRAGMA integrity_check").all();
  if (verdict?.integrity_check !== "ok") throw new Error(`SQLite says of its file: ${verdict?.integrity_check}`);
  return found;
}

async function storedInPostgres(url: string, room_ids: readonly string[]): Promise<Map<string, Heard[]>> {
  const postgres = new SQL(url, { max: 1 });
  const found = new Map<string, Heard[]>();
  for (const room_id of room_ids) {
    const rows: Stored[] = await postgres.unsafe(`SELECT ${COLUMNS} FROM messages WHERE room_id = $1 ORDER BY seq`, [room_id]);
    found.set(room_id, rows.map(heardFrom));
  }
  await postgres.close();
  return found;
}
