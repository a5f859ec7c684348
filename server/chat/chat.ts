/**
 * The product without its doors: what every verb is handed first. `chat` knows no Elysia, no socket, no dialect, no clock and no chance of
 * its own; whoever composes it (server/main.ts, server/testing/world.ts) gives them. The types here are those that others implement.
 */
import type { Store } from "../../db/store.ts";
import type { Limits, Row, ServerFrame } from "../protocol.ts";
import type { Bounds } from "./bounds.ts";
import type { Depot } from "./depot.ts";
import type { Hooks } from "./hooks.ts";
import type { Rate } from "./limiter.ts";
import type { SealingKey } from "./sealed.ts";

export type Chat = {
  readonly store: Store;
  readonly depot: Depot;
  readonly backplane: Backplane;
  readonly sessions: Sessions;
  readonly hooks: Hooks;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly keys: Keys;
  readonly tokens: TokenSigner;
  readonly config: ChatConfig;
  /** Milliseconds since 1970. Order never comes from it. */
  now(): number;
  /** A new id of ours: UUIDv7 as 26 characters of lower-case base32hex; later ones sort later. */
  newId(): string;
  /** 32 random bytes as base64url. */
  newSecret(): string;
};

/**
 * "Look at this room again": with the rows it announces, every row whose rev lies in (the last bell's, this one's], in rev order; or, where they
 * were too large to be carried, with the rev of the last.
 */
export type Bell = { tenant_id: string; room_id: string } & ({ rows: readonly Row[] } | { rev: number });

/** Whose rights to look at again: rooms gained or lost, role, sign-ins, disabling. */
export type UserBell = { tenant_id: string; user_id: string };

/**
 * A notice without a row (typing, own acks): for a room's sockets or for a user's. A notification is named, not carried: it may be too large, and
 * is read once by each instance that has one of these users.
 */
export type Notice =
  | { tenant_id: string; to: { room_id: string } | { user_id: string }; frame: ServerFrame }
  | { tenant_id: string; to: { user_ids: readonly string[] }; notification_id: string };

/**
 * What carries bells and notices between instances. A bell may be lost, late or doubled without harm: the feed trusts only rows past its
 * cursor. None of the calls fails or waits: what cannot be carried is found by the feed's own look.
 */
export type Backplane = {
  /** Only after COMMIT has returned. Called once per room and commit, in commit order. */
  ring(bell: Bell): void;
  ringUser(bell: UserBell): void;
  tell(notice: Notice): void;
  listen(ears: Ears): void;
  /** Finds out whether it still carries; called by a loop about once a second. */
  tend(): Promise<void>;
  close(): Promise<void>;
};

export type Ears = {
  room(bell: Bell): void;
  user(bell: UserBell): void;
  notice(notice: Notice): void;
  /** Any number of bells may have been lost: everything that is open is to be looked at. */
  lost(): void;
};

export type Status = "active" | "away" | "offline";

/** Who is here: derived from the open sockets, implemented by the roster. */
export type Sessions = {
  statusOf(place: UserBell): Status;
  /** Whether a socket of theirs hears, as far as is known here, what is told to them alone. */
  hears(place: UserBell): boolean;
  /** How many of these users have an open socket. */
  online(tenant_id: string, user_ids: readonly string[]): number;
};

export type Log = {
  debug(event: string, fields?: Record<string, unknown>): void;
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  /** `fault` is an exception: its text and stack go to the log and nowhere else. */
  error(event: string, fault: unknown, fields?: Record<string, unknown>): void;
};

export type Counted =
  | "chat_ws_messages_total"
  | "snug_faults_total"
  | "snug_sign_in_failures_total"
  | "snug_deliveries_total"
  | "snug_delivery_failures_total"
  | "snug_dead_letters_total";
export type Metrics = {
  /** Adds to a counter named in server/metrics.ts. */
  count(name: Counted, by?: number): void;
};

/** Keys derived by HKDF from the secret; several lines of the secret give several keys, of which the first signs. */
export type Keys = {
  /** Hex, equal on every instance and after every restart until there is an owner. */
  readonly setup_token: string;
  readonly operator_key: string;
  /** HMAC key of refresh successors. */
  readonly refresh: Uint8Array;
  /** What is sealed in the database: the first seals, all open. */
  readonly sealing: readonly SealingKey[];
};

export type AccessClaims = { typ: "access"; tid: string; sub: string; sid: string };
/** Of a token that a tenant's key minted for one of its users; `room_id` narrows it to that room. */
export type MintedClaims = { typ: "minted"; tid: string; sub: string; key_id: string; room_id?: string };

/** Access tokens are signed and verified by @elysiajs/jwt in http/authenticate.ts alone; `chat` is handed the two functions. */
export type TokenSigner = {
  sign(claims: AccessClaims | MintedClaims, ttl_seconds: number): Promise<string>;
};

/** What verbs ask of the configuration (server/config.ts has the whole table). */
export type ChatConfig = {
  readonly access_ttl_ms: number;
  readonly refresh_ttl_ms: number;
  readonly refresh_idle_ms: number;
  readonly ticket_ttl_ms: number;
  readonly public_url: string | null;
  readonly limits: Limits;
  /** Of all files of a tenant together. */
  readonly storage_bytes: number;
  readonly bounds: Bounds;
  /** How often a user may ask one route, and send, where their tenant has not lowered it. */
  readonly requests: Rate;
  readonly sends: Rate;
  /** How many people one workspace may notify: of one notification each. */
  readonly notified: Rate;
  /**
   * How often a notification is sent to who is here and does not acknowledge it, and the pauses between, which double; and for how long it waits for who
   * does not come.
   */
  readonly notifications: { attempts: number; first_pause_ms: number; longest_pause_ms: number; life_ms: number };
  /** Wrong passwords for one account from one address before answers are delayed. */
  readonly free_failures: number;
  /** How long is kept what is needed no more: entries of the audit log, what was delivered, what never could be, answers to a POST. */
  readonly keep_audit_ms: number;
  readonly keep_delivered_ms: number;
  readonly keep_dead_ms: number;
  readonly keep_answers_ms: number;
  /** How often a webhook is tried, and the bounds of the pauses between, where its tenant has not set its own. */
  readonly webhooks: { attempts: number; first_retry_ms: number; longest_retry_ms: number };
  /** How many webhooks of one tenant may be switched on. */
  readonly webhooks_on: number;
  /** Requests per second to one of them, in the long run. */
  readonly webhook_rate: number;
  /** Registration mode of the tenant that setup makes. */
  readonly registration: "open" | "invite" | "closed";
};
