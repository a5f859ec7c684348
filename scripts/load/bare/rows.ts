/** What the bare programs say: frames of Snug's shape and size, and numbers per room kept in memory. */
export type Draft = { type: string; id: string; room_id: string; client_id: string; content: string; rooms?: [string, number][] };
export type Row = { id: string; room_id: string; sender_id: string; seq: number; client_id: string; content: string; created_at: number };

const started = Date.now().toString(32).padStart(9, "0");
let made = 0;
const nextId = (): string => `${started}${(made += 1).toString(32).padStart(17, "0")}`; // 26 characters that rise, as Snug's do
const seqs = new Map<string, number>();

export function rowOf({ room_id, client_id, content }: Draft): Row {
  const seq = (seqs.get(room_id) ?? 0) + 1;
  seqs.set(room_id, seq);
  return { id: nextId(), room_id, sender_id: senderIn(content), seq, client_id, content, created_at: Date.now() };
}

/** The frame that everybody hears, about as long as Snug's. */
export function frameOf(row: Row): string {
  return `{"type":"message","message":${messageOf(row)},"user":{"id":"${row.sender_id}","username":"${row.sender_id}","display_name":"${row.sender_id}","role":"member","kind":"person"}}`;
}

export const replyOf = (id: string, row: Row): string => `{"type":"ok","id":"${id}","message":${messageOf(row)}}`;

function messageOf(row: Row): string {
  const { id, room_id, sender_id, seq, client_id, content, created_at } = row;
  return `{"id":"${id}","room_id":"${room_id}","sender_id":"${sender_id}","seq":${seq},"rev":${seq},"client_id":"${client_id}","content":${JSON.stringify(content)},"meta":null,"mentions":[],"reply_to":null,"created_at":"${new Date(created_at).toISOString()}"}`;
}

/** A bare program knows nobody: the generator writes the sender into the text. */
const senderIn = (content: string): string => content.split(" ", 2)[1] ?? "";
