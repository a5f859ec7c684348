/**
 * What is sent, as text, made once: a post is told to its room and to its sender, and holds the same message both times. A message or a user
 * is never changed once it has been made, so the text of the object is kept with it, and goes with it.
 */
import type { Message, Row, ServerFrame, User } from "../protocol.ts";

const texts = new WeakMap<object, string>();

function textOf(value: Message | User): string {
  let text = texts.get(value);
  if (text === undefined) texts.set(value, (text = JSON.stringify(value)));
  return text;
}

export const textOfRow = (row: Row): string =>
  row.type === "message" ? `{"type":"message","message":${textOf(row.message)},"user":${textOf(row.user)}}` : JSON.stringify(row);

/** Of any frame; the answer to a post shares its message's text with the room. */
export function textOfFrame(frame: ServerFrame): string {
  if (frame.type !== "ok" || frame.message === undefined || !("content" in frame.message)) return JSON.stringify(frame);
  const { message, ...head } = frame;
  return `${JSON.stringify(head).slice(0, -1)},"message":${textOf(message)}}`;
}
