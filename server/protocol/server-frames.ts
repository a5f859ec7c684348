/**
 * Frames, server to client: a shape each, by the name of its type. They make the types and `/frames.json`; what is sent is not checked against
 * them while serving. A client leaves alone what it does not know of them, types and fields alike.
 */
import { type Static, type TSchema, Type as t } from "@sinclair/typebox";
import { Count, ErrorBody, Id, Message, Meta, Presence, Room, Row, Time, User } from "../protocol.ts";
import { Topic } from "./notifications.ts";

/** What one socket may do; the operator sets ceilings, a tenant only lowers. */
export const Limits = t.Object({ content_points: Count, content_bytes: Count, meta_bytes: Count, frame_bytes: Count, file_bytes: Count });

const frame = <N extends string, P extends Record<string, TSchema>>(type: N, fields: P) => t.Object({ type: t.Literal(type), ...fields });
const [message, member, room] = Row.anyOf;
const last = t.Optional(t.Literal(true));
const reply_to_frame = { id: t.Optional(t.String()) };

export const serverFrames = {
  /** The first 100 rooms; `rooms` frames of 100 follow, the last of them all has `last: true`. */
  hello: frame("hello", {
    protocol: t.Literal(1),
    session_id: t.String(),
    user: User,
    epoch: t.String(),
    server_time: Time,
    heartbeat_ms: Count,
    limits: Limits,
    rooms: t.Array(Room),
    last,
  }),
  rooms: frame("rooms", { rooms: t.Array(Room), last }),
  message,
  member,
  room,
  /** How somebody is called and what they are; `settings` only in what is told to themselves, when another device of theirs has changed them. */
  user: frame("user", { user: User, settings: t.Optional(Meta) }),
  ok: frame("ok", {
    id: t.String(),
    message: t.Optional(t.Union([Message, t.Pick(Message, ["id", "seq"])])),
    duplicate: t.Optional(t.Literal(true)),
    /** What a plugin answers to a frame of its own. */
    result: t.Optional(t.Unknown()),
  }),
  /** To a frame with an `id`; to one without it, `re` is its type. */
  error: frame("error", { ...reply_to_frame, re: t.Optional(t.String()), ...t.Omit(ErrorBody.properties.error, ["request_id"]).properties }),
  ack: frame("ack", { room_id: Id, user_id: Id, seq: Count }),
  /** To who saved a message, or took it back: on all of their sockets. */
  saved: frame("saved", { room_id: Id, message_id: Id, is_saved: t.Boolean() }),
  typing: frame("typing", { room_id: Id, user_id: Id, is_typing: t.Boolean() }),
  presence: frame("presence", { room_id: Id, users: t.Array(Presence) }),
  /** At least once, until its recipient says `notification_ack`; their other sockets are told that it is handled. */
  notification: frame("notification", { notification_id: Id, topic: Topic, payload: Meta, created_at: Time }),
  notification_ack: frame("notification_ack", { notification_id: Id }),
  synced: frame("synced", {
    room_id: Id,
    verdict: t.Union([t.Literal("resumed"), t.Literal("reset")]),
    last_seq: Count,
    last_rev: Count,
  }),
  caught_up: frame("caught_up", reply_to_frame),
  shutdown: frame("shutdown", { reconnect_after_ms: Count }),
  pong: frame("pong", reply_to_frame),
};

export type Limits = Static<typeof Limits>;
export type ServerFrames = { [K in keyof typeof serverFrames]: Static<(typeof serverFrames)[K]> };
export type ServerFrame = ServerFrames[keyof ServerFrames];
export type HelloFrame = ServerFrames["hello"];
export type NotificationFrame = ServerFrames["notification"];
