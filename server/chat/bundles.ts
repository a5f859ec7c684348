/**
 * Bundles: what one transaction of many posts owes to one endpoint of one event is a single row. It is that of the first post, and its `detail.more` says
 * where the others stand: the posts of a room that one transaction stores have numbers in a row, so however many they are, the first and how many follow it
 * name them all, and that is known before anything is numbered. A busy hour costs each flush a row, and a post next to nothing.
 *
 * A bundle is taken apart when it is claimed, before anything is sent (taken-apart.ts): nobody else ever sees more than one event in a row that was tried.
 */
import { type Owed, type Stretch, upsertDeliveries } from "../../db/delivery-islands.ts";
import type { Tx } from "../../db/store.ts";
import type { Chat } from "./chat.ts";
import { type Debt, dueOf, type OwedRow, rowOf, type Telling } from "./outbox.ts";

/** Posts of one transaction to one room, in their order. They need a `seq` when it is committed. */
export type Run = { tenant_id: string; room: NonNullable<Telling["room"]>; posts: readonly Post[] };
type Post = { id: string; seq: number };

/** What is to be written with the posts, and what is to be called when that is committed. */
export type OwedRows = { rows: readonly Owed[]; committed(): void };

type Bundle = { debt: Debt; runs: Run[]; many: number };
/**
 * Till when those that come belong together; in this row, if there is one that is not due before. `ends`: of each room which of these is its last, and up
 * to what number.
 */
type Open = { until: number; row: OwedRow | null; stretches: Stretch[]; ends: Map<string, { at: number; seq: number }> };

const BUNDLED_FROM = 8;
const STRETCHES_MAX = 256;
const JOINED_MS = 200; // a look comes every 250 ms
const OPEN_MAX = 1_000;

const opens = new WeakMap<Chat, Map<string, Open>>();

/** A row that these posts were to join has been claimed: the work must be given up, and does well when it is done again. */
export class BundleTaken extends Error {
  override readonly name = "BundleTaken";
}

/** What these posts owe; null when that is nothing. Whom it concerns is asked once a room. One transaction at a time for each chat. */
export function owedFor(chat: Chat, runs: Iterable<Run>): OwedRows | null {
  const bundles = new Map<string, Bundle>();
  for (const run of runs) {
    const { tenant_id, room, posts } = run;
    for (const debt of chat.hooks.owed({ tenant_id, event: "message.created", room, subject_id: posts[0]?.id ?? "" })) {
      const bundle = bundleOf(bundles, debt);
      bundle.runs.push(run);
      bundle.many += posts.length;
    }
  }
  if (bundles.size === 0) return null;
  const known = opensOf(chat);
  const rows: OwedRow[] = [];
  const placed = [...bundles].map(([key, bundle]) => {
    const open = known.get(key);
    known.delete(key); // it comes back when this is committed
    return { key, bundle, open: place(chat, bundle, open, rows) };
  });
  const committed = (): void => {
    if (known.size > OPEN_MAX) known.clear();
    for (const { key, bundle, open } of placed) {
      if (open.row) grow(open, bundle.runs);
      known.set(key, open);
    }
  };
  return { rows, committed };
}

/** Throws BundleTaken. */
export async function writeOwed(tx: Tx, owed: OwedRows | null): Promise<void> {
  if (owed && (await upsertDeliveries(tx, owed.rows)) < owed.rows.length) throw new BundleTaken("A row of many posts is claimed");
}

function opensOf(chat: Chat): Map<string, Open> {
  const found = opens.get(chat) ?? new Map<string, Open>();
  opens.set(chat, found);
  return found;
}

/** That of the same event for the same endpoint, unless it names many rooms already. */
function bundleOf(bundles: Map<string, Bundle>, debt: Debt): Bundle {
  const key = `${debt.target_id} ${debt.event}`; // an endpoint's id is our own: of one workspace alone, and without a space
  const found = bundles.get(key);
  if (found && found.runs.length < STRETCHES_MAX) return found;
  if (found) bundles.set(`${key} ${bundles.size}`, found);
  const bundle: Bundle = { debt, runs: [], many: 0 };
  bundles.set(key, bundle);
  return bundle;
}

/**
 * Who posts after a pause is told of at the next look. Those that follow within a moment share a row, which is due when the moment is over, so that nobody
 * has claimed it while it grows: to join it touches no index.
 */
function place(chat: Chat, { debt, runs, many }: Bundle, open: Open | undefined, rows: OwedRow[]): Open {
  const now = chat.now();
  const until = now + JOINED_MS;
  const isOpen = open !== undefined && debt.after_ms === undefined && now < open.until && open.until <= until;
  if (isOpen && open.row && open.stretches.length + runs.length <= STRETCHES_MAX) {
    dueOf(chat, debt, many); // it is counted with those before
    rows.push(withMore(open.row, joined(open, runs)));
    return open;
  }
  const fresh = { until, row: null, stretches: [], ends: new Map() };
  if (!isOpen && many < BUNDLED_FROM) {
    rows.push(...runs.flatMap(({ room, posts }) => posts.map(({ id }) => rowOf(chat, { ...debt, room_id: room.id, subject_id: id }))));
    return fresh;
  }
  const row = rowOf(chat, debt, dueOf(chat, debt, many));
  if (isOpen) row.due_at = Math.max(row.due_at, until);
  rows.push(withMore(row, runs.map(stretchOf)));
  return { ...fresh, row: isOpen ? row : null };
}

const stretchOf = ({ room, posts }: Run): Stretch => [room.id, posts[0]?.id ?? "", 0, posts.length - 1];

/** The row of the first post with those after it. */
function withMore(row: OwedRow, [first, ...others]: readonly Stretch[]): OwedRow {
  if (!first) return row;
  const [room_id, first_id, from, to] = first;
  const more = from < to ? [[room_id, first_id, from + 1, to], ...others] : others;
  return more.length > 0 ? { ...row, detail: { ...row.detail, more } } : row;
}

/** What follows on what is there makes it longer, where it is numbered already; where it is not, that is seen when it is committed. */
function joined({ stretches, ends }: Open, runs: readonly Run[]): Stretch[] {
  const all = [...stretches];
  for (const run of runs) {
    const end = endBefore(ends, run);
    const last = end && all[end.at];
    if (last) all[end.at] = [last[0], last[1], last[2], last[3] + run.posts.length];
    else all.push(stretchOf(run));
  }
  return all;
}

function grow(open: Open, runs: readonly Run[]): void {
  const stretches = joined(open, runs);
  let fresh = open.stretches.length;
  for (const run of runs) {
    const at = endBefore(open.ends, run)?.at ?? fresh++;
    open.ends.set(run.room.id, { at, seq: (run.posts[0]?.seq ?? 0) + run.posts.length - 1 });
  }
  open.stretches = stretches;
}

/** Where these posts follow on others of their room without a gap. */
function endBefore(ends: Open["ends"], { room, posts }: Run): { at: number; seq: number } | undefined {
  const end = ends.get(room.id);
  return end && end.seq + 1 === posts[0]?.seq ? end : undefined;
}
