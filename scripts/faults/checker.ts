/**
 * Judges a run: pure, over the history and what the store holds in the end. A post without a reply may be stored once or not at all, never
 * twice; a post with a reply is there, once, where the reply said; every hearer holds what is stored, in the order of revs.
 */
import type { Event, Heard } from "./history.ts";

export type Verdict = "lost" | "duplicate" | "hole" | "order-differs" | "silent-skip" | "went-back" | "phantom" | "reply-changed";
export type Finding = { verdict: Verdict; room_id: string; what: string };

/** The rows of each room by seq, as they are in the end; and what each hearer holds after its last resume. */
export type Final = { rooms: ReadonlyMap<string, readonly Heard[]>; held: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<number, Heard>>> };

export function check(events: readonly Event[], { rooms, held }: Final): Finding[] {
  return [...rooms].flatMap(([room_id, rows]) => {
    const ours = events.filter((event) => "room_id" in event && event.room_id === room_id);
    return [
      ...checkStore(room_id, rows),
      ...checkReplies(room_id, ours, rows),
      ...checkHearing(room_id, ours, rows),
      ...checkHeld(room_id, held, rows),
    ];
  });
}

/** The store by itself: 1..n, and one row per sender and client_id. */
function checkStore(room_id: string, rows: readonly Heard[]): Finding[] {
  const findings: Finding[] = [];
  const keys = new Set<string>();
  rows.forEach((row, i) => {
    if (row.seq !== i + 1) findings.push({ verdict: "hole", room_id, what: `seq ${row.seq} stands at place ${i + 1}` });
    const key = `${row.sender_id} ${row.client_id}`;
    if (keys.has(key)) findings.push({ verdict: "duplicate", room_id, what: `${key} at seq ${row.seq}` });
    keys.add(key);
  });
  return findings.slice(0, 50);
}

/** Each reply: its row is there, where it said, and every retry was told the same. */
function checkReplies(room_id: string, events: readonly Event[], rows: readonly Heard[]): Finding[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const told = new Map<string, string>();
  return events.flatMap((event): Finding[] => {
    if (event.op !== "stored") return [];
    const key = `${event.user_id} ${event.client_id}`;
    const reply = `${event.id} ${event.seq}`;
    const before = told.get(key) ?? reply;
    told.set(key, reply);
    const row = byId.get(event.id);
    if (!row) return [{ verdict: "lost", room_id, what: `${key} was told seq ${event.seq}` }];
    if (before !== reply) return [{ verdict: "reply-changed", room_id, what: `${key}: ${before}, then ${reply}` }];
    const same = row.seq === event.seq && row.client_id === event.client_id && row.sender_id === event.user_id;
    return same ? [] : [{ verdict: "reply-changed", room_id, what: `${key} was told ${reply}, stored at ${row.seq}` }];
  });
}

/** Each row that was heard: it is stored, at that seq, and no session heard news of a room out of the order of revs. */
function checkHearing(room_id: string, events: readonly Event[], rows: readonly Heard[]): Finding[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const newest = new Map<string, number>();
  const known = new Set<string>();
  return events.flatMap((event): Finding[] => {
    if (event.op !== "heard") return [];
    const { row, hearer, session } = event;
    const stored = byId.get(row.id);
    if (!stored) return [{ verdict: "phantom", room_id, what: `${hearer} heard ${row.id} at seq ${row.seq}` }];
    if (stored.seq !== row.seq)
      return [{ verdict: "order-differs", room_id, what: `${hearer} heard ${row.id} at ${row.seq}, stored at ${stored.seq}` }];
    const stream = `${hearer} ${session}`;
    const before = newest.get(stream) ?? 0;
    const again = known.has(`${stream} ${row.rev}`);
    known.add(`${stream} ${row.rev}`);
    newest.set(stream, Math.max(before, row.rev));
    return row.rev < before && !again ? [{ verdict: "went-back", room_id, what: `${stream}: rev ${row.rev} after ${before}` }] : [];
  });
}

/** In the end every hearer holds every row as it is. */
function checkHeld(room_id: string, held: Final["held"], rows: readonly Heard[]): Finding[] {
  return [...held].flatMap(([hearer, rooms]) => {
    const theirs = rooms.get(room_id) ?? new Map<number, Heard>();
    const missed = rows.filter((row) => JSON.stringify(theirs.get(row.seq)) !== JSON.stringify(row));
    return missed.slice(0, 5).map(({ seq, rev }): Finding => {
      const has = theirs.get(seq);
      return { verdict: "silent-skip", room_id, what: `${hearer} holds ${has ? `rev ${has.rev}` : "nothing"} of seq ${seq}, stored at rev ${rev}` };
    });
  });
}
