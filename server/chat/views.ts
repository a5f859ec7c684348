/** From rows to what goes over the wire, by explicit pick: a column that is added later is not told to anybody by accident. */
import type { Tables } from "../../db/store.ts";
import type { Member, Message, Mine, Room, Status, Time, User } from "../protocol.ts";
import type { Chat } from "./chat.ts";

export type RoomRow = Tables["rooms"]["$inferSelect"];
export type MemberRow = Tables["members"]["$inferSelect"];
export type MessageRow = Tables["messages"]["$inferSelect"];
export type UserRow = Pick<
  Tables["users"]["$inferSelect"],
  "id" | "username" | "display_name" | "role" | "kind" | "disabled_at" | "avatar_id" | "status_text" | "status_emoji" | "status_until"
>;

let last: { ms: number; time: Time } = { ms: 0, time: new Date(0).toISOString() }; // all posts of one flush have one

export function at(ms: number): Time {
  if (ms !== last.ms) last = { ms, time: new Date(ms).toISOString() };
  return last.time;
}

/** As they are at this moment: a status that has ended is not told. */
export function userView({ now }: Pick<Chat, "now">, row: UserRow): User {
  const status = statusView(row, now());
  return {
    id: row.id,
    ...(row.username !== null && { username: row.username }),
    display_name: row.display_name,
    role: row.role,
    kind: row.kind,
    ...(row.avatar_id !== null && { avatar_id: row.avatar_id }),
    ...(status && { status }),
    ...(row.disabled_at !== null && { disabled_at: at(row.disabled_at) }),
  };
}

function statusView({ status_emoji, status_text, status_until }: UserRow, now: number): Status | null {
  if ((status_emoji === null && status_text === null) || (status_until !== null && status_until <= now)) return null;
  return {
    ...(status_emoji !== null && { emoji: status_emoji }),
    ...(status_text !== null && { text: status_text }),
    ...(status_until !== null && { until: at(status_until) }),
  };
}

const messageTold = [
  "id",
  "room_id",
  "sender_id",
  "seq",
  "rev",
  "client_id",
  "content",
  "meta",
  "mentions",
  "reply_to",
  "created_at",
  "edited_at",
  "removed_at",
  "reactions",
  "pinned_at",
  "pinned_by",
  "files",
] as const;
export type TellingRow = Pick<MessageRow, (typeof messageTold)[number]>;

/** The columns of a message that are told: a page reads no others. */
export const tellingOf = (messages: Tables["messages"]) => only(messages, messageTold);

export function messageView(row: TellingRow): Message {
  const message: Message = {
    id: row.id,
    room_id: row.room_id,
    sender_id: row.sender_id,
    seq: row.seq,
    rev: row.rev,
    client_id: row.client_id,
    content: row.content,
    meta: row.meta,
    mentions: row.mentions ?? [],
    reply_to: row.reply_to,
    created_at: at(row.created_at),
  };
  if (row.edited_at !== null) message.edited_at = at(row.edited_at);
  if (row.removed_at !== null) message.removed_at = at(row.removed_at);
  if (row.reactions !== null && row.reactions.length > 0) message.reactions = row.reactions;
  if (row.pinned_at !== null) message.pinned_at = at(row.pinned_at);
  if (row.pinned_by !== null) message.pinned_by = row.pinned_by;
  if (row.files) message.files = row.files;
  return message;
}

export function memberView(row: MemberRow): Member {
  return {
    room_id: row.room_id,
    user_id: row.user_id,
    role: row.role,
    joined_at: at(row.joined_at),
    ...(row.left_at !== null && { left_at: at(row.left_at) }),
    rev: row.rev,
  };
}

const roomTold = [
  "id",
  "type",
  "visibility",
  "name",
  "description",
  "owner_id",
  "archived_at",
  "posting",
  "created_at",
  "first_seq",
  "last_seq",
  "last_rev",
  "rev",
  "member_count",
] as const;
export type RoomTelling = Pick<RoomRow, (typeof roomTold)[number]>;

type RoomMore = {
  metadata?: Record<string, unknown> | null | undefined;
  last_at?: string | undefined;
  user_ids?: string[] | undefined;
  online?: number | undefined;
  me?: Mine;
};

/** `user_ids` for dms and groups; `me` only in what goes to that user alone. Assigned one by one, as in messageView: in a list of a hundred rooms it is half. */
export function roomView(row: RoomTelling, { metadata, last_at, user_ids, online, me }: RoomMore = {}): Room {
  const room: Room = {
    id: row.id,
    type: row.type,
    visibility: row.visibility,
    name: row.name,
    description: row.description,
    owner_id: row.owner_id,
    created_at: at(row.created_at),
    first_seq: row.first_seq,
    last_seq: row.last_seq,
    last_rev: row.last_rev,
    rev: row.rev,
    member_count: row.member_count,
  };
  if (row.archived_at !== null) room.archived_at = at(row.archived_at);
  if (row.posting !== null) room.posting = row.posting;
  if (metadata) room.metadata = metadata;
  if (last_at !== undefined) room.last_at = last_at;
  if (user_ids !== undefined) room.user_ids = user_ids;
  if (online !== undefined) room.online = online;
  if (me !== undefined) room.me = me;
  return room;
}

/** Up to where it counts as read: what has been acked, but for what was marked unread since. */
export const readSeq = ({ acked_seq, marked_seq }: Pick<MemberRow, "acked_seq" | "marked_seq">): number =>
  marked_seq === null ? acked_seq : Math.min(acked_seq, marked_seq - 1);

/** Unread counts tombstones too: it is arithmetic on two numbers, never a count of rows. */
export function mineView(
  room: Pick<RoomRow, "first_seq" | "last_seq">,
  member: Pick<MemberRow, "role" | "level" | "acked_seq" | "marked_seq">,
  unread_mentions: number,
): Mine {
  const unread = Math.max(0, room.last_seq - Math.max(readSeq(member), room.first_seq - 1));
  const { role, level, acked_seq, marked_seq } = member;
  const mine: Mine = { role, level, acked_seq, unread, unread_mentions };
  if (marked_seq !== null) mine.marked_seq = marked_seq;
  return mine;
}

/** These columns of a table. */
function only<T, K extends keyof T>(table: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, table[name]])) as Pick<T, K>; // made of exactly these names
}

/** The hue and the logo that the workspace has chosen for its pages, where it has. */
export const looksOf = ({ config }: Pick<Tables["tenants"]["$inferSelect"], "config">): { accent?: number; logo_id?: string } => ({
  ...(config?.accent !== undefined && { accent: config.accent }),
  ...(config?.logo_id !== undefined && { logo_id: config.logo_id }),
});
