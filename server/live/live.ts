/**
 * Door two, composed: Bun's socket handlers, the upgrade, and the work that its loops do. Makes no timer of its own: work.ts calls `beat` and
 * `look`, tests call them with the clock where they want it.
 */
import type { Server, WebSocketHandler } from "bun";
import type { Chat } from "../chat/chat.ts";
import type { Head } from "../chat/members.ts";
import { noteGone } from "../chat/presence.ts";
import type { Principal } from "../chat/principal.ts";
import { letGoOfSignIns } from "../chat/rows-of-sign-ins.ts";
import { isFull, type Limiter, type Rate } from "../chat/limiter.ts";
import type { ServedPlugin } from "../plugin-routes.ts";
import { closes } from "../protocol/closes.ts";
import { spokenIn } from "../protocol/dialects.ts";
import { createChatrooms } from "./chatroom.ts";
import { createFeed } from "./feed.ts";
import { createJoins } from "./join.ts";
import { createKnown } from "./known.ts";
import { createNotifications } from "./notifications.ts";
import { createAddedFrames } from "./plugin-frames.ts";
import { tellPresence } from "./presence.ts";
import { createRights } from "./rights.ts";
import type { Roster } from "./roster.ts";
import { createSession, drained, type Held, idOf, keyOf, type Opens, send, type Session, sessionOf } from "./session.ts";
import { createReceiver } from "./socket.ts";
import { createTidy } from "./tidy.ts";

export type LiveOptions = {
  epoch: string;
  /** What one person may post: one bucket for both doors. */
  sends: Limiter;
  frames: Rate;
  sockets_per_user: number;
  rooms_per_socket: number;
  /** Whose frames are heard beside ours. */
  plugins?: readonly ServedPlugin[];
  /** How many sockets are open, told at each change. */
  connections?: (open: number) => void;
  /** Told in the first quiet second after many have come. */
  onQuiet?: () => void;
};
export type Live = ReturnType<typeof createLive>;

const PING_MS = 25_000;
const SILENT_MS = 60_000; // two pings unanswered: the peer is gone, whatever its network says
const SLOW_MS = 8_000; // looked at once a second: gone within ten
// What may wait for one reader. A buffer that grows is copied into one twice its size, so a reader that stalls costs up to twice this and a
// little more, and may cost 256 KiB. The kernel takes megabytes before anything waits here.
const BUFFER_BYTES = 96 << 10;
const LOOK_ROOMS_MS = 3_000; // what a lost bell may cost
const RIGHTS_MS = 2_000; // promise 6: older ones are looked at before anything is told
const DRAIN_MS = 1_000;

/** Whether it speaks no more, and what it said has come to its end: then nothing need be kept of that. */
const isSilent = ({ speech }: Session, now: number): boolean =>
  speech !== null && speech.unanswered === 0 && speech.refused === 0 && (speech.placing?.size ?? 0) === 0 && isFull(speech.frames, now);

export function createLive(chat: Chat, roster: Roster, options: LiveOptions) {
  const feed = createFeed(chat, roster, () => mayPublish());
  const { epoch, rooms_per_socket } = options;
  const known = createKnown();
  const slow = new Map<Session, number>(); // since when their send buffers are more than half full
  const chatrooms = createChatrooms(chat, roster);
  const notifications = createNotifications(chat, roster, BUFFER_BYTES);
  const { owed } = notifications;
  const joins = createJoins(chat, feed, roster, { epoch, rooms_per_socket, known, owed, heartbeat_ms: PING_MS + 5_000, buffer_bytes: BUFFER_BYTES });
  const rights = createRights(chat, roster, joins, {
    rooms_per_socket,
    known,
    changed: feed.forgetTexts,
    end: (session, code) => end(session, code),
  });
  const receive = createReceiver({
    chat,
    roster,
    joins,
    frames: options.frames,
    added: createAddedFrames(chat, options.plugins ?? []),
    sends: options.sends,
    draining: () => draining,
    end: (session, code) => end(session, code),
  });
  const tidy = createTidy(() => {
    for (const session of roster.all()) if (isSilent(session, chat.now())) session.speech = null;
    options.onQuiet?.();
    letGoOfSignIns(chat);
    roster.pack();
    chat.store.shrink?.();
  });
  let draining = false;
  let looked_rooms_at = chat.now(); // -Infinity: as soon as possible
  let store_seen_at = chat.now(); // when rights were last looked at
  let looking: Promise<void> | null = null;
  chat.backplane.listen({
    room: (bell) => feed.heard(bell),
    user: (place) => rights.heard(place),
    notice(notice) {
      if ("notification_id" in notice) return notifications.pushed(notice);
      const { tenant_id, to, frame } = notice;
      if ("room_id" in to) roster.toRoom({ tenant_id, room_id: to.room_id }, JSON.stringify(frame));
      else roster.toUser({ tenant_id, ...to }, JSON.stringify(frame), frame.type === "user" ? null : "room_id" in frame ? frame.room_id : undefined);
    },
    lost() {
      feed.forgetTexts();
      lookNow();
    },
  });
  chat.store.onForeignCommit(() => lookNow());

  const forget = (session: Session): void => {
    if (!session.alive) return;
    session.alive = false;
    roster.remove(session);
    slow.delete(session);
    drained(session);
    options.connections?.(roster.size());
  };
  const end = (session: Session, code: number): void => {
    if (!session.alive) return;
    session.ws.close(code);
    forget(session);
  };
  /** For a peer that does not read or answer: a close frame would wait behind what it does not read. */
  const cut = (session: Session): void => {
    if (!session.alive) return;
    forget(session);
    session.ws.terminate();
  };

  /** Whoever speaks a dialect knows no `sync`: they hear all that has been said since they asked for the socket. */
  const begin = async (session: Session, opens: Opens | null): Promise<void> => {
    const greeted = joins.greet(session);
    const from = opens?.from;
    await (from ? Promise.all([greeted, joins.sync(session, { type: "sync", rooms: [[from.id, from.last_rev]] })]) : greeted);
  };

  const handlers: WebSocketHandler<Held> = {
    maxPayloadLength: chat.config.bounds.bytes,
    backpressureLimit: BUFFER_BYTES,
    closeOnBackpressureLimit: true,
    idleTimeout: 120, // Bun's own: sends reset it, so `beat` decides
    sendPings: false,
    perMessageDeflate: false,
    open(ws) {
      if ("alive" in ws.data) return;
      const { opens = null } = ws.data;
      const session = createSession(ws, { ...ws.data, who: known.who(ws.data.who) }, chat.now());
      if (opens) session.dialect = chatrooms.dialectOf(session, opens.from);
      ws.data = session;
      const others = roster.sessionsOf(session.who);
      const silent = others.toSorted((a, b) => a.seen_at - b.seen_at)[0];
      if (silent && others.length + roster.countElsewhere(session.who) >= options.sockets_per_user) end(silent, closes.crowded);
      roster.add(session);
      tidy.arrived();
      options.connections?.(roster.size());
      session.turn = rights.admit(session);
      begin(session, opens).catch((fault: unknown) => {
        chat.log.error("hello.failed", fault, { session_id: idOf(session) });
        end(session, closes.store_away);
      });
    },
    message(ws, data) {
      const session = sessionOf(ws);
      if (session?.alive) receive(session, data);
    },
    pong(ws) {
      const session = sessionOf(ws);
      if (session) session.seen_at = chat.now();
    },
    drain(ws) {
      const session = sessionOf(ws);
      if (session) drained(session);
    },
    close(ws) {
      const session = sessionOf(ws);
      if (session) forget(session);
    },
  };

  /** Looks at its send buffer, and says for how long it has been more than half full. */
  const slowFor = (session: Session, now: number): number => {
    if (session.ws.getBufferedAmount() <= BUFFER_BYTES / 2) {
      if (slow.size > 0) slow.delete(session);
      return 0;
    }
    const since = Math.min(slow.get(session) ?? now, now);
    slow.set(session, since);
    return now - since;
  };

  /** Once a second: pings, silent and slow sockets, what the other instances tell of theirs, presence. */
  const beat = async (): Promise<void> => {
    const now = chat.now();
    tidy.beat();
    for (const session of roster.all()) {
      // A clock that was set back must not make everybody heard from for as long as it was wrong.
      session.seen_at = Math.min(session.seen_at, now);
      session.pinged_at = Math.min(session.pinged_at, now);
      const slow_ms = slowFor(session, now);
      if (now - session.seen_at >= SILENT_MS) cut(session);
      else if (slow_ms >= SLOW_MS) cut(session);
      else if (now - session.pinged_at >= PING_MS) {
        session.pinged_at = now;
        session.ws.ping();
      }
    }
    try {
      for (const session of await roster.lookElsewhere(options.sockets_per_user)) end(session, closes.crowded);
    } finally {
      await tellPresence(chat, roster, chatrooms); // of those here, also while the database is away
    }
  };

  /** Finds whose rights have changed; closes everything when the store has not answered for a minute, since no right can be known then. */
  const lookAtRights = async (): Promise<void> => {
    try {
      await rights.look();
      store_seen_at = chat.now();
    } catch (fault) {
      store_seen_at = Math.min(store_seen_at, chat.now());
      if (chat.now() - store_seen_at >= 60_000) for (const session of [...roster.all()]) end(session, closes.store_away);
      throw fault;
    }
  };
  const joining = (): ReadonlySet<string> => {
    const room_ids = new Set<string>();
    for (const session of roster.all()) for (const room_id of session.joining ?? []) room_ids.add(room_id);
    return room_ids;
  };
  /** Finds the rows that bells did not tell, every few seconds, or now if some may have been lost. */
  const lookAtRooms = async (): Promise<void> => {
    if (Math.abs(chat.now() - looked_rooms_at) < LOOK_ROOMS_MS) return;
    looked_rooms_at = chat.now();
    try {
      await feed.look();
    } catch (fault) {
      looked_rooms_at = -Infinity;
      throw fault;
    }
    feed.forget(joining());
  };
  /** Rights first: who has lost theirs while nothing could be known must not be told what has happened since. */
  const look = async (): Promise<void> => {
    await lookAtRights();
    await lookAtRooms();
  };
  const lookNow = (): void => {
    looked_rooms_at = -Infinity; // if this fails, the loops begin with them
    looking ??= look()
      .catch((fault: unknown) => chat.log.warn("look.failed", { why: String(fault) }))
      .finally(() => {
        looking = null;
      });
  };
  const mayPublish = (): boolean => {
    if (Math.abs(chat.now() - store_seen_at) <= RIGHTS_MS) return true;
    lookNow();
    return false;
  };

  /** No upgrades and no frames from now on; what has begun is answered; then everybody is told to come back, and closed. */
  const drain = async (): Promise<void> => {
    draining = true;
    const busy = () => [...roster.all()].some(({ speech }) => (speech?.unanswered ?? 0) > 0);
    for (const until = performance.now() + DRAIN_MS; busy() && performance.now() < until;) await Bun.sleep(5);
    const gone = new Map([...roster.all()].map((session) => [keyOf(session.who), session.who]));
    for (const session of [...roster.all()]) {
      send(session, { type: "shutdown", reconnect_after_ms: 500 + Math.floor(Math.random() * 1_500) });
      end(session, closes.restart);
    }
    try {
      await noteGone(chat, [...gone.values()], chat.now()); // nobody else saw them here
    } catch (fault) {
      chat.log.warn("presence.left", { why: String(fault) });
    }
  };

  return {
    handlers,
    beat,
    look,
    lookAtRights,
    lookAtRooms,
    touch: rights.touch,
    drain,
    get draining() {
      return draining;
    },
    upgrade(request: Request, server: Server<Held> | null, who: Principal, page: string | null = null, from: Head | null = null): boolean {
      if (!server) return false;
      roster.attach(server);
      const spoken = spokenIn(request.headers.get("sec-websocket-protocol"));
      const headers = spoken === null ? {} : { "sec-websocket-protocol": spoken };
      const opens = spoken === "chatroom.v1" && from !== null && { opens: { spoken, from } };
      return server.upgrade(request, { data: { who, page, ...opens }, headers });
    },
  };
}
