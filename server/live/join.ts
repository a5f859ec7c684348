/**
 * How a socket comes to hear rooms: `hello`, then `sync`, then for each room the rows since its rev, a verdict, and live without a seam.
 * The check that the socket is level with the feed and its subscription stand in one turn of the event loop; with a tick between them,
 * whatever is published in that tick is heard by nobody. A row heard twice is dropped by its rev.
 */
import type { Chat } from "../chat/chat.ts";
import { limitsOf } from "../chat/limits.ts";
import { type Head, headOf, headsOf } from "../chat/members.ts";
import { Refusal } from "../chat/refusal.ts";
import { roomsOf } from "../chat/rooms.ts";
import { since, sinceAck } from "../chat/since.ts";
import type { ClientFrames } from "../protocol.ts";
import { at } from "../chat/views.ts";
import type { Feed } from "./feed.ts";
import { greetingOf } from "./greeting.ts";
import type { Known } from "./known.ts";
import type { RoomPlace, Roster } from "./roster.ts";
import { idOf, roomToSend, send, sendText, type Session } from "./session.ts";
import { textOfRow } from "./texts.ts";
import { createTurns } from "./turns.ts";
import { userOf } from "./user.ts";

export type Joins = {
  greet(session: Session): Promise<void>;
  sync(session: Session, frame: ClientFrames["sync"]): Promise<void>;
  /** Rows after `from`, then live: for a room gained while connected. */
  gain(session: Session, room_id: string, from: number): Promise<void>;
};

export type JoinOptions = {
  epoch: string;
  heartbeat_ms: number;
  buffer_bytes: number;
  /** How many rooms a socket is told of and hears, the oldest first. */
  rooms_per_socket: number;
  known: Known;
  /** Sends what is owed to the user beside the rooms. */
  owed: (session: Session) => Promise<void>;
};

type From = { rev: number } | "acked";
/** The rev from which rows are told; after a `reset` none of those before it. */
type Begin = { cursor: number; reset: boolean };

const PIECE = 16 << 10; // UTF-16 units
const TOLD_AT_ONCE = 64; // verdicts of rooms, each some 150 bytes: a piece
const RESUME_MAX = 2_000; // revs behind; beyond it a client pages again rather than replay

export function createJoins(chat: Chat, feed: Feed, roster: Roster, options: JoinOptions): Joins {
  const { epoch, heartbeat_ms, buffer_bytes, rooms_per_socket, known, owed: owedBeside } = options;
  const turns = createTurns();

  const greet = async (session: Session): Promise<void> => {
    await turns.soon();
    if (!session.alive) return;
    const user = await userOf(chat, session.who);
    const rooms = (await roomsOf(chat, session.who)).slice(0, rooms_per_socket);
    if (!user || !session.alive) return;
    session.rooms = known.rooms(rooms);
    session.greeted = new Map(rooms.map(({ id, last_rev }) => [id, last_rev]));
    roster.touch(session);
    const [first = [], ...others] = greetingOf(rooms);
    const limits = await limitsOf(chat, session.who.tenant_id);
    if (!session.alive) return;
    const hello = { type: "hello", protocol: 1, session_id: idOf(session), user, epoch, server_time: at(chat.now()), heartbeat_ms, limits } as const;
    send(session, { ...hello, rooms: first, ...(others.length === 0 && { last: true as const }) });
    for (const [i, some] of others.entries()) {
      await roomToSend(session, buffer_bytes);
      send(session, { type: "rooms", rooms: some, ...(i === others.length - 1 && { last: true as const }) });
    }
  };

  const sync = async (session: Session, frame: ClientFrames["sync"]): Promise<void> => {
    const held = new Map(frame.rooms ?? []);
    const first = !session.synced;
    const again = session.synced && frame.rooms !== undefined; // then it concerns only the rooms it names
    session.synced = true;
    if (first) roster.touch(session);
    const greeted = session.greeted ?? new Map<string, number>();
    session.greeted = null;
    const fromOf = (room_id: string): From => {
      const rev = held.get(room_id);
      if (frame.epoch !== undefined && frame.epoch !== epoch && rev !== undefined) return { rev: Number.MAX_SAFE_INTEGER };
      return frame.rooms === undefined ? "acked" : { rev: rev ?? greeted.get(room_id) ?? Number.MAX_SAFE_INTEGER };
    };
    const wanted = session.rooms.flatMap(({ room_id }) => (!again || held.has(room_id) ? [room_id] : []));
    if (wanted.length > 0) await turns.soon();
    const isMost = wanted.length > 1 && wanted.length > session.rooms.length / 4; // else to ask for all of them costs more than to ask for each
    const behind = isMost && session.alive ? await joinLevel(session, wanted, fromOf) : wanted;
    for (const [i, room_id] of behind.entries()) {
      if (i > 0 || isMost) await turns.soon();
      if (session.alive && knows(session, room_id)) await join(session, room_id, fromOf(room_id));
    }
    if (first) await owedBeside(session);
    send(session, { type: "caught_up", ...(frame.id !== undefined && { id: frame.id }) });
  };

  const knows = (session: Session, room_id: string): boolean => session.rooms.some((room) => room.room_id === room_id);

  /**
   * Joins those of the rooms in which it lacks nothing, mostly all: by one question and one write, where each by itself would be one of both. Gives the
   * others, in which it has to be told something first.
   */
  const joinLevel = (session: Session, room_ids: readonly string[], fromOf: (room_id: string) => From): Promise<string[]> =>
    joining(session, room_ids, async (ticket) => {
      const { tenant_id } = session.who;
      const goesOn = (room_id: string): boolean => session.alive && ticket.has(room_id) && knows(session, room_id);
      await Promise.all(room_ids.map((room_id) => feed.open({ tenant_id, room_id })));
      const heads = await headsOf(chat, session.who);
      const behind: string[] = [];
      const joinOne = (room_id: string): void => {
        const [room, from] = [heads.get(room_id), fromOf(room_id)];
        if (!room || !goesOn(room_id)) return; // put out meanwhile: nothing to tell
        const begin = from === "acked" ? null : beginOf(room, from);
        if (begin?.cursor === room.last_rev && feed.sent({ tenant_id, room_id }) === room.last_rev) become(session, room, begin);
        else behind.push(room_id);
      };
      for (let at = 0; at < room_ids.length && session.alive; at += TOLD_AT_ONCE) {
        if (at > 0) await turns.later();
        if (session.alive) session.ws.cork(() => room_ids.slice(at, at + TOLD_AT_ONCE).forEach(joinOne));
        await roomToSend(session, buffer_bytes);
      }
      return behind;
    });

  const join = (session: Session, room_id: string, from: From): Promise<void> =>
    joining(session, [room_id], async (ticket) => {
      try {
        await backfill(session, room_id, from, () => session.alive && ticket.has(room_id));
      } catch (fault) {
        if (!(fault instanceof Refusal) || fault.reason !== "not_found") throw fault; // put out meanwhile: nothing to tell
      }
    });

  const joining = async <R>(session: Session, room_ids: readonly string[], work: (ticket: ReadonlySet<string>) => Promise<R>): Promise<R> => {
    const ticket = new Set(room_ids);
    session.joining = ticket;
    try {
      return await work(ticket);
    } finally {
      if (session.joining === ticket) session.joining = null;
    }
  };

  const backfill = async (session: Session, room_id: string, from: From, goesOn: () => boolean): Promise<void> => {
    const place = { tenant_id: session.who.tenant_id, room_id };
    await feed.open(place);
    const room = await headOf(chat, session.who, room_id);
    let { cursor, reset } = beginOf(room, from === "acked" ? await owed(session, room_id, goesOn) : from);
    await feed.open(place, Math.max(cursor, room.last_rev)); // it may be behind: bells from other instances take their time
    while (goesOn() && cursor < feed.sent(place)) {
      const sent = feed.sent(place);
      const texts = feed.tail(place, cursor);
      const next = texts ? sent : await readSince(session, place, cursor, sent, goesOn);
      if (texts) await sendTexts(session, texts, goesOn);
      if (next <= cursor) break; // the feed is ahead of the database: a history that was cut short must not hold this loop for ever
      cursor = next;
    }
    if (goesOn()) become(session, room, { cursor, reset });
  };

  /** Hears the room from now on: in the turn of the check that it lacks nothing. */
  const become = (session: Session, { id: room_id, last_seq, last_rev }: Head, { cursor, reset }: Begin): void => {
    roster.join(session, room_id);
    send(session, {
      type: "synced",
      room_id,
      verdict: reset ? "reset" : "resumed",
      last_seq,
      last_rev: Math.min(Math.max(cursor, last_rev), feed.sent({ tenant_id: session.who.tenant_id, room_id })), // never beyond what it will hear
    });
  };

  /** Sends what was never acked and says where to go on; far behind everything when that is too much, which is a reset. */
  const owed = async (session: Session, room_id: string, goesOn: () => boolean): Promise<{ rev: number }> => {
    const found = await sinceAck(chat, session.who, room_id);
    if (found === "reset") return { rev: Number.MAX_SAFE_INTEGER };
    for await (const rows of found.steps()) {
      if (!goesOn()) break;
      await sendTexts(session, rows.map(textOfRow), goesOn);
    }
    return { rev: found.position };
  };

  /** Never beyond `last`, up to where the feed is: what the feed tells after that would come behind what is newer. */
  const readSince = async (session: Session, place: RoomPlace, cursor: number, last: number, goesOn: () => boolean): Promise<number> => {
    const keep = feed.keeping(place, cursor);
    const found = await since(chat, place, cursor, last);
    await headOf(chat, session.who, place.room_id); // asked after the rows were read: who is out by then hears none of them
    keep(found);
    await sendTexts(session, found.rows.map(textOfRow), goesOn);
    return found.position;
  };

  /** A piece per turn of the event loop and system call, as the reader takes them. */
  const sendTexts = async (session: Session, texts: readonly string[], goesOn: () => boolean): Promise<void> => {
    for (let i = 0; i < texts.length && goesOn();) {
      session.ws.cork(() => {
        for (let size = 0; i < texts.length && size < PIECE; i += 1) {
          const text = texts[i] ?? "";
          size += text.length;
          sendText(session, text);
        }
      });
      await turns.later();
      await roomToSend(session, buffer_bytes);
    }
  };

  /** Greeting, then one `sync` after the other: two at once would each hold rows, and a slow reader could begin dozens. */
  const inTurn = (session: Session, work: () => Promise<void>): Promise<void> => {
    const done = (session.turn ?? Promise.resolve()).then(work);
    const turn: Promise<void> = done
      .catch(() => {}) // told to whoever asked
      .then(() => {
        if (session.turn === turn) session.turn = null;
      });
    session.turn = turn;
    return done;
  };

  return {
    greet: (session) => inTurn(session, () => greet(session)),
    sync: (session, frame) => inTurn(session, () => sync(session, frame)),
    gain: (session, room_id, from) => inTurn(session, () => join(session, room_id, { rev: from })),
  };
}

/** Who is too far behind begins where the room is; so does who has seen more than there is, which is another history. */
function beginOf({ last_rev }: Head, { rev }: { rev: number }): Begin {
  const reset = rev > last_rev || last_rev - rev > RESUME_MAX;
  return { cursor: reset ? last_rev : rev, reset };
}
