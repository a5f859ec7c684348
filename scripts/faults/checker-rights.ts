/** The part of the checker that judges rights and acks: who heard what was not theirs, or no longer, and whether an ack was kept. */
import type { Final, Finding } from "./checker.ts";
import type { Event } from "./history.ts";

const ENDS_WITHIN_MS = 2_000; // promise 6: who loses the right loses the stream, on every instance, within two seconds

export function checkRights(events: readonly Event[], final: Final): Finding[] {
  return [...checkTenants(events, final), ...checkStreams(events), ...checkAcks(events, final)];
}

function checkTenants(events: readonly Event[], { foreign }: Final): Finding[] {
  return events.flatMap((event): Finding[] => {
    if (event.op !== "heard" || !foreign.get(event.hearer)?.has(event.room_id)) return [];
    return [{ verdict: "leak-tenant", room_id: event.room_id, what: `${event.hearer} heard seq ${event.row.seq} of another tenant` }];
  });
}

/**
 * A row may be heard by who is in the room. Not past the rev of one's own leaving, as the session itself heard it; not in a session opened after
 * one was told to be out; and in any other case not two seconds after that, or after the sign-in has ended.
 */
function checkStreams(events: readonly Event[]): Finding[] {
  const opened = new Map<string, number>();
  const revoked = new Map<string, number>();
  const leftRevs = new Map<string, number>();
  const leftAt = new Map<string, number>();
  return events.flatMap((event): Finding[] => {
    if (event.op === "join") leftAt.delete(`${event.hearer} ${event.room_id}`);
    if (event.op === "leave") leftAt.set(`${event.hearer} ${event.room_id}`, event.t);
    if (event.op === "open") opened.set(streamOf(event), event.t);
    if (event.op === "revoke") revoked.set(streamOf(event), event.t);
    if (event.op === "own" && event.left) leftRevs.set(`${streamOf(event)} ${event.room_id}`, event.rev);
    if (event.op === "own" && !event.left) leftRevs.delete(`${streamOf(event)} ${event.room_id}`);
    if (event.op !== "heard") return [];
    const { room_id, row, t } = event;
    const stream = streamOf(event);
    const left_rev = leftRevs.get(`${stream} ${room_id}`) ?? Infinity;
    const left_at = leftAt.get(`${event.hearer} ${room_id}`) ?? Infinity;
    if (row.rev > left_rev) return [{ verdict: "leak-nonmember", room_id, what: `${stream} left at rev ${left_rev} and heard rev ${row.rev}` }];
    if ((opened.get(stream) ?? 0) > left_at)
      return [{ verdict: "leak-nonmember", room_id, what: `${stream} was opened after leaving and heard seq ${row.seq}` }];
    const ended_at = Math.min(left_at, revoked.get(stream) ?? Infinity);
    if (t <= ended_at + ENDS_WITHIN_MS) return [];
    return [
      { verdict: "late-after-revoke", room_id, what: `${stream} heard seq ${row.seq} ${Math.round(t - ended_at)} ms after the right had ended` },
    ];
  });
}

/** An ack that was taken is kept, and none is above the room's last seq. */
function checkAcks(events: readonly Event[], { rooms, acked }: Final): Finding[] {
  const taken = events.flatMap((event): Finding[] => {
    if (event.op !== "ack" || !event.taken) return [];
    const { hearer, room_id, seq } = event;
    const rows = rooms.get(room_id);
    if (rows && seq > rows.length) return [{ verdict: "over-ack", room_id, what: `${hearer} acked ${seq} of ${rows.length}` }];
    const kept = acked.get(hearer)?.get(room_id);
    if (kept === undefined || kept >= seq) return [];
    return [{ verdict: "stale-ack", room_id, what: `${hearer} acked ${seq}, ${kept} is kept` }];
  });
  const stored = [...acked].flatMap(([hearer, byRoom]) =>
    [...byRoom].flatMap(([room_id, seq]): Finding[] => {
      const last = rooms.get(room_id)?.length ?? 0;
      return seq > last ? [{ verdict: "over-ack", room_id, what: `${hearer} is said to have ${seq} of ${last}` }] : [];
    }),
  );
  return [...taken, ...stored];
}

const streamOf = ({ hearer, session }: { hearer: string; session: number }): string => `${hearer} ${session}`;
