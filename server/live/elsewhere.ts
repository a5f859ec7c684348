/**
 * The sockets of the other instances, as they tell of them (told.ts): kept here so that who is present can be answered without a question to the
 * database. Each look asks for the instances, a handful of rows, and reads what has changed at those whose `rev` has risen.
 *
 * An instance whose beat has not risen for two heartbeats is dead, and its sockets with it. Only this clock is asked, never the other's; while the
 * database does not answer, nobody is judged. One that comes back is read from the beginning.
 */
import { and, eq, gt } from "drizzle-orm";
import type { UserBell } from "../chat/chat.ts";
import { keyOf, type Session } from "./session.ts";
import { createTold, HEARTBEAT_MS, type Self } from "./told.ts";

export type Elsewhere = {
  /** A socket of this instance has come, gone or changed its status. */
  note(session: Session): void;
  /** The best status of this user at the other instances; null: has no socket there. */
  statusOf(place: UserBell): "active" | "away" | null;
  /** Whether one of their sockets there is told what is told to them alone. */
  hears(place: UserBell): boolean;
  /** The user's sockets there. Ids of sockets sort by the time at which they were opened, wherever that was. */
  socketsOf(place: UserBell): readonly string[];
  /** Among those that live, the one that speaks for who cannot speak any more. */
  isFirst(): boolean;
  /** Tells what has changed here and reads what has changed there; gives whose sockets have changed. `died`: their instance has. */
  look(): Promise<Changed[]>;
  leave(): Promise<void>;
};
export type Changed = { place: UserBell; died: boolean };

/** Where there is one process. */
export const nowhere: Elsewhere = {
  note: () => {},
  statusOf: () => null,
  hears: () => false,
  socketsOf: () => [],
  isFirst: () => true,
  look: async () => [],
  leave: async () => {},
};

type Status = "active" | "away";
type Socket = { status: Status; hears: boolean };
type Instance = { beat: number; beaten_at: number; rev: number; sockets: Map<string, UserBell>; dead: boolean };
type InstanceRow = { id: string; beat: number; rev: number; floor_rev: number };

const DEAD_MS = 2 * HEARTBEAT_MS;

export function createElsewhere(self: Self): Elsewhere {
  const { store, now } = self;
  const { instances, ws_sessions } = store.t;
  const told = createTold(self);
  const others = new Map<string, Instance>();
  const people = new Map<string, Map<string, Socket>>();
  let looked_at = now();

  const put = (place: UserBell, id: string, socket: Socket): void => {
    const sockets = people.get(keyOf(place)) ?? new Map<string, Socket>();
    people.set(keyOf(place), sockets.set(id, socket));
  };
  const take = (place: UserBell, socket: string): void => {
    const sockets = people.get(keyOf(place));
    sockets?.delete(socket);
    if (sockets?.size === 0) people.delete(keyOf(place));
  };
  /** Forgets its sockets; gives whose they were. */
  const empty = (instance: Instance, died: boolean): Changed[] => {
    const gone = [...instance.sockets];
    for (const [socket, place] of gone) take(place, socket);
    instance.sockets.clear();
    instance.rev = 0;
    return gone.map(([, place]) => ({ place, died }));
  };

  /** What has changed there since it was last read: no more than the sockets that one process can hold. */
  const read = async ({ id, rev, floor_rev }: InstanceRow, known: Instance): Promise<Changed[]> => {
    const forgotten = floor_rev > known.rev ? empty(known, false) : []; // rows of closed ones have been deleted unread
    const { tenant_id, user_id, status, hears, closed_at } = ws_sessions;
    const rows = await store.read
      .select({ tenant_id, user_id, id: ws_sessions.id, status, hears, closed_at, rev: ws_sessions.rev })
      .from(ws_sessions)
      .where(and(eq(ws_sessions.instance_id, id), gt(ws_sessions.rev, known.rev)));
    for (const row of rows) {
      const place = { tenant_id: row.tenant_id, user_id: row.user_id };
      if (row.closed_at === null) {
        known.sockets.set(row.id, place);
        put(place, row.id, { status: row.status, hears: row.hears === true });
      } else {
        known.sockets.delete(row.id);
        take(place, row.id);
      }
    }
    known.rev = rows.reduce((newest, row) => Math.max(newest, row.rev), rev);
    return [...forgotten, ...rows.map((row) => ({ place: { tenant_id: row.tenant_id, user_id: row.user_id }, died: false }))];
  };

  const lookAt = async (row: InstanceRow): Promise<Changed[]> => {
    const known = others.get(row.id) ?? { beat: row.beat, beaten_at: now(), rev: 0, sockets: new Map<string, UserBell>(), dead: false };
    others.set(row.id, known);
    if (row.beat !== known.beat) Object.assign(known, { beat: row.beat, beaten_at: now(), dead: false });
    if (known.dead) return [];
    known.dead = now() - known.beaten_at >= DEAD_MS;
    if (known.dead) return empty(known, true);
    return row.rev > known.rev ? await read(row, known) : [];
  };

  return {
    note: told.note,
    statusOf(place) {
      const sockets = people.get(keyOf(place));
      if (!sockets) return null;
      return [...sockets.values()].some(({ status }) => status === "active") ? "active" : "away";
    },
    hears: (place) => [...(people.get(keyOf(place))?.values() ?? [])].some(({ hears }) => hears),
    socketsOf: (place) => [...(people.get(keyOf(place))?.keys() ?? [])],
    isFirst: () => [...others].every(([id, { dead }]) => dead || self.id < id),
    async look() {
      await told.say();
      const { id, beat, rev, floor_rev } = instances;
      const rows = await store.read.select({ id, beat, rev, floor_rev }).from(instances);
      if (Math.abs(now() - looked_at) >= HEARTBEAT_MS) for (const known of others.values()) known.beaten_at = now(); // we were away, or our clock jumped
      looked_at = now();
      const changed: Changed[] = [];
      for (const row of rows) if (row.id !== self.id) changed.push(...(await lookAt(row)));
      const there = new Set(rows.map((row) => row.id));
      for (const [left, known] of others) {
        if (there.has(left)) continue;
        changed.push(...empty(known, false));
        others.delete(left);
      }
      return changed;
    },
    leave: told.leave,
  };
}
