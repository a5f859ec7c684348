/**
 * The roster: the sockets of this instance and whose they are. It alone calls `server.publish`, and it alone subscribes: one topic per room and
 * one per user, each with its tenant. Who is here is derived from it; a user without sockets is offline after a grace of five seconds.
 */
import type { Server } from "bun";
import type { Sessions, Status, UserBell } from "../chat/chat.ts";
import type { Seed, Session } from "./session.ts";

export type RoomPlace = { tenant_id: string; room_id: string };

const GRACE_MS = 5_000; // a reload is not a departure

export type Roster = Sessions & {
  attach(server: Server<Seed>): void;
  add(session: Session): void;
  remove(session: Session): void;
  all(): Iterable<Session>;
  size(): number;
  sessionsOf(place: UserBell): readonly Session[];
  join(session: Session, room_id: string): void;
  leave(session: Session, room_id: string): void;
  /** Ends what this user hears of the room, joins under way included. */
  drop(place: RoomPlace, user_id: string): void;
  toRoom(place: RoomPlace, text: string): void;
  toUser(place: UserBell, text: string): void;
  /** Users whose status is another than when this was last asked. */
  changes(): { place: UserBell; status: Status; rooms: ReadonlyMap<string, { member_count: number }> }[];
  touch(place: UserBell): void;
};

type Person = { place: UserBell; sessions: Set<Session>; told: Status; left_at: number | null; rooms: Session["rooms"] };

export function createRoster(now: () => number): Roster {
  let server: Server<Seed> | null = null;
  const people = new Map<string, Person>();
  const sessions = new Set<Session>();
  const touched = new Set<string>();
  const statusOf = (place: UserBell): Status => {
    const person = people.get(keyOf(place));
    return person ? statusNow(person, now()) : "offline";
  };
  return {
    attach: (given) => void (server ??= given),
    add(session) {
      sessions.add(session);
      const { tenant_id, user_id } = session.who;
      const place = { tenant_id, user_id };
      const person = people.get(keyOf(place)) ?? { place, sessions: new Set(), told: "offline" as const, left_at: null, rooms: session.rooms };
      person.sessions.add(session);
      person.left_at = null;
      person.rooms = session.rooms;
      people.set(keyOf(place), person);
      touched.add(keyOf(place));
      session.ws.subscribe(userTopic(place));
    },
    remove(session) {
      sessions.delete(session);
      const person = people.get(keyOf(session.who));
      person?.sessions.delete(session);
      if (person?.sessions.size === 0) person.left_at = now();
      touched.add(keyOf(session.who));
    },
    all: () => sessions,
    size: () => sessions.size,
    sessionsOf: (place) => [...(people.get(keyOf(place))?.sessions ?? [])],
    join(session, room_id) {
      session.joined.add(room_id);
      session.ws.subscribe(roomTopic({ tenant_id: session.who.tenant_id, room_id }));
    },
    leave: (session, room_id) => leave(session, room_id),
    drop({ tenant_id, room_id }, user_id) {
      for (const session of people.get(keyOf({ tenant_id, user_id }))?.sessions ?? []) leave(session, room_id);
    },
    toRoom: (place, text) => void server?.publish(roomTopic(place), text, false),
    toUser: (place, text) => void server?.publish(userTopic(place), text, false),
    statusOf,
    online: (tenant_id, user_ids) => user_ids.filter((user_id) => statusOf({ tenant_id, user_id }) !== "offline").length,
    touch: (place) => void touched.add(keyOf(place)),
    changes() {
      const changed = [];
      for (const key of touched) {
        const person = people.get(key);
        const status = person ? statusNow(person, now()) : "offline";
        const waits = person?.sessions.size === 0 && status !== "offline"; // in its grace: look again
        if (!waits) touched.delete(key);
        if (!person || person.told === status) continue;
        person.told = status;
        changed.push({ place: person.place, status, rooms: person.rooms });
        if (status === "offline") people.delete(key);
      }
      return changed;
    },
  };
}

function leave(session: Session, room_id: string): void {
  session.joining.delete(room_id);
  session.rooms.delete(room_id);
  session.joined.delete(room_id);
  if (session.alive) session.ws.unsubscribe(roomTopic({ tenant_id: session.who.tenant_id, room_id }));
}

function statusNow({ sessions, left_at }: Person, now: number): Status {
  if (sessions.size === 0) return left_at !== null && Math.abs(now - left_at) < GRACE_MS ? "active" : "offline";
  for (const { status } of sessions) if (status === "active") return "active";
  return "away";
}

const keyOf = ({ tenant_id, user_id }: UserBell): string => JSON.stringify([tenant_id, user_id]);
const roomTopic = ({ tenant_id, room_id }: RoomPlace): string => `room:${tenant_id}:${room_id}`;
const userTopic = ({ tenant_id, user_id }: UserBell): string => `user:${tenant_id}:${user_id}`;
