/**
 * All that an application sees of this client. The build makes snug.d.ts of this very file: the types of the protocol are written out there,
 * so that it leans on nothing.
 */
import type {
  Draft,
  Level,
  List,
  Me,
  Member,
  Message,
  MessagePage,
  NewRoom,
  PatchMe,
  PatchRoom,
  Presence,
  Role,
  Room,
  SincePage,
  User,
} from "../../server/protocol.ts";
import type { Limits, NotificationFrame } from "../../server/protocol/server-frames.ts";
import type { ApiError } from "./api-error.ts";

export type Options = {
  /** Where Snug is, as `https://chat.example`. */
  url: string;
  /**
   * An access token or a minted user token; or what fetches one, which is called again when the one before has expired. What it throws counts
   * as being offline.
   */
  token?: string | (() => string | Promise<string>);
  /** For servers only, with `user_id`: a browser must never hold it, and Snug refuses it from one. */
  api_key?: string;
  /** Whom the key acts for; brought into being if need be, and then called `display_name`. */
  user_id?: string;
  display_name?: string;
  /**
   * Binds the socket to this room: it hears and does nothing outside it, and ends (`revoked`) when it connects while the user is not in it. Give such a client a
   * storage of its own. Notifications do not come by it; what `api` asks is not bound.
   */
  room_id?: string;
  /** Where unanswered posts outlive the process. In memory if absent: they are lost with it. */
  storage?: PostStorage;
  /** What `cursors()` gave when this client last ran: whatever came since is told first. */
  cursors?: Cursors;
  /** Without cursors: hear what comes from now on, or all that this user has not acknowledged. `now` if absent. */
  from?: "now" | "acks";
  /** For tests. */
  outside?: Partial<Outside>;
};

export type Outside = {
  fetch(url: string, init: RequestInit): Promise<Response>;
  open(url: string, protocols: string[]): WebSocket;
  /** Runs once after this time, unless the function it gives is called before. */
  later(ms: number, run: () => void): () => void;
  now(): number;
  random(): number;
};

/** Up to which rev each room has been told. Whoever keeps it elsewhere keeps the whole of it. */
export type Cursors = { epoch?: string; rooms: [room_id: string, rev: number][] };

/** A post that has no answer yet. `at` in milliseconds since 1970. */
export type Post = Draft & { room_id: string; at: number };

export type PostStorage = {
  put(post: Post): Promise<void>;
  drop(client_id: string): Promise<void>;
  all(): Promise<Post[]>;
};

/** `ended`: the server says not to come back. `wait_ms`: until the next try. */
export type Reach =
  | { state: "connecting" | "open" }
  | { state: "restarting" | "waiting"; wait_ms: number }
  | { state: "ended"; why: "revoked" | "disabled" | "protocol" };

/**
 * Rows of a room (`message`, `member`, and `room` without `me`) come in rev order, each once, as they are now: an edit and a removal are the
 * same message with a newer rev. After `reset` the rows that were missed will not come: page that room anew.
 */
export type Events = {
  message: { message: Message; user: User };
  member: { member: Member; user: User };
  /** With `me`: a room of one's own, told after each connection, when it is gained, and when one's own level changes. */
  room: { room: Room };
  /** A room that was one's own is so no more. */
  gone: { room_id: string };
  reset: { room_id: string; last_seq: number; last_rev: number };
  /** All that was missed has been told. */
  caught_up: { user: User; limits: Limits };
  user: { user: User };
  ack: { room_id: string; user_id: string; seq: number };
  /** Ends by itself six seconds after it was last said. */
  typing: { room_id: string; user_id: string; is_typing: boolean };
  presence: { room_id: string; users: Presence[] };
  notification: Omit<NotificationFrame, "type">;
  /** A post that will not be tried again; its promise is rejected with the same error. */
  refused: { post: Post; error: ApiError };
  status: Reach;
};

export type MessageQuery = { before_seq?: number; after_seq?: number; around_seq?: number; around_time?: string; limit?: number };

/** Each throws ApiError: the refusal by its code, or `offline` when nothing answered. */
export type Calls = {
  me(): Promise<Me>;
  patchMe(change: PatchMe): Promise<Me>;
  users(ids: readonly string[]): Promise<List<User>>;
  user(user_id: string): Promise<User>;
  rooms(): Promise<List<Room>>;
  publicRooms(cursor?: string): Promise<List<Room>>;
  room(room_id: string): Promise<Room>;
  /** Of a dm: the one there is. */
  createRoom(room: NewRoom): Promise<Room>;
  patchRoom(room_id: string, change: PatchRoom): Promise<Room>;
  members(room_id: string, cursor?: string): Promise<List<{ member: Member; user: User }>>;
  join(room_id: string): Promise<Member>;
  leave(room_id: string): Promise<void>;
  setLevel(room_id: string, level: Level): Promise<Member>;
  addMember(room_id: string, user_id: string): Promise<Member>;
  removeMember(room_id: string, user_id: string): Promise<void>;
  setRole(room_id: string, user_id: string, role: Role): Promise<Member>;
  messages(room_id: string, query?: MessageQuery): Promise<MessagePage>;
  since(room_id: string, rev: number): Promise<SincePage>;
  message(room_id: string, message_id: string): Promise<Message>;
  edit(room_id: string, message_id: string, content: string): Promise<Message>;
  remove(room_id: string, message_id: string): Promise<Message>;
  presence(room_id: string): Promise<List<Presence>>;
  /** Any other route: its path behind `/api/v1`. */
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  delete<T>(path: string): Promise<T>;
};

export type Snug = {
  readonly api: Calls;
  /** Returns what stops the hearing. What a hearer throws is reported and stops nothing. */
  on<K extends keyof Events>(event: K, hear: (event: Events[K]) => void): () => void;
  status(): Reach;
  /** Who this is; null before the first connection. */
  user(): User | null;
  /**
   * Stored once, however often it must be sent; posts to one room keep their order. Resolves with the row when the server has it, or null where
   * one may not read it any more. Rejects with ApiError when it is refused, or when the client was closed before the answer.
   */
  post(room_id: string, draft: string | Omit<Draft, "client_id">): Promise<Message | null>;
  /** Posts that wait for their answer, oldest first. */
  pending(): readonly Post[];
  /** Everything up to this seq has been read. */
  ack(room_id: string, seq: number): Promise<void>;
  typing(room_id: string, is_typing: boolean): void;
  /** Says a frame that a plugin of the server has added, as `<plugin>.<word>`, and gives its `result`. Throws ApiError; `offline` while not connected. */
  frame<T>(type: `${string}.${string}`, fields?: object): Promise<T>;
  /** Whether somebody is at the keyboard. */
  presence(status: "active" | "away"): void;
  cursors(): Cursors;
  /** The network is back: what waits for its next try tries now. Browsers say so themselves. */
  hurry(): void;
  /** Ends for good. What was not answered stays in the storage. */
  close(): void;
};
