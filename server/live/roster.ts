/**
 * The roster: the sockets of this instance and whose they are. It alone calls `server.publish`, and it alone subscribes: one topic per room, with its
 * tenant. A user has a handful of sockets at most, so what is told to a user is sent to each. Who is here is derived from it and from what the other instances tell (elsewhere.ts): a user without a socket
 * on any of them is offline after a grace of five seconds.
 */
import type { Server } from "bun";
import type { Sessions, Status, UserBell } from "../chat/chat.ts";
import type { Row, ServerFrame } from "../protocol.ts";
import { type Changed, type Elsewhere, nowhere } from "./elsewhere.ts";
import type { KnownRoom } from "./known.ts";
import { createPeople, hold, type Person, sessionsIn } from "./people.ts";
import { anew, forgetRoom, type Held, hearsOwn, idOf, send, sendText, type Session } from "./session.ts";

type MemberRow = Extract<Row, { type: "member" }>;
export type RoomPlace = { tenant_id: string; room_id: string };

const GRACE_MS = 5_000; // a reload is not a departure

export type Roster = Sessions & {
  attach(server: Server<Held>): void;
  add(session: Session): void;
  remove(session: Session): void;
  all(): Iterable<Session>;
  size(): number;
  sessionsOf(place: UserBell): readonly Session[];
  /** How many sockets the user has at the other instances. */
  countElsewhere(place: UserBell): number;
  /** Tells the others and learns from them; gives the sockets here that are too many of their user's, over all instances. */
  lookElsewhere(sockets_per_user: number): Promise<Session[]>;
  /** Nobody is here any more, and the others are told. */
  leaveElsewhere(): Promise<void>;
  join(session: Session, room_id: string): void;
  leave(session: Session, room_id: string): void;
  /** Ends what the one of this row hears of the room, joins under way included: those have not heard the row, and are told it here. */
  drop(place: RoomPlace, departure: MemberRow): void;
  /** The sockets that hear the room in a dialect: what is published is written for others. */
  dialectsIn(place: RoomPlace): readonly Session[];
  /** Whether a socket here hears the room. */
  isHeard(place: RoomPlace): boolean;
  toRoom(place: RoomPlace, text: string): void;
  /** A socket that is bound to a room hears only what is of that `room_id`, and what is of none (null). */
  toUser(place: UserBell, text: string, room_id: string | null | undefined): void;
  /** Users whose status is another than was told, wherever they are. */
  changes(): Change[];
  told(changes: readonly Change[]): void;
  /** The status of this socket may have changed, or whether it hears what is its user's alone. */
  touch(session: Session): void;
  /** Holds the same in new copies, made one after the other: nothing is ever moved by the collector, and these were made among all that it took away. */
  pack(): void;
};

/** `seen_at`: when they were last here. `rooms` is null where no socket here knows them; `ours` where it is for this instance to keep that the user came or went. */
export type Change = { place: UserBell; before: Status; status: Status; seen_at: number; rooms: readonly KnownRoom[] | null; ours: boolean };

export function createRoster(now: () => number, elsewhere: Elsewhere = nowhere): Roster {
  let server: Server<Held> | null = null;
  const people = createPeople();
  const sessions = new Set<Session>();
  const touched = new Set<Person>();
  const dialects = new Map<string, Session[]>();
  const statusOf = (place: UserBell): Status => {
    const person = people.find(place);
    return person ? statusNow(person, elsewhere.statusOf(place), now()) : "offline";
  };
  /** Looked at next time, whether their status is another. */
  const personOf = (place: UserBell): Person => {
    const person = people.findOrAdd(place);
    touched.add(person);
    return person;
  };
  const sessionsOf = (place: UserBell): readonly Session[] => {
    const person = people.find(place);
    return person ? sessionsIn(person) : [];
  };
  const isNowhere = (person: Person): boolean => sessionsIn(person).length === 0 && elsewhere.statusOf(person) === null;
  const learn = ({ place, died }: Changed): void => {
    const person = personOf(place);
    if (!isNowhere(person)) person.left_at = null;
    else if (died)
      Object.assign(person, { left_at: -Infinity, ours: person.ours || elsewhere.isFirst() }); // silent for longer than any grace
    else person.left_at ??= now();
  };
  const keep = (topic: string, some: readonly Session[]): void => void (some.length > 0 ? dialects.set(topic, [...some]) : dialects.delete(topic));
  const isHearing = (session: Session, topic: string): boolean =>
    session.dialect ? (dialects.get(topic)?.includes(session) ?? false) : session.ws.isSubscribed(topic);
  const leave = (session: Session, room_id: string): void => {
    session.joining?.delete(room_id);
    forgetRoom(session, room_id);
    const topic = roomTopic({ tenant_id: session.who.tenant_id, room_id });
    if (session.dialect) keep(topic, without(dialects.get(topic), session));
    else if (session.alive) session.ws.unsubscribe(topic);
  };
  return {
    attach: (given) => void (server ??= given),
    add(session) {
      sessions.add(session);
      const person = personOf(session.who);
      hold(person, [...sessionsIn(person), session]);
      Object.assign(person, { left_at: null, ours: true });
      elsewhere.note(session);
    },
    remove(session) {
      sessions.delete(session);
      for (const [topic, some] of session.dialect ? dialects : []) keep(topic, without(some, session));
      elsewhere.note(session);
      const person = personOf(session.who);
      hold(person, without(sessionsIn(person), session));
      if (isNowhere(person)) Object.assign(person, { left_at: now(), rooms: session.rooms });
      else if (sessionsIn(person).length === 0) person.rooms = null; // from here on they change unseen
    },
    all: () => sessions,
    size: () => sessions.size,
    sessionsOf,
    join(session, room_id) {
      const topic = roomTopic({ tenant_id: session.who.tenant_id, room_id });
      if (session.dialect) keep(topic, [...without(dialects.get(topic), session), session]);
      else session.ws.subscribe(topic);
    },
    leave,
    dialectsIn: (place) => dialects.get(roomTopic(place)) ?? [],
    drop({ tenant_id, room_id }, departure) {
      for (const session of sessionsOf({ tenant_id, user_id: departure.member.user_id })) {
        const knows = session.rooms.some((room) => room.room_id === room_id);
        if (knows && !isHearing(session, roomTopic({ tenant_id, room_id }))) send(session, departure);
        leave(session, room_id);
      }
    },
    isHeard: (place) => (server?.subscriberCount(roomTopic(place)) ?? 0) > 0 || dialects.has(roomTopic(place)),
    toRoom(place, text) {
      const topic = roomTopic(place);
      server?.publish(topic, text, false);
      const others = dialects.get(topic);
      if (!others) return;
      const frame: ServerFrame = JSON.parse(text); // once, however many hear it in other words
      for (const session of others) send(session, frame);
    },
    toUser(place, text, room_id) {
      for (const session of sessionsOf(place))
        if (session.who.room_id === undefined || room_id === null || session.who.room_id === room_id) sendText(session, text);
    },
    statusOf,
    hears: (place) => sessionsOf(place).some(hearsOwn) || elsewhere.hears(place),
    online: (tenant_id, user_ids) => user_ids.filter((user_id) => statusOf({ tenant_id, user_id }) !== "offline").length,
    touch(session) {
      const person = people.find(session.who);
      if (person) touched.add(person);
      elsewhere.note(session);
    },
    pack() {
      for (const session of sessions) session.who = anew(session.who);
      for (const [before, after] of people.pack()) if (touched.delete(before)) touched.add(after);
    },
    countElsewhere: (place) => elsewhere.socketsOf(place).length,
    async lookElsewhere(sockets_per_user) {
      const changed = await elsewhere.look();
      changed.forEach(learn);
      return [...new Set(changed.map(({ place }) => people.find(place)))].flatMap((person) => {
        if (!person || sessionsIn(person).length === 0) return [];
        const all = [...sessionsIn(person).map(idOf), ...elsewhere.socketsOf(person)].sort();
        const over = new Set(all.slice(0, Math.max(0, all.length - sockets_per_user))); // the oldest: every instance finds the same ones
        return sessionsIn(person).filter((session) => over.has(idOf(session)));
      });
    },
    leaveElsewhere: elsewhere.leave,
    changes() {
      const changed: Change[] = [];
      for (const person of touched) {
        const { tenant_id, user_id, told: before, ours } = person;
        const status = statusOf(person);
        const rooms = sessionsIn(person).at(-1)?.rooms ?? person.rooms;
        if (before !== status) changed.push({ place: { tenant_id, user_id }, before, status, seen_at: seenAt(person, status, now()), rooms, ours });
        else if (status === "offline" || !isNowhere(person)) touched.delete(person); // else in its grace: look again
        if (before === "offline" && status === "offline") people.forget(person);
      }
      return changed;
    },
    told(changes) {
      for (const { place, status } of changes) {
        const person = people.find(place);
        if (person) person.told = status;
      }
    },
  };
}

const without = (some: readonly Session[] | undefined, session: Session): Session[] => (some ?? []).filter((one) => one !== session);

function statusNow(person: Person, there: "active" | "away" | null, now: number): Status {
  const { left_at } = person;
  const sessions = sessionsIn(person);
  for (const { status } of sessions) if (status === "active") return "active";
  if (there !== null) return there;
  if (sessions.length > 0) return "away";
  return left_at === null || Math.abs(now - left_at) < GRACE_MS ? "active" : "offline"; // null: it has not been noted yet that the last one is gone
}

/** Who was on an instance that died was last here when it did, about two heartbeats ago. */
function seenAt({ left_at }: Person, status: Status, now: number): number {
  return status === "offline" && left_at !== null && left_at > 0 ? Math.min(left_at, now) : now;
}

const roomTopic = ({ tenant_id, room_id }: RoomPlace): string => `room:${tenant_id}:${room_id}`;
