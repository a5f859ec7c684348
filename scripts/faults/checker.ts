/**
 * Judges a run: pure, over the history and what the store holds in the end. A post without a reply may be stored once or not at all, never
 * twice; a post with a reply is there, once, where the reply said, with the bytes that were sent; every hearer holds what is stored, in the
 * order of revs, and nobody hears what is not theirs (checker-rights.ts).
 */
import { checkRights } from "./checker-rights.ts";
import type { Event, Heard } from "./history.ts";

export const verdicts = [
  "lost",
  "duplicate",
  "hole",
  "order-differs",
  "silent-skip",
  "went-back",
  "phantom",
  "reply-changed",
  "leak-tenant",
  "leak-nonmember",
  "late-after-revoke",
  "stale-ack",
  "over-ack",
] as const;
export type Verdict = (typeof verdicts)[number];
export type Finding = { verdict: Verdict; room_id: string; what: string };

export type Final = {
  /** The rows of each room in the order of their seq. */
  rooms: ReadonlyMap<string, readonly Heard[]>;
  /** What each hearer who stayed holds after a last resume: by hearer, room and seq. */
  held: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<number, Heard>>>;
  /** `acked_seq` by hearer and room. */
  acked: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** The rooms of other tenants, by hearer. */
  foreign: ReadonlyMap<string, ReadonlySet<string>>;
};

export function check(events: readonly Event[], final: Final): Finding[] {
  const byRoom = Map.groupBy(events, (event) => ("room_id" in event ? event.room_id : ""));
  const inRooms = [...final.rooms].flatMap(([room_id, rows]) => {
    const ours = byRoom.get(room_id) ?? [];
    return [
      ...checkStore(room_id, rows),
      ...checkReplies(room_id, ours, rows),
      ...checkHearing(room_id, ours, rows),
      ...checkHeld(room_id, final.held, rows),
    ];
  });
  return [...inRooms, ...checkRights(events, final)];
}

/** The store by itself: 1..n, and one row per sender and client_id. */
function checkStore(room_id: string, rows: readonly Heard[]): Finding[] {
  const findings: Finding[] = [];
  const keys = new Set<string>();
  rows.forEach((row, i) => {
    if (row.seq !== i + 1) findings.push({ verdict: "hole", room_id, what: `seq ${row.seq} stands at place ${i + 1}` });
    const key = keyOf(row.sender_id, row.client_id);
    if (keys.has(key)) findings.push({ verdict: "duplicate", room_id, what: `${key} at seq ${row.seq}` });
    keys.add(key);
  });
  return findings.slice(0, 50);
}

/** Each reply: its row is there, where it said, with what was posted, and every retry was told the same. What was refused is not there. */
function checkReplies(room_id: string, events: readonly Event[], rows: readonly Heard[]): Finding[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byKey = new Map(rows.map((row) => [keyOf(row.sender_id, row.client_id), row]));
  const posted = new Map<string, string>();
  const told = new Map<string, string>();
  return events.flatMap((event): Finding[] => {
    if (event.op === "post") posted.set(keyOf(event.user_id, event.client_id), event.content);
    if (event.op !== "stored" && event.op !== "refused") return [];
    const key = keyOf(event.user_id, event.client_id);
    const changed = (what: string): Finding[] => [{ verdict: "reply-changed", room_id, what: `${key}: ${what}` }];
    if (event.op === "refused") return byKey.has(key) ? changed(`refused (${event.code}), and stored`) : [];
    const reply = `${event.id} at ${event.seq}`;
    const before = told.get(key) ?? reply;
    told.set(key, reply);
    const row = byId.get(event.id);
    if (!row) return [{ verdict: "lost", room_id, what: `${key} was told seq ${event.seq}` }];
    if (before !== reply) return changed(`told ${before}, then ${reply}`);
    if (row.seq !== event.seq || keyOf(row.sender_id, row.client_id) !== key) return changed(`told ${reply}, stored at ${row.seq}`);
    const sent = posted.get(key);
    return sent === undefined || row.edited || row.removed || row.content === sent ? [] : changed("other bytes are stored than were posted");
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
    if (row.rev > stored.rev || (row.rev === stored.rev && !isSame(row, stored)))
      return [{ verdict: "phantom", room_id, what: `${hearer} heard rev ${row.rev} of seq ${row.seq}, which is not what is stored` }];
    const stream = `${hearer} ${session}`;
    const before = newest.get(stream) ?? 0;
    const again = known.has(`${stream} ${row.rev}`);
    known.add(`${stream} ${row.rev}`);
    newest.set(stream, Math.max(before, row.rev));
    return row.rev < before && !again ? [{ verdict: "went-back", room_id, what: `${stream}: rev ${row.rev} after ${before}` }] : [];
  });
}

/** In the end every hearer who stayed holds every row as it is. */
function checkHeld(room_id: string, held: Final["held"], rows: readonly Heard[]): Finding[] {
  return [...held].flatMap(([hearer, rooms]) => {
    const theirs = rooms.get(room_id);
    if (!theirs) return []; // is not in this room
    const missed = rows.filter((row) => !isSame(theirs.get(row.seq), row));
    return missed.slice(0, 5).map(({ seq, rev }): Finding => {
      const has = theirs.get(seq);
      return { verdict: "silent-skip", room_id, what: `${hearer} holds ${has ? `rev ${has.rev}` : "nothing"} of seq ${seq}, stored at rev ${rev}` };
    });
  });
}

const keyOf = (user_id: string, client_id: string): string => JSON.stringify([user_id, client_id]);
const isSame = (one: Heard | undefined, other: Heard): boolean => Bun.deepEquals(one, other, true);
