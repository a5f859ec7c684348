/**
 * Copies of what every post is made of, one level deep and field by field: each has one shape, while a spread asks the object for its names anew, which
 * was half of what a hook costs a post.
 */
import type { Draft, Message } from "../protocol.ts";
import type { Principal } from "./principal.ts";

/** The fields of a draft alone: by a socket it comes as part of a frame. */
export function draftIn({ client_id, content, meta, reply_to, files }: Draft): Draft {
  const draft: Draft = { client_id, content };
  if (meta !== undefined) draft.meta = meta;
  if (reply_to !== undefined) draft.reply_to = reply_to;
  if (files !== undefined) draft.files = files;
  return draft;
}

export const principalLike = ({ tenant_id, user_id, role, via, room_id }: Principal): Principal =>
  room_id === undefined ? { tenant_id, user_id, role, via } : { tenant_id, user_id, role, via, room_id };

/** Of one that was just posted: nobody has edited it, reacted to it or answered it yet. */
export function postedLike(message: Message): Message {
  const { id, room_id, sender_id, seq, rev, client_id, content, meta, mentions, reply_to, created_at, files } = message;
  const copy: Message = { id, room_id, sender_id, seq, rev, client_id, content, meta, mentions, reply_to, created_at };
  if (files !== undefined) copy.files = files;
  return copy;
}
