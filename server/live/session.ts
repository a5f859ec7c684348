/** One live socket of one user on this instance. Everything about it that is not a row lives here and ends with it. */
import type { ServerWebSocket } from "bun";
import type { Head } from "../chat/members.ts";
import type { UserBell } from "../chat/chat.ts";
import type { Posted } from "../chat/messages.ts";
import { keyBehind, type Principal } from "../chat/principal.ts";
import type { ServerFrame } from "../protocol.ts";
import type { Spoken } from "../protocol/dialects.ts";
import type { Dialect } from "./chatroom.ts";
import type { KnownRoom } from "./known.ts";
import { textOfPosted } from "./texts.ts";

export type Socket = ServerWebSocket<Seed>;
/** What the upgrade hands to the socket. */
export type Seed = {
  who: Principal;
  /** The origin of the page it is of, where that is in by the tenant's list alone: then it ends when it is struck off. */
  page?: string | null;
  opens?: Opens;
  session?: Session;
};
/** Another protocol than ours, and where its one room stood before the socket opened: there it begins to hear. */
export type Opens = { spoken: Exclude<Spoken, "snug.v1">; from: Head };

export type Session = {
  readonly id: string;
  readonly ws: Socket;
  /** Whose it is, as one text (keyOf). */
  readonly key: string;
  /** The right as it was last looked at: the role may change while the socket is open. */
  who: Principal;
  alive: boolean;
  /** Another protocol than ours that is spoken on it. */
  dialect: Dialect | null;
  readonly opened_at: number;
  /** When the peer last sent anything, a pong included. */
  seen_at: number;
  pinged_at: number;
  status: "active" | "away";
  /** Since when its send buffer is more than half full; null while it is not. */
  slow_since: number | null;
  /** The rooms it may hear of, as `hello`, `rooms` and rights told them: what is known of each, so that a change is seen. */
  readonly rooms: KnownRoom[];
  /** Where each room stood in its greeting: there its first `sync` goes on where it names no other place. Null once that is done. */
  greeted: Map<string, number> | null;
  /** The join under way, at most one. Taking it away cancels it: nothing is subscribed for who has been put out meanwhile. */
  joining: { readonly room_id: string } | null;
  /** What is done for it one after the other: its right asked once more, the greeting, then each `sync`. */
  turn: Promise<void>;
  /** True from its first `sync` on: before it, it hears nothing of any room. */
  synced: boolean;
  /** Frames whose verb has begun and is not answered. */
  unanswered: number;
  /** Per room, the post that has no place in a batch yet: the next one waits for it. */
  readonly placing: Map<string, Promise<void>>;
  /** Called when the send buffer has drained, or the socket is gone. */
  onDrain: (() => void)[];
};

export function createSession(id: string, ws: Socket, now: number): Session {
  return {
    id,
    ws,
    key: keyOf(ws.data.who),
    who: ws.data.who,
    alive: true,
    dialect: null,
    opened_at: now,
    seen_at: now,
    pinged_at: now,
    status: "active",
    slow_since: null,
    turn: Promise.resolve(),
    rooms: [],
    greeted: null,
    joining: null,
    synced: false,
    unanswered: 0,
    placing: new Map(),
    onDrain: [],
  };
}

/** A user as one text, whatever their ids hold. */
export const keyOf = ({ tenant_id, user_id }: UserBell): string => JSON.stringify([tenant_id, user_id]);

/** Whether it is told what is told to its user alone: not before its first `sync`, and not where its ticket is bound to a room, where it may not acknowledge, or has no word for it. */
export const hearsOwn = ({ alive, synced, dialect, who }: Session): boolean =>
  alive && synced && dialect === null && who.room_id === undefined && keyBehind(who)?.scope !== "read";

/** The list is the same for as long as the socket is open: whoever holds it sees the change. */
export function forgetRoom(session: Session, room_id: string): void {
  const i = session.rooms.findIndex((known) => known.room_id === room_id);
  if (i >= 0) session.rooms.splice(i, 1);
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

/**
 * Resolves when at most a quarter of the send buffer is in use, or the socket is gone: a long resume must neither close its own socket nor make
 * a reader who is only far away look like one that stalls.
 */
export async function roomToSend(session: Session, limit_bytes: number): Promise<void> {
  while (session.alive && session.ws.getBufferedAmount() > limit_bytes / 4) {
    await new Promise<void>((resolve) => session.onDrain.push(resolve));
  }
}

export function drained(session: Session): void {
  for (const resume of session.onDrain.splice(0)) resume();
}
