/**
 * The hot statements, raw: building one by Drizzle costs 125 µs, running one prepared costs 2 to 7. Each stands behind one function and
 * speaks the SQL that both databases share. They select text and integers only; what is JSON is parsed here.
 */
import { ackedSeq } from "./spoken.ts";
import type { Island, Read, Tables, Tx, Value } from "./store.ts";

type RoomRow = Tables["rooms"]["$inferSelect"];
type MemberRow = Tables["members"]["$inferSelect"];
type MessageRow = Tables["messages"]["$inferSelect"];
type TenantLimits = Tables["tenants"]["$inferSelect"]["limits"];
type UserRow = Pick<
  Tables["users"]["$inferSelect"],
  "id" | "username" | "display_name" | "role" | "kind" | "disabled_at" | "avatar_id" | "status_text" | "status_emoji" | "status_until"
>;

const roomColumns = [
  "tenant_id",
  "id",
  "type",
  "visibility",
  "name",
  "folded_name",
  "description",
  "owner_id",
  "unique_key",
  "first_seq",
  "last_seq",
  "last_rev",
  "last_at",
  "rev",
  "rights_rev",
  "member_count",
  "archived_at",
  "created_at",
  "updated_at",
  "posting",
  "speaker_id",
  "spoken_from",
] as const satisfies readonly (keyof RoomRow)[];
const memberColumns = [
  "tenant_id",
  "room_id",
  "user_id",
  "role",
  "level",
  "acked_at",
  "rev",
  "joined_at",
  "left_at",
  "updated_at",
  "marked_seq",
] as const satisfies readonly (keyof MemberRow)[];
const userColumns = [
  "id",
  "username",
  "display_name",
  "role",
  "kind",
  "disabled_at",
  "avatar_id",
  "status_text",
  "status_emoji",
  "status_until",
] as const satisfies readonly (keyof UserRow)[];
/** What a post is stored with. */
const postedColumns = [
  "id",
  "tenant_id",
  "room_id",
  "sender_id",
  "client_id",
  "seq",
  "rev",
  "born_rev",
  "content",
  "meta",
  "mentions",
  "reply_to",
  "created_at",
  "edited_at",
  "removed_at",
  "files",
] as const satisfies readonly (keyof MessageRow)[];
const messageColumns = [...postedColumns, "reactions", "pinned_at", "pinned_by"] as const satisfies readonly (keyof MessageRow)[];

const integers: ReadonlySet<string> = new Set(["seq", "rev", "born_rev", "created_at", "edited_at", "removed_at"] satisfies (keyof MessageRow)[]);

type Flat = Record<string, Value>;

/**
 * The lists of a statement that runs for many at once, as rows: `a, b, …` of the types given, in the order of the lists. The planner takes them
 * for ten and therefore looks each of them up by an index, however large a table was when the plan was made.
 */
export function givenLists(...types: readonly ("text" | "bigint")[]): string {
  const columns = types.map((type, i) => (type === "text" ? `(e->>${i}) COLLATE "C"` : `CAST(e->>${i} AS bigint)`) + ` AS ${nameOf(i)}`);
  return `(SELECT ${columns.join(", ")} FROM jsonb_array_elements(CAST(CAST($1 AS text) AS jsonb)) AS e LIMIT (SELECT 10000)) AS v`;
}
const nameOf = (i: number): string => String.fromCharCode(97 + i);
const named = (alias: string, columns: readonly string[]): string => columns.map((column) => `${alias}.${column} AS ${alias}_${column}`).join(", ");
const taken = (row: Flat, alias: string, columns: readonly string[]): Flat =>
  Object.fromEntries(columns.map((column) => [column, row[`${alias}_${column}`] ?? null]));

const member: Island<Flat> = {
  text: `SELECT ${named("r", roomColumns)}, ${named("m", memberColumns)}, ${ackedSeq("r", "m")} AS m_acked_seq, ${named("u", userColumns)}, t.limits
    FROM members m JOIN rooms r ON r.tenant_id = m.tenant_id AND r.id = m.room_id JOIN users u ON u.tenant_id = m.tenant_id AND u.id = m.user_id
    JOIN tenants t ON t.id = m.tenant_id
    WHERE m.tenant_id = $1 AND m.room_id = $2 AND m.user_id = $3 AND m.left_at IS NULL`,
};

/**
 * The room as this member finds it, with the member's row (their ack as it counts, spoken.ts) and public face and what their tenant has lowered; null
 * for who is not in it (or where there is no such room).
 */
export async function findMember(
  read: Read,
  place: { tenant_id: string; room_id: string; user_id: string },
): Promise<{ room: RoomRow; member: MemberRow; user: UserRow; limits: TenantLimits } | null> {
  const [row] = await read.ask(member, [place.tenant_id, place.room_id, place.user_id]);
  if (!row) return null;
  // The driver's values under the names of the columns they came from.
  return {
    room: taken(row, "r", roomColumns) as unknown as RoomRow,
    member: taken(row, "m", [...memberColumns, "acked_seq"]) as unknown as MemberRow,
    user: taken(row, "u", userColumns) as unknown as UserRow,
    limits: typeof row.limits === "string" ? JSON.parse(row.limits) : {},
  };
}

const lockOf = <Row>(columns: readonly (keyof Row & keyof RoomRow)[]): Island<Row> => ({
  text: `SELECT ${columns.join(", ")} FROM rooms WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
  many: `SELECT r.* FROM ${givenLists("text", "text")} CROSS JOIN LATERAL
    (SELECT ${columns.join(", ")} FROM rooms WHERE tenant_id = v.a AND id = v.b FOR UPDATE) AS r`,
});
const lockWhole = lockOf<RoomRow>(roomColumns);

const countedColumns = [
  "tenant_id",
  "id",
  "type",
  "visibility",
  "last_seq",
  "last_rev",
  "last_at",
  "rights_rev",
  "archived_at",
  "posting",
  "speaker_id",
  "spoken_from",
] as const satisfies readonly (keyof RoomRow)[];
/** What a post must know of its room, and what it raises there. */
export type CountedRoom = Pick<RoomRow, (typeof countedColumns)[number]>;
const lockCounted = lockOf<CountedRoom>(countedColumns);

/** The room with all its columns, locked until commit. */
export async function lockRoom(tx: Tx, tenant_id: string, room_id: string): Promise<RoomRow | undefined> {
  const [room] = await tx.all(lockWhole, [[tenant_id, room_id]]);
  return room;
}

/**
 * The rooms, locked until commit, in the order of their ids: whoever locks several takes them in this order, so no two wait for each other.
 * Numbers given out under this lock become visible in order, which is why a reader may trust `rev > cursor`. Absent rooms are absent here.
 * Whoever changes a row that is given here must write it back with `advanceRooms`, or fail: it may be the one that is kept.
 */
export async function lockRooms(tx: Tx, places: readonly { tenant_id: string; room_id: string }[]): Promise<Map<string, CountedRoom>> {
  const kept = tx.kept<CountedRoom>("rooms");
  const found = new Map<string, CountedRoom>();
  const asked = new Map<string, string>();
  for (const { tenant_id, room_id } of places) {
    const room = kept?.get(room_id);
    if (room?.tenant_id === tenant_id) found.set(room_id, room);
    else asked.set(room_id, tenant_id);
  }
  const ordered = [...asked].sort(([a], [b]) => (a < b ? -1 : 1));
  const lists = ordered.map(([room_id, tenant_id]) => [tenant_id, room_id]);
  for (const room of lists.length > 0 ? await tx.all(lockCounted, lists) : []) {
    found.set(room.id, room);
    kept?.set(room.id, room);
  }
  return found;
}

const stored: Island<Flat> = {
  text: `SELECT ${messageColumns.join(", ")} FROM messages WHERE client_id = $1 AND sender_id = $2 AND room_id = $3 AND tenant_id = $4`,
  many: `SELECT m.* FROM ${givenLists("text", "text", "text", "text")} CROSS JOIN LATERAL
    (SELECT ${messageColumns.join(", ")} FROM messages WHERE client_id = v.a AND sender_id = v.b AND room_id = v.c AND tenant_id = v.d OFFSET 0) AS m`,
};

export type PostKey = { tenant_id: string; room_id: string; sender_id: string; client_id: string };

/** The stored row of each post that is stored already, at its place in `keys`; nothing at the others. */
export async function storedPosts(tx: Tx, keys: readonly PostKey[]): Promise<(MessageRow | undefined)[]> {
  const found = new Map((await tx.all(stored, keys.map(keyValues))).map((row) => [textOfKey(messageOf(row)), messageOf(row)]));
  return found.size === 0 ? [] : keys.map((key) => found.get(textOfKey(key)));
}

export async function storedPost(read: Read, key: PostKey): Promise<MessageRow | undefined> {
  const [row] = await read.ask(stored, keyValues(key));
  return row && messageOf(row);
}

const textOfKey = ({ tenant_id, room_id, sender_id, client_id }: PostKey): string => JSON.stringify([tenant_id, room_id, sender_id, client_id]);
const keyValues = (key: PostKey): Value[] => [key.client_id, key.sender_id, key.room_id, key.tenant_id];
const messageOf = (row: Flat): MessageRow => {
  const { meta, mentions, files, reactions } = row;
  return {
    ...(row as unknown as MessageRow),
    meta: typeof meta === "string" ? JSON.parse(meta) : null,
    mentions: typeof mentions === "string" ? JSON.parse(mentions) : null,
    files: typeof files === "string" ? JSON.parse(files) : null,
    reactions: typeof reactions === "string" ? JSON.parse(reactions) : null,
  };
};

const unlessStored = "ON CONFLICT (client_id, sender_id, room_id) DO NOTHING";
const insertInto = (columns: readonly (keyof MessageRow)[]): Island<never> => ({
  text: `INSERT INTO messages (${columns.join(", ")}) VALUES (${columns.map((_, i) => `$${i + 1}`).join(", ")}) ${unlessStored}`,
  many: `INSERT INTO messages (${columns.join(", ")})
    SELECT * FROM ${givenLists(...columns.map((name) => (integers.has(name) ? "bigint" : "text")))} ${unlessStored}`,
  width: columns.length,
});
const insert = insertInto(postedColumns);
/** Of nearly every post: what the others are null in need not be said, which is half of it. */
const insertPlain = insertInto(["id", "tenant_id", "room_id", "sender_id", "client_id", "seq", "rev", "born_rev", "content", "created_at"]);

const isPlain = ({ meta, mentions, reply_to, edited_at, removed_at, files }: MessageRow): boolean =>
  meta === null && mentions === null && reply_to === null && edited_at === null && removed_at === null && files === null;

/** False where one of them is stored already: then the work must be given up, or its room would have a hole. */
export async function insertMessages(tx: Tx, rows: readonly MessageRow[]): Promise<boolean> {
  const [plain, other] = [rows.filter(isPlain), rows.filter((row) => !isPlain(row))];
  const inserted = await Promise.all([
    tx.run(
      insertPlain,
      plain.map((row) => [
        row.id,
        row.tenant_id,
        row.room_id,
        row.sender_id,
        row.client_id,
        row.seq,
        row.rev,
        row.born_rev,
        row.content,
        row.created_at,
      ]),
    ),
    insertOthers(tx, other),
  ]);
  return inserted[0] + inserted[1] === rows.length;
}

const insertOthers = (tx: Tx, rows: readonly MessageRow[]): Promise<number> =>
  tx.run(
    insert,
    rows.map((row) => [
      row.id,
      row.tenant_id,
      row.room_id,
      row.sender_id,
      row.client_id,
      row.seq,
      row.rev,
      row.born_rev,
      row.content,
      row.meta && JSON.stringify(row.meta),
      row.mentions && JSON.stringify(row.mentions),
      row.reply_to,
      row.created_at,
      row.edited_at,
      row.removed_at,
      row.files && JSON.stringify(row.files),
    ]),
  );

/**
 * In Postgres as an insert that meets its row, so that it is found by its key: a join may be made by reading all rooms there are. What it would
 * insert is nobody's room; it never does, because the rows are there and locked.
 */
const advance: Island<never> = {
  keeps: "rooms",
  text: "UPDATE rooms SET last_seq = $1, last_rev = $2, last_at = $3, updated_at = $4, speaker_id = $5, spoken_from = $6 WHERE tenant_id = $7 AND id = $8",
  many: `INSERT INTO rooms (last_seq, last_rev, last_at, updated_at, speaker_id, spoken_from, tenant_id, id,
      type, visibility, description, first_seq, rev, rights_rev, member_count, created_at)
    SELECT a, b, c, d, e, f, g, h, 'channel', 'private', '', 1, 1, 1, 0, d
      FROM ${givenLists("bigint", "bigint", "bigint", "bigint", "text", "bigint", "text", "text")}
    ON CONFLICT (tenant_id, id) DO UPDATE
      SET last_seq = excluded.last_seq, last_rev = excluded.last_rev, last_at = excluded.last_at, updated_at = excluded.updated_at,
        speaker_id = excluded.speaker_id, spoken_from = excluded.spoken_from`,
};

/** Writes back the counters of rooms, and who speaks there, that this transaction has locked. What is given is kept: nobody changes it afterwards. */
export async function advanceRooms(tx: Tx, rooms: readonly CountedRoom[], now: number): Promise<void> {
  const kept = tx.kept<CountedRoom>("rooms");
  for (const room of kept ? rooms : []) kept?.set(room.id, room);
  await tx.run(
    advance,
    rooms.map((room) => [room.last_seq, room.last_rev, room.last_at, now, room.speaker_id, room.spoken_from, room.tenant_id, room.id]),
  );
}

const mention: Island<never> = {
  text: "INSERT INTO mentions (tenant_id, room_id, user_id, seq) VALUES ($1, $2, $3, $4)",
  many: `INSERT INTO mentions (tenant_id, room_id, user_id, seq) SELECT * FROM ${givenLists("text", "text", "text", "bigint")}`,
};

export async function insertMentions(tx: Tx, rows: readonly Tables["mentions"]["$inferSelect"][]): Promise<void> {
  await tx.run(
    mention,
    rows.map((row) => [row.tenant_id, row.room_id, row.user_id, row.seq]),
  );
}
