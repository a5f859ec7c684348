/** One live socket of one user on this instance. Everything about it that is not a row lives here and ends with it. */
import type { ServerWebSocket } from "bun";
import type { Head } from "../chat/members.ts";
import type { UserBell } from "../chat/chat.ts";
import type { Bucket } from "../chat/limiter.ts";
import type { Posted } from "../chat/messages.ts";
import { newId } from "../ids.ts";
import { keyBehind, type Principal } from "../chat/principal.ts";
import type { ServerFrame } from "../protocol.ts";
import type { Spoken } from "../protocol/dialects.ts";
import type { Dialect } from "./chatroom.ts";
import type { KnownRoom } from "./known.ts";
import { textOfPosted } from "./texts.ts";

export type Socket = ServerWebSocket<Held>;
/** What the upgrade hands to the socket, and what that holds from then on. */
export type Held = Seed | Session;
export type Seed = {
  who: Principal;
  /** The origin of the page it is of, where that is in by the tenant's list alone: then it ends when it is struck off. */
  page?: string | null;
  opens?: Opens;
};
/** Another protocol than ours, and where its one room stood before the socket opened: there it begins to hear. */
export type Opens = { spoken: Exclude<Spoken, "snug.v1">; from: Head };

export type Session = {
  /** What is in its id beside `opened_at` (idOf). */
  readonly nth: number;
  readonly ws: Socket;
  /** The right as it was last looked at: the role may change while the socket is open. */
  who: Principal;
  /** As its seed has it. */
  readonly page: string | null;
  alive: boolean;
  /** Another protocol than ours that is spoken on it. */
  dialect: Dialect | null;
  readonly opened_at: number;
  /** When the peer last sent anything, a pong included. */
  seen_at: number;
  pinged_at: number;
  status: "active" | "away";
  /** The rooms it may hear of, as `hello`, `rooms` and rights told them: what is known of each, so that a change is seen. Shared: never changed, but another list. */
  rooms: readonly KnownRoom[];
  /** Where each room stood in its greeting: there its first `sync` goes on where it names no other place. Null once that is done. */
  greeted: Map<string, number> | null;
  /** The rooms of the join under way, at most one. What is taken away from them is cancelled: nothing is subscribed for who has been put out meanwhile. */
  joining: Set<string> | null;
  /** What is done for it one after the other: its right asked once more, the greeting, then each `sync`. Null when all of that is done. */
  turn: Promise<void> | null;
  /** True from its first `sync` on: before it, it hears nothing of any room. */
  synced: boolean;
  /** What is kept of who speaks: null until it has sent anything, and again when it has been silent for a while. */
  speech: Speech | null;
};

export type Speech = {
  /** Frames whose verb has begun and is not answered. */
  unanswered: number;
  /** How many frames it may send. */
  readonly frames: Bucket;
  /** That of its user for what is told to others, who may have other sockets; and who they are, as one text: null until it has sent any of that. */
  sends: Bucket | null;
  key: string | null;
  /** Frames over the limit, less those within it. */
  refused: number;
  /** Per room, the post that has no place in a batch yet: the next one waits for it. Null until there was one. */
  placing: Map<string, Promise<void>> | null;
};

/** Of a socket that sends its first frame. */
export const firstSpeech = (frames: Bucket): Speech => ({ unanswered: 0, frames, sends: null, key: null, refused: 0, placing: null });

/** As little as can be: most sockets only listen, and there are many. */
export function createSession(ws: Socket, { who, page = null }: Seed, now: number): Session {
  return {
    nth: nthAt(now),
    ws,
    who,
    page,
    alive: true,
    dialect: null,
    opened_at: now,
    seen_at: now,
    pinged_at: now,
    status: "active",
    turn: null,
    rooms: [],
    greeted: null,
    joining: null,
    synced: false,
    speech: null,
  };
}

const latest = { at: 0, count: 0 };
const CHANCES = 2 ** 25;
const ours = newId().slice(-6); // sockets of another process may have opened in the same millisecond

/** How many of this process opened before it in this millisecond, and chance: a count of all would tell a tenant how many others have. */
function nthAt(now: number): number {
  latest.count = latest.at === now ? latest.count + 1 : 0;
  latest.at = now;
  return latest.count * CHANCES + Math.floor(Math.random() * CHANCES);
}

/**
 * Its id, as long as others are, sorts by when the socket opened, and within a process by which came first. It is put together when somebody asks: a text of
 * its own would be some eighty bytes of each socket.
 */
export const idOf = ({ opened_at, nth }: Pick<Session, "opened_at" | "nth">): string => digits(opened_at) + ours + digits(nth);
const digits = (number: number): string => number.toString(32).padStart(10, "0");

/** A user as one text, whatever their ids hold. */
export const keyOf = ({ tenant_id, user_id }: UserBell): string => JSON.stringify([tenant_id, user_id]);

/** A copy; that of a sign-in by literals, which are laid out for as much as they hold. */
export const anew = ({ tenant_id, user_id, role, via, room_id }: Principal): Principal => {
  const who = { tenant_id, user_id, role, via: "sign_in_id" in via ? { sign_in_id: via.sign_in_id } : { ...via } };
  return room_id === undefined ? who : { ...who, room_id };
};

/** The session of a socket that has opened. */
export const sessionOf = ({ data }: Socket): Session | null => ("alive" in data ? data : null);

/** Whether it is told what is told to its user alone: not before its first `sync`, and not where its ticket is bound to a room, where it may not acknowledge, or has no word for it. */
export const hearsOwn = ({ alive, synced, dialect, who }: Session): boolean =>
  alive && synced && dialect === null && who.room_id === undefined && keyBehind(who)?.scope !== "read";

export function forgetRoom(session: Session, room_id: string): void {
  if (session.rooms.some((known) => known.room_id === room_id)) session.rooms = session.rooms.filter((known) => known.room_id !== room_id);
}

export const send = (session: Session, frame: ServerFrame): void => {
  if (!session.alive) return;
  const text = session.dialect ? session.dialect.say(frame) : JSON.stringify(frame);
  if (text !== null) session.ws.send(text);
};

/** The answer to the post of this frame. */
export function sendPosted(session: Session, id: string, posted: Posted): void {
  if (session.alive && !session.dialect) session.ws.send(textOfPosted(id, posted)); // no dialect has a word for it
}

/** Sends a frame that has been written already. */
export const sendText = (session: Session, text: string): void => {
  if (session.dialect) send(session, JSON.parse(text));
  else if (session.alive) session.ws.send(text);
};

/** Called when the send buffer has drained, or the socket is gone. */
const draining = new WeakMap<Session, (() => void)[]>();

/**
 * Resolves when at most a quarter of the send buffer is in use, or the socket is gone: a long resume must neither close its own socket nor make
 * a reader who is only far away look like one that stalls.
 */
export async function roomToSend(session: Session, limit_bytes: number): Promise<void> {
  while (session.alive && session.ws.getBufferedAmount() > limit_bytes / 4) {
    await new Promise<void>((resolve) => draining.set(session, [...(draining.get(session) ?? []), resolve]));
  }
}

export function drained(session: Session): void {
  const resuming = draining.get(session) ?? [];
  draining.delete(session);
  for (const resume of resuming) resume();
}
