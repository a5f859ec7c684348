/**
 * How a socket comes to hear rooms: `hello`, then `sync`, then for each room the rows since its rev, a verdict, and live without a seam.
 * The check that the socket is level with the feed and its subscription stand in one turn of the event loop; with a tick between them,
 * whatever is published in that tick is heard by nobody. A row heard twice is dropped by its rev.
 */
import type { Chat } from "../chat/chat.ts";
import { limitsOf } from "../chat/limits.ts";
import { headOf } from "../chat/members.ts";
import { Refusal } from "../chat/refusal.ts";
import { roomsOf } from "../chat/rooms.ts";
import { since, sinceAck } from "../chat/since.ts";
import type { ClientFrames } from "../protocol.ts";
import { at } from "../chat/views.ts";
import type { Feed } from "./feed.ts";
import { greetingOf } from "./greeting.ts";
import type { Known } from "./known.ts";
import type { RoomPlace, Roster } from "./roster.ts";
import { roomToSend, send, sendText, type Session } from "./session.ts";
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

const PIECE = 16 << 10; // UTF-16 units
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
    const hello = { type: "hello", protocol: 1, session_id: session.id, user, epoch, server_time: at(chat.now()), heartbeat_ms, limits } as const;
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
    const wanted = session.rooms.filter(({ room_id }) => !again || held.has(room_id));
    for (const { room_id } of wanted) {
      await turns.soon();
      if (!session.alive || !session.rooms.some((still) => still.room_id === room_id)) continue;
      const rev = held.get(room_id);
      const from: From = frame.rooms === undefined ? "acked" : { rev: rev ?? greeted.get(room_id) ?? Number.MAX_SAFE_INTEGER };
      const another = frame.epoch !== undefined && frame.epoch !== epoch && rev !== undefined;
      await join(session, room_id, another ? { rev: Number.MAX_SAFE_INTEGER } : from);
    }
    if (first) await owedBeside(session);
    send(session, { type: "caught_up", ...(frame.id !== undefined && { id: frame.id }) });
  };

  const join = async (session: Session, room_id: string, from: From): Promise<void> => {
    const ticket = { room_id };
    session.joining = ticket;
    try {
      await backfill(session, room_id, from, ticket);
    } catch (fault) {
      if (!(fault instanceof Refusal) || fault.reason !== "not_found") throw fault; // put out meanwhile: nothing to tell
    } finally {
      if (session.joining === ticket) session.joining = null;
    }
  };

  const backfill = async (session: Session, room_id: string, from: From, ticket: Session["joining"]): Promise<void> => {
    const place = { tenant_id: session.who.tenant_id, room_id };
    await feed.open(place);
    const room = await headOf(chat, session.who, room_id);
    const goesOn = (): boolean => session.alive && session.joining === ticket;
    let { rev: cursor } = from === "acked" ? await owed(session, room_id, goesOn) : from;
    const reset = cursor > room.last_rev || room.last_rev - cursor > RESUME_MAX;
    if (reset) cursor = room.last_rev;
    await feed.open(place, Math.max(cursor, room.last_rev)); // it may be behind: bells from other instances take their time
    while (goesOn() && cursor < feed.sent(place)) {
      const sent = feed.sent(place);
      const texts = feed.tail(place, cursor);
      const next = texts ? sent : await readSince(session, place, cursor, sent, goesOn);
      if (texts) await sendTexts(session, texts, goesOn);
      if (next <= cursor) break; // the feed is ahead of the database: a history that was cut short must not hold this loop for ever
      cursor = next;
    }
    if (!goesOn()) return;
    roster.join(session, room_id); // in the turn of the check
    send(session, {
      type: "synced",
      room_id,
      verdict: reset ? "reset" : "resumed",
      last_seq: room.last_seq,
      last_rev: Math.min(Math.max(cursor, room.last_rev), feed.sent(place)), // never beyond what it will hear
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
