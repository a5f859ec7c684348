/**
 * Every shape on the wire: the single source of validation, types, OpenAPI and the JSON Schema of frames. The client may import the types
 * of this file and nothing else of the server. Names are those of the tables; times are RFC 3339 UTC with milliseconds; ids are opaque strings.
 */
import { type Static, type TSchema, Type as t } from "@sinclair/typebox";
import { FileOfMessage, FILES_MAX } from "./protocol/file-of-message.ts";

/** Ceilings of both doors. What a tenant may lower stands in `Limits`, which `hello` tells. */
export const META_BYTES = 16 << 10;
export const PAGE_MAX = 200;
export const PASSWORD_BYTES = 128;

const closed = { additionalProperties: false } as const;
const or = <T extends TSchema>(schema: T) => t.Union([schema, t.Null()]);

/** Ours are 26 characters of base32hex; a tenant may choose its user ids; `:` is legal in those, so ids are never joined by it. */
export const Id = t.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$" });
export const ClientId = t.String({ pattern: "^[A-Za-z0-9_-]{16,64}$" });
/** A seq or a rev: below 2^53, because that is where JSON numbers stop being exact. */
export const Count = t.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** What a person types to sign up; folded (trimmed, NFKC, lower case) and then held to `[a-z0-9][a-z0-9._-]{0,31}`. */
export const Username = t.String({ minLength: 1, maxLength: 128 });
/** 8 characters at least; 128 bytes at most, checked before anything is hashed. No rule of composition. */
export const Password = t.String({ minLength: 8, maxLength: PASSWORD_BYTES });
export const Time = t.String({ format: "date-time" });
export const Meta = t.Record(t.String({ maxLength: 128 }), t.Unknown());
export const Role = t.Union([t.Literal("owner"), t.Literal("admin"), t.Literal("member")]);
/** What of a room notifies: `none` is nothing, though the room still shows what is unread; `muted` does not show that either. */
export const Level = t.Union([t.Literal("all"), t.Literal("mentions"), t.Literal("none"), t.Literal("muted")]);
export const RoomType = t.Union([t.Literal("dm"), t.Literal("group"), t.Literal("channel")]);
export const Visibility = t.Union([t.Literal("public"), t.Literal("private")]);
/** Who may post in a channel: everybody in it, or only those who run it. */
export const Posting = t.Union([t.Literal("everyone"), t.Literal("admins")]);

export type Role = Static<typeof Role>;
export type Level = Static<typeof Level>;
export type Time = string;

// What the server says of things

/** How somebody says they are: an emoji, words, or both; gone at `until`, where there is one. What has ended is not told. */
export const Status = t.Object({ emoji: t.Optional(t.String()), text: t.Optional(t.String()), until: t.Optional(Time) });
export type Status = Static<typeof Status>;

export const User = t.Object({
  id: Id,
  username: t.Optional(t.String()),
  display_name: t.String(),
  role: Role,
  kind: t.Union([t.Literal("person"), t.Literal("bot")]),
  /** The file that is their picture; another picture is another file. Absent where they have none. */
  avatar_id: t.Optional(Id),
  status: t.Optional(Status),
  disabled_at: t.Optional(Time),
});
const looks = { accent: t.Optional(t.Integer()), logo_id: t.Optional(Id) };
/** One's own account: what others see, and what only its owner does. */
export const Me = t.Composite([
  User,
  t.Object({
    settings: Meta,
    workspace: t.String(),
    registration: t.String(),
    ...looks,
    receipts: t.Optional(t.Literal(true)),
  }),
]);
/** Those who reacted so: how many, and the first 20 of them by name, in the order in which they did. */
export const Reaction = t.Object({ emoji: t.String(), count: Count, user_ids: t.Array(Id) });
/**
 * What was answered to a message, tombstones not counted. Told where messages are read, by page or one by one, and never on the room's stream:
 * whoever hears an answer with a seq above `last_seq` adds it, and asks again for the message when they hear of a removal.
 * `last_seq` is the seq of the last of those counted, `user_ids` the first three who answered.
 */
export const Replies = t.Object({ count: Count, last_seq: Count, last_at: Time, user_ids: t.Array(Id) });
export const Message = t.Object({
  id: Id,
  room_id: Id,
  sender_id: Id,
  seq: Count,
  rev: Count,
  client_id: t.String(),
  content: t.String(),
  meta: or(Meta),
  /** User ids, found when it was posted; an edit does not change them. */
  mentions: t.Array(Id),
  reply_to: or(Id),
  created_at: Time,
  edited_at: t.Optional(Time),
  /** A tombstone: it keeps its seq; content and meta are gone. */
  removed_at: t.Optional(Time),
  /** In the order in which each was first given; absent where there are none. A reaction is no edit. */
  reactions: t.Optional(t.Array(Reaction)),
  pinned_at: t.Optional(Time),
  pinned_by: t.Optional(Id),
  /** Absent where there are none, and when it is removed. */
  files: t.Optional(t.Array(FileOfMessage)),
  /** Absent where nobody has answered, and in frames. */
  replies: t.Optional(Replies),
});
/**
 * What a room is to one of its members. `marked_seq`: they have read up to `acked_seq`, and marked it unread again from this message on; `unread` and
 * `unread_mentions` count from there.
 */
export const Mine = t.Object({
  role: Role,
  level: Level,
  acked_seq: Count,
  marked_seq: t.Optional(Count),
  unread: Count,
  unread_mentions: Count,
});
export const Room = t.Object({
  id: Id,
  type: RoomType,
  visibility: Visibility,
  name: or(t.String()),
  description: t.String(),
  owner_id: or(Id),
  archived_at: t.Optional(Time),
  /** Only those who run the channel post in it; absent where everybody may. */
  posting: t.Optional(t.Literal("admins")),
  created_at: Time,
  first_seq: Count,
  last_seq: Count,
  last_rev: Count,
  rev: Count,
  member_count: Count,
  /** The people of a dm or group, 20 at most; absent for channels. */
  user_ids: t.Optional(t.Array(Id)),
  /** What an application keeps with the room; told to its members, absent where there is none. */
  metadata: t.Optional(Meta),
  /** Distinct users with an open socket; in lists only. */
  online: t.Optional(Count),
  /** When somebody last wrote in a dm or group; absent where nobody has, and where it goes to all members. */
  last_at: t.Optional(Time),
  /** Only in what is sent to that user alone. */
  me: t.Optional(Mine),
});
export const Member = t.Object({
  room_id: Id,
  user_id: Id,
  role: Role,
  joined_at: Time,
  left_at: t.Optional(Time),
  rev: Count,
});

export type User = Static<typeof User>;
export type Me = Static<typeof Me>;
export type Reaction = Static<typeof Reaction>;
export type Replies = Static<typeof Replies>;
export type Message = Static<typeof Message>;
export type Mine = Static<typeof Mine>;
export type Room = Static<typeof Room>;
export type Member = Static<typeof Member>;

/** A durable change of a room, as a frame: the row as it is now. Each rev of a room belongs to exactly one row. */
export const Row = t.Union([
  t.Object({ type: t.Literal("message"), message: Message, user: User }),
  t.Object({ type: t.Literal("member"), member: Member, user: User }),
  t.Object({ type: t.Literal("room"), room: Room }),
]);
export type Row = Static<typeof Row>;

export const MessagePage = t.Object({
  items: t.Array(Message),
  /** The room's last_rev, read before the rows: a client that holds no cursor may begin one here. */
  position: Count,
  last_seq: Count,
  more_before: t.Boolean(),
  more_after: t.Boolean(),
  /** Each sender, quoted sender and mentioned user once. */
  users: t.Array(User),
  /** The message whose thread this is, where one was asked for: `items` and `more_…` are then of its replies alone. */
  root: t.Optional(Message),
});
export const SincePage = t.Object({ items: t.Array(Row), position: Count, more_after: t.Boolean(), users: t.Array(User) });
export type MessagePage = Static<typeof MessagePage>;
export type SincePage = Static<typeof SincePage>;

export const listOf = <T extends TSchema>(item: T) => t.Object({ items: t.Array(item), next_cursor: t.Optional(t.String()) });
export type List<T> = { items: T[]; next_cursor?: string };

export const ErrorBody = t.Object({
  error: t.Object({
    code: t.String(),
    message: t.String(),
    /** Whether the very same request may succeed later. */
    retry: t.Boolean(),
    retry_after_ms: t.Optional(Count),
    /** Paths of the fields that are wrong, never their values. */
    fields: t.Optional(t.Array(t.String())),
    request_id: t.String(),
  }),
});
export type ErrorBody = Static<typeof ErrorBody>;

// What a client asks, by either door

export const Draft = t.Object(
  {
    client_id: ClientId,
    /** May be empty beside files. */
    content: t.String(),
    meta: t.Optional(or(Meta)),
    reply_to: t.Optional(or(Id)),
    /** Ids of files that the sender has uploaded to this room, each for one message. */
    files: t.Optional(t.Array(Id, { minItems: 1, maxItems: FILES_MAX })),
  },
  closed,
);
export const Edit = t.Object({ content: t.String() }, closed);
export const Ack = t.Object({ seq: Count }, closed);
/** From this message on the room is unread again. */
export const Marking = t.Object({ seq: t.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }, closed);
/** Exactly one emoji, as Unicode recommends it for general interchange: fully qualified, `❤️` and never `❤`. */
export const Emoji = t.String({ minLength: 1, maxLength: 64 });
export const Typing = t.Object({ is_typing: t.Boolean() }, closed);
export const Cursor = t.Tuple([Id, Count]);

export const Setup = t.Object(
  { setup_token: t.String({ maxLength: 256 }), workspace: t.String({ minLength: 1, maxLength: 80 }), username: Username, password: Password },
  closed,
);
export const Register = t.Object(
  { username: Username, password: Password, display_name: t.Optional(t.String({ maxLength: 80 })), code: t.Optional(t.String({ maxLength: 256 })) },
  closed,
);
export const Login = t.Object(
  {
    username: t.String({ maxLength: 128 }),
    password: t.String({ maxLength: 1024 }),
    /** `cookie` moves the refresh token into an HttpOnly cookie. */
    session: t.Optional(t.Union([t.Literal("cookie"), t.Literal("token")])),
    device: t.Optional(t.String({ maxLength: 80 })),
  },
  closed,
);
export const Refresh = t.Object({ refresh_token: t.Optional(t.String({ maxLength: 256 })) }, closed);
export const NewPassword = t.Object({ current_password: t.String({ maxLength: 1024 }), password: Password }, closed);
export const Tokens = t.Object({
  access_token: t.String(),
  token_type: t.Literal("Bearer"),
  expires_in: Count,
  /** Absent where the cookie carries it. */
  refresh_token: t.Optional(t.String()),
  user: User,
});
export const SignIn = t.Object({ id: Id, device: t.String(), born_at: Time, seen_at: Time, current: t.Boolean() });
export const PatchMe = t.Object(
  {
    display_name: t.Optional(t.String({ minLength: 1, maxLength: 80 })),
    settings: t.Optional(Meta),
    /** Takes the place of the one before; null clears it. One emoji, or up to 100 characters, or both. */
    status: t.Optional(
      or(
        t.Object({ emoji: t.Optional(t.String({ maxLength: 64 })), text: t.Optional(t.String({ maxLength: 200 })), until: t.Optional(Time) }, closed),
      ),
    ),
  },
  closed,
);
const flag = t.Optional(t.Boolean());
/** `banned` is `disabled` for a reason: it also revokes what they have invited to. `avatar_id` of null takes their picture away. */
export const PatchUser = t.Object({ role: t.Optional(Role), disabled: flag, banned: flag, avatar_id: t.Optional(t.Null()) }, closed);
export const NewInvite = t.Object(
  {
    role: t.Union([t.Literal("admin"), t.Literal("member")]),
    expires_in_seconds: t.Integer({ minimum: 60, maximum: 30 * 86_400 }),
    max_uses: t.Integer({ minimum: 1, maximum: 10_000 }),
  },
  closed,
);
export const Invite = t.Object({
  id: Id,
  role: t.Union([t.Literal("admin"), t.Literal("member")]),
  max_uses: Count,
  used_count: Count,
  expires_at: Time,
  revoked_at: t.Optional(Time),
  created_at: Time,
  /** Told once, in the answer that makes it. */
  code: t.Optional(t.String()),
});
/** `registration` says whether a door is open beside invitations, so that the page that signs in knows what to offer. */
export const InviteCheck = t.Object({ workspace: t.String(), valid: t.Boolean(), registration: t.String(), ...looks });

export const NewRoom = t.Union([
  t.Object({ type: t.Literal("dm"), user_ids: t.Array(Id, { minItems: 1, maxItems: 1 }) }, closed),
  t.Object(
    {
      type: t.Literal("group"),
      user_ids: t.Array(Id, { minItems: 1, maxItems: 19 }),
      /** The application's own name for it: asked for again, the room that bears it is found. */
      unique_key: t.Optional(t.String({ pattern: "^[^\\u0000-\\u001f\\u007f]{1,128}$" })),
      metadata: t.Optional(Meta),
    },
    closed,
  ),
  t.Object(
    {
      type: t.Literal("channel"),
      name: t.String({ minLength: 1, maxLength: 80 }),
      visibility: Visibility,
      description: t.Optional(t.String({ maxLength: 500 })),
      user_ids: t.Optional(t.Array(Id, { maxItems: 200 })),
      metadata: t.Optional(Meta),
    },
    closed,
  ),
]);
export const PatchRoom = t.Object(
  {
    name: t.Optional(t.String({ minLength: 1, maxLength: 80 })),
    description: t.Optional(t.String({ maxLength: 500 })),
    visibility: t.Optional(Visibility),
    /** Of channels alone. Holds for the very next post. */
    posting: t.Optional(Posting),
    archived: t.Optional(t.Boolean()),
    metadata: t.Optional(or(Meta)),
  },
  closed,
);
export const NewMember = t.Object({ user_id: Id }, closed);
export const PatchMember = t.Object({ role: Role }, closed);
/** Joins a public channel, or sets one's own level. */
export const PutMine = t.Object({ level: t.Optional(Level) }, closed);
export const NewTicket = t.Object({ room_id: t.Optional(Id) }, closed);
/** `expires_in` in seconds. */
export const Ticket = t.Object({ ticket: t.String(), expires_in: t.Integer(), url: t.String() });
export const Presence = t.Object({
  user_id: Id,
  status: t.Union([t.Literal("active"), t.Literal("away"), t.Literal("offline")]),
  last_seen_at: or(Time),
});

export type Draft = Static<typeof Draft>;
export type Setup = Static<typeof Setup>;
export type Register = Static<typeof Register>;
export type Login = Static<typeof Login>;
export type NewPassword = Static<typeof NewPassword>;
export type Tokens = Static<typeof Tokens>;
export type SignIn = Static<typeof SignIn>;
export type PatchMe = Static<typeof PatchMe>;
export type PatchUser = Static<typeof PatchUser>;
export type NewInvite = Static<typeof NewInvite>;
export type Invite = Static<typeof Invite>;
export type InviteCheck = Static<typeof InviteCheck>;
export type NewRoom = Static<typeof NewRoom>;
export type PatchRoom = Static<typeof PatchRoom>;
export type Ticket = Static<typeof Ticket>;
export type Presence = Static<typeof Presence>;

// Frames, client to server. Any of them may carry `id` and is then answered by exactly one `ok` or `error` with it.

const frame = <N extends string, P extends Record<string, TSchema>>(type: N, fields: P) =>
  t.Object({ type: t.Literal(type), id: t.Optional(t.String({ maxLength: 64 })), ...fields }, closed);

export const clientFrames = {
  message: frame("message", { room_id: Id, ...Draft.properties }),
  edit: frame("edit", { room_id: Id, message_id: Id, content: t.String() }),
  remove: frame("remove", { room_id: Id, message_id: Id }),
  react: frame("react", { room_id: Id, message_id: Id, emoji: Emoji }),
  unreact: frame("unreact", { room_id: Id, message_id: Id, emoji: Emoji }),
  ack: frame("ack", { room_id: Id, seq: Count }),
  typing: frame("typing", { room_id: Id, is_typing: t.Boolean() }),
  notification_ack: frame("notification_ack", { notification_id: Id }),
  presence: frame("presence", { status: t.Union([t.Literal("active"), t.Literal("away")]) }),
  /** Names the rooms whose timeline the client holds, each with the rev it holds. Without `rooms`: resume every room from the stored ack. */
  sync: frame("sync", { epoch: t.Optional(t.String({ maxLength: 64 })), rooms: t.Optional(t.Array(Cursor, { maxItems: 1_000 })) }),
  ping: frame("ping", {}),
  // The second seed's names for `message` and `typing`. A post without a `client_id` is given one, and cannot be told from its retry.
  send_message: frame("send_message", { room_id: Id, ...Draft.properties, client_id: t.Optional(ClientId) }),
  "typing.start": frame("typing.start", { room_id: Id }),
  "typing.stop": frame("typing.stop", { room_id: Id }),
};
export type ClientFrames = { [K in keyof typeof clientFrames]: Static<(typeof clientFrames)[K]> };
export type ClientFrame = ClientFrames[keyof ClientFrames];

export type { HelloFrame, Limits, ServerFrame } from "./protocol/server-frames.ts";
