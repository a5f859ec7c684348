/** The pages of a room, raw: they are read all the time, and to map fifty rows of seventeen columns by the query builder took an eighth of such an answer. */
import type { Island, Read, Tables } from "./store.ts";

type MessageRow = Tables["messages"]["$inferSelect"];

export const messageColumns = [
  ...(["id", "room_id", "sender_id", "seq", "rev", "client_id", "content", "reply_to", "created_at", "edited_at", "removed_at"] as const),
  ...(["pinned_at", "pinned_by", "meta", "mentions", "reactions", "files"] as const),
] as const satisfies readonly (keyof MessageRow)[];

export type PageRow = Pick<MessageRow, (typeof messageColumns)[number]>;
type Json = "meta" | "mentions" | "reactions" | "files";
/** As the driver gives it: JSON is text in SQLite, and a value in Postgres. */
export type Driven = Omit<PageRow, Json> & { [K in Json]: string | PageRow[K] };

const page = (where: string, order: "ASC" | "DESC"): Island<Driven> => ({
  text: `SELECT ${messageColumns.join(", ")} FROM messages WHERE room_id = $1 AND ${where} ORDER BY seq ${order} LIMIT $3`,
});
const before = page("seq < $2", "DESC");
const after = page("seq > $2", "ASC");

type Asked = { room_id: string; seq: number; limit: number };

/** The messages next to this seq, in order of seq. Asks no right. */
export const messagesBefore = async (read: Read, { room_id, seq, limit }: Asked): Promise<PageRow[]> =>
  (await read.ask(before, [room_id, seq, limit])).map(rowOf).reverse();
export const messagesAfter = async (read: Read, { room_id, seq, limit }: Asked): Promise<PageRow[]> =>
  (await read.ask(after, [room_id, seq, limit])).map(rowOf);

/** The driver's own object, which nobody else has: most rows have no JSON at all. */
export function rowOf(row: Driven): PageRow {
  const { meta, mentions, reactions, files } = row;
  return Object.assign(row, { meta: parsed(meta), mentions: parsed(mentions), reactions: parsed(reactions), files: parsed(files) });
}

const parsed = <T>(value: string | T): T => (typeof value === "string" ? JSON.parse(value) : value);
