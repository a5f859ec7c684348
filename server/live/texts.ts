/**
 * What is sent, as text, made once: a post is told to its room and to its sender, and holds the same message both times. A message or a user
 * is never changed once it has been made, so the text of the object is kept with it, and goes with it; but not where nobody hears the room, since
 * to keep a text costs as much as to make it.
 */
import type { Posted } from "../chat/messages.ts";
import type { Message, Row, User } from "../protocol.ts";

const texts = new WeakMap<object, string>();

function textOf(value: Message | User): string {
  let text = texts.get(value);
  if (text === undefined) texts.set(value, (text = JSON.stringify(value)));
  return text;
}

export const textOfRow = (row: Row): string =>
  row.type === "message" ? `{"type":"message","message":${textOf(row.message)},"user":${textOf(row.user)}}` : JSON.stringify(row);

/**
 * The answer to a post, which shares its message's text with the room. Where there is none it is written in one go: put together of pieces it would be
 * copied once more.
 */
export function textOfPosted(id: string, { message, duplicate }: Posted): string {
  const text = texts.get(message);
  if (text === undefined) return JSON.stringify(duplicate ? { type: "ok", id, message, duplicate } : { type: "ok", id, message });
  const head = `{"type":"ok","id":${JSON.stringify(id)},"message":${text}`;
  return duplicate ? `${head},"duplicate":true}` : `${head}}`;
}
