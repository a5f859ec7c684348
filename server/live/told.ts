/**
 * What this instance tells the others of its sockets: one row each, written about once a second, all changes since the last time in one transaction
 * that raises the instance's `rev` with them, so whoever has seen rev N has seen every change up to N. Without a change a beat says that it lives.
 */
import { and, eq, isNotNull, lte, sql } from "drizzle-orm";
import type { Store, Tx } from "../../db/store.ts";
import { hearsOwn, idOf, type Session } from "./session.ts";

/** `id` is this process's own among all that ever were; `name` is what its operator calls it. */
export type Self = { store: Store; id: string; name: string | null; now: () => number };

export type Told = {
  /** This socket has come, gone, changed its status or begun to hear. */
  note(session: Session): void;
  say(): Promise<void>;
  /** Takes back everything: this instance has no sockets and will have none. */
  leave(): Promise<void>;
};

export const HEARTBEAT_MS = 3_000;
const CLOSED_KEPT_MS = 60_000; // who has not looked for so long reads everything anew
const WRITTEN_AT_ONCE = 500;

export function createTold({ store, id, name, now }: Self): Told {
  const { instances, ws_sessions } = store.t;
  const stored = new Map<string, Session>();
  let unsaid = new Map<string, Session>();
  let rev = 0;
  let floor_rev = 0;
  let next_floor = { rev: 0, at: now() };
  let said_at = -Infinity;

  const beat = async (tx: Tx, changed: readonly Session[], next_rev: number): Promise<void> => {
    const floor = Math.abs(now() - next_floor.at) >= CLOSED_KEPT_MS ? next_floor.rev : floor_rev;
    const found = await tx
      .update(instances)
      .set({ beat: sql`${instances.beat} + 1`, rev: next_rev, floor_rev: floor, seen_at: now() })
      .where(eq(instances.id, id))
      .returning({ id: instances.id });
    if (found.length === 0) {
      await tx.insert(instances).values({ id, name, beat: 1, rev: next_rev, floor_rev: floor, seen_at: now(), created_at: now() });
      await upsert(tx, [...stored.values()], next_rev); // it was away so long that it has been forgotten
    }
    await upsert(tx, changed, next_rev);
    if (floor > floor_rev) await tx.delete(ws_sessions).where(and(ours, isNotNull(ws_sessions.closed_at), lte(ws_sessions.rev, floor)));
  };

  const upsert = async (tx: Tx, sessions: readonly Session[], at_rev: number): Promise<void> => {
    for (let from = 0; from < sessions.length; from += WRITTEN_AT_ONCE) {
      await tx
        .insert(ws_sessions)
        .values(sessions.slice(from, from + WRITTEN_AT_ONCE).map((session) => rowOf(session, id, at_rev, now())))
        .onConflictDoUpdate({ target: [ws_sessions.tenant_id, ws_sessions.id], set: newer });
    }
  };
  const ours = eq(ws_sessions.instance_id, id);

  return {
    note: (session) => void unsaid.set(idOf(session), session),
    async say() {
      const changed = [...unsaid.values()].filter((session) => session.alive || stored.has(idOf(session)));
      if (changed.length === 0 && Math.abs(now() - said_at) < HEARTBEAT_MS) return;
      unsaid = new Map(); // what is noted from here on goes with the next
      if (changed.length > 0) rev += 1; // also when this fails: it may yet have been stored
      const [next_rev, begun_at] = [rev, now()];
      try {
        await store.write((tx) => beat(tx, changed, next_rev));
      } catch (fault) {
        for (const session of changed) unsaid.set(idOf(session), session);
        throw fault;
      }
      said_at = begun_at;
      for (const session of changed) {
        if (session.alive) stored.set(idOf(session), session);
        else stored.delete(idOf(session));
      }
      if (Math.abs(begun_at - next_floor.at) < CLOSED_KEPT_MS) return;
      floor_rev = next_floor.rev;
      next_floor = { rev: next_rev, at: begun_at };
    },
    async leave() {
      await store.write(async (tx) => {
        await tx.delete(ws_sessions).where(ours);
        await tx.delete(instances).where(eq(instances.id, id));
      });
    },
  };
}

const rowOf = (session: Session, instance_id: string, rev: number, now: number) => ({
  tenant_id: session.who.tenant_id,
  id: idOf(session),
  user_id: session.who.user_id,
  instance_id,
  status: session.status,
  hears: hearsOwn(session),
  rev,
  last_seen_at: session.seen_at,
  closed_at: session.alive ? null : now,
  created_at: session.opened_at,
  updated_at: now,
});

const newer = {
  status: sql`excluded.status`,
  hears: sql`excluded.hears`,
  rev: sql`excluded.rev`,
  last_seen_at: sql`excluded.last_seen_at`,
  closed_at: sql`excluded.closed_at`,
  updated_at: sql`excluded.updated_at`,
};
