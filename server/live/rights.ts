/**
 * Who loses the right loses the stream (promise 6). At a bell for a user or key, and every second for those whose rev has risen or whose key or
 * token has run out, the rights of the sockets here that hang on them are read again: sockets whose sign-in or key has ended or whose user is
 * disabled are closed, rooms lost are left, rooms gained are joined, and a changed role or level is told.
 */
import { gt } from "drizzle-orm";
import type { Chat, UserBell } from "../chat/chat.ts";
import { touchFamilies } from "../chat/families.ts";
import { knownTenants } from "../chat/known-tenants.ts";
import { departureOf, memberOf } from "../chat/members.ts";
import { isKeyUser, keyBehind, signInOf } from "../chat/principal.ts";
import { Refusal } from "../chat/refusal.ts";
import { renewed } from "../chat/renewed.ts";
import { roomsOf } from "../chat/rooms.ts";
import { standingsOf } from "../chat/standing.ts";
import { type Room } from "../protocol.ts";
import { closes } from "../protocol/closes.ts";
import type { JoinOptions, Joins } from "./join.ts";
import { createKeyRights } from "./keys.ts";
import type { KnownRoom } from "./known.ts";
import type { Roster } from "./roster.ts";
import { forgetRoom, keyOf, send, type Session } from "./session.ts";
import { userOf } from "./user.ts";

export type Rights = {
  heard(place: UserBell): void;
  /** Asks once more for a socket that bells find from now on: one that rang since its upgrade was allowed has found nobody. */
  admit(session: Session): Promise<void>;
  /** Finds what no bell told. Throws when the store cannot be asked. */
  look(): Promise<void>;
  /** An open socket is use of its sign-in, and no use prolongs a sign-in for ever. */
  touch(): Promise<void>;
};

const LOOK_BACK_MS = 60_000; // clocks of instances differ; a commit may take a while to show
const ASKED_AT_ONCE = 500;

export type RightsOptions = Pick<JoinOptions, "rooms_per_socket" | "known"> & {
  end: (session: Session, code: number) => void;
  /** Somebody has changed: their name, or a right of theirs. */
  changed: () => void;
};

export function createRights(chat: Chat, roster: Roster, joins: Joins, options: RightsOptions): Rights {
  const { rooms_per_socket, known, end } = options;
  const reading = new Map<string, { again: boolean; done: Promise<void> }>();
  const standings = standingsOf(chat);
  const tenants = knownTenants(chat);
  const keys = createKeyRights(chat, roster, end);
  let revs = new Map<string, number>(); // of those who changed lately
  let looked_at = chat.now();

  /** One at a time per user. Resolves when what was asked for has been read, whoever reads it. */
  const reread = (place: UserBell): Promise<void> => {
    const running = reading.get(keyOf(place));
    if (running) {
      running.again = true;
      return running.done;
    }
    const state = { again: true, done: Promise.resolve() };
    reading.set(keyOf(place), state);
    state.done = rereadAll(place, state);
    return state.done;
  };

  const rereadAll = async (place: UserBell, state: { again: boolean }): Promise<void> => {
    try {
      while (state.again) {
        state.again = false;
        for (const session of roster.sessionsOf(place)) await rereadSession(session);
      }
    } catch (fault) {
      revs.delete(keyOf(place)); // the next look asks again
      chat.log.error("rights.read", fault, { user_id: place.user_id });
    } finally {
      reading.delete(keyOf(place));
    }
  };

  const renew = async (session: Session): Promise<void> => {
    const who = await renewed(chat, session.who);
    if (!who) {
      const user = await userOf(chat, session.who);
      const isOpen = user?.disabled_at === undefined && !isClosed(session.who.tenant_id);
      return end(session, isOpen ? keys.codeOf(keyBehind(session.who)) : closes.disabled);
    }
    session.who = known.who(who);
  };

  const isClosed = (tenant_id: string): boolean => (tenants.get(tenant_id)?.disabled_at ?? null) !== null;

  /** Of a tenant that is closed nobody stays, nor a page that it has struck off its list: at once, and without asking for each of its people. */
  tenants.listen((changed) => {
    const by_id = new Map(changed.map((tenant) => [tenant.id, tenant]));
    for (const session of [...roster.all()]) {
      const tenant = by_id.get(session.who.tenant_id);
      if (!tenant) continue;
      if (tenant.disabled_at !== null) end(session, closes.disabled);
      else if (session.page !== null && !tenant.config.allowed_origins?.includes(session.page)) end(session, closes.revoked);
    }
  });

  const rereadSession = async (session: Session): Promise<void> => {
    await renew(session);
    if (!session.alive) return;
    const rooms = new Map((await roomsOf(chat, session.who)).slice(0, rooms_per_socket).map((room) => [room.id, room]));
    if (!session.alive) return;
    for (const { room_id } of session.rooms) if (!rooms.has(room_id)) await putOut(session, room_id);
    const before = new Map(session.rooms.map((known) => [known.room_id, known]));
    for (const room of rooms.values()) compare(session, room, before.get(room.id));
  };

  /** The room's own stream tells it too, in its place; here it is found before that. */
  const putOut = async (session: Session, room_id: string): Promise<void> => {
    roster.leave(session, room_id);
    const row = await departureOf(chat, session.who, room_id);
    if (row) send(session, row);
  };

  const compare = (session: Session, room: Room, before: KnownRoom | undefined): void => {
    const now = known.room(room);
    if (now !== before) session.rooms = before ? session.rooms.map((one) => (one === before ? now : one)) : [...session.rooms, now];
    if (!before) session.greeted?.set(room.id, room.last_rev); // told of before its first sync, as in the greeting
    if (before?.me === now.me) return;
    send(session, { type: "room", room });
    if (!before && session.synced) void gain(session, room.id); // at the pace of who reads it: nobody else's rights wait for that
  };

  const gain = async (session: Session, room_id: string): Promise<void> => {
    try {
      const { member } = await memberOf(chat, session.who, room_id);
      await joins.gain(session, room_id, member.rev);
    } catch (fault) {
      revs.delete(keyOf(session.who));
      if (fault instanceof Refusal) return void reread(session.who); // it has been told of a room that is lost again
      forgetRoom(session, room_id); // not gained yet: the next look finds it again
      chat.log.error("rights.gain", fault, { user_id: session.who.user_id });
    }
  };

  const look = async (): Promise<void> => {
    await tenants.look();
    const { users } = chat.store.t;
    const now = chat.now();
    const since = Math.min(looked_at, now) - LOOK_BACK_MS; // `now` is the earlier when the clock was set back
    const rows = await chat.store.read
      .select({ tenant_id: users.tenant_id, user_id: users.id, rev: users.rev })
      .from(users)
      .where(gt(users.changed_at, since));
    looked_at = now; // only now: what was changed while nobody could ask is asked for when they can
    const before = revs;
    revs = new Map(rows.map((row) => [keyOf(row), row.rev]));
    for (const place of rows) {
      if ((before.get(keyOf(place)) ?? 0) >= place.rev) continue;
      standings.forget(place);
      options.changed();
      if (roster.sessionsOf(place).length > 0) await reread(place);
    }
    await keys.look(since);
  };

  const touch = async (): Promise<void> => {
    for (const [tenant_id, sessions] of Map.groupBy(roster.all(), ({ who }) => who.tenant_id)) {
      const all = [...new Set(sessions.flatMap(({ who }) => signInOf(who) ?? []))];
      for (let from = 0; from < all.length; from += ASKED_AT_ONCE) {
        for (const place of await touchFamilies(chat, tenant_id, all.slice(from, from + ASKED_AT_ONCE))) await reread(place);
      }
    }
  };

  const keyHeard = (place: UserBell): void => void keys.heard(place).catch((fault: unknown) => chat.log.error("rights.key", fault)); // the look finds it

  const heard = (place: UserBell): void => {
    if (isKeyUser(place.user_id)) return keyHeard(place);
    options.changed();
    void reread(place);
  };

  return { heard, admit: renew, look, touch };
}
