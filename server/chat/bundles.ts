/**
 * Bundles: what one transaction of many posts owes to one endpoint of one event is a single row. It is that of the first post, and its `detail.more` says
 * where the others stand: the posts of a room that one transaction stores have numbers in a row, so however many they are, two numbers name them. A busy
 * hour costs each flush a row, and a post next to nothing.
 *
 * A bundle is taken apart when it is claimed, before anything is sent (taken-apart.ts): nobody else ever sees more than one event in a row that was tried.
 */
import { type Stretch, upsertDeliveries } from "../../db/delivery-islands.ts";
import type { CountedRoom } from "../../db/islands.ts";
import type { Tx } from "../../db/store.ts";
import type { Chat } from "./chat.ts";
import { type Debt, dueOf, type OwedRow, rowOf } from "./outbox.ts";
import { cutAt, joined } from "./stretches.ts";
import type { MessageRow } from "./views.ts";

type Post = Pick<MessageRow, "tenant_id" | "id" | "room_id" | "seq" | "rev">;
type Bundle = { debt: Debt; stretches: Stretch[]; many: number };
/** Till when those that come belong together; in this row, if there is one that is not due before. */
type Open = { until: number; row: OwedRow | null; stretches: readonly Stretch[] };

const BUNDLED_FROM = 8;
const STRETCHES_MAX = 256;
const JOINED_MS = 200; // a look comes every 250 ms
const OPEN_MAX = 1_000;

const opens = new WeakMap<Chat, Map<string, Open>>();

/** A row that these posts were to join has been claimed: the work must be given up, and does well when it is done again. */
export class BundleTaken extends Error {
  override readonly name = "BundleTaken";
}

/**
 * Writes down what is owed of these posts, which stand in the order in which this transaction has numbered them. Whom it concerns is asked once a room.
 * Gives what is to be called when it is committed. Throws BundleTaken. One at a time for each chat.
 */
export async function owePosts(chat: Chat, tx: Tx, posts: readonly Post[], rooms: ReadonlyMap<string, CountedRoom>): Promise<() => void> {
  const bundles = new Map<string, Bundle>();
  for (const { first, last } of runsIn(posts)) {
    const { tenant_id, room_id, id, seq, rev } = first;
    const room = rooms.get(room_id);
    const debts = room ? chat.hooks.owed({ tenant_id, event: "message.created", room, subject_id: id, detail: { rev } }) : [];
    for (const debt of debts) {
      const bundle = bundleOf(bundles, debt);
      bundle.stretches.push([room_id, seq, last]);
      bundle.many += last - seq + 1;
    }
  }
  if (bundles.size === 0) return nothing;
  const known = opensOf(chat);
  const written: OwedRow[] = [];
  const opened = [...bundles].map(([key, bundle]): [string, Open] => {
    const open = known.get(key);
    known.delete(key); // it comes back when this is committed
    return [key, place(chat, bundle, open, posts, written)];
  });
  if ((await upsertDeliveries(tx, written)) < written.length) throw new BundleTaken("A row of many posts is claimed");
  return () => {
    if (known.size > OPEN_MAX) known.clear();
    for (const [key, open] of opened) known.set(key, open);
  };
}

const nothing = (): void => {};

function opensOf(chat: Chat): Map<string, Open> {
  const found = opens.get(chat) ?? new Map<string, Open>();
  opens.set(chat, found);
  return found;
}

/**
 * Who posts after a pause is told of at the next look. Those that follow within a moment share a row, which is due when the moment is over, so that nobody
 * has claimed it while it grows: to join it touches no index.
 */
function place(chat: Chat, bundle: Bundle, open: Open | undefined, posts: readonly Post[], written: OwedRow[]): Open {
  const { debt, stretches, many } = bundle;
  const now = chat.now();
  const until = now + JOINED_MS;
  const isOpen = open !== undefined && debt.after_ms === undefined && now < open.until && open.until <= until;
  if (isOpen && open.row) {
    const all = joined(open.stretches, stretches);
    if (all.length <= STRETCHES_MAX) {
      dueOf(chat, debt, many); // it is counted with those before
      written.push(withMore(open.row, all));
      return { ...open, stretches: all };
    }
  }
  if (!isOpen && many < BUNDLED_FROM) {
    written.push(...apart(chat, bundle, posts));
    return { until, row: null, stretches: [] };
  }
  const row = rowOf(chat, debt, dueOf(chat, debt, many));
  if (isOpen) row.due_at = Math.max(row.due_at, until);
  written.push(withMore(row, stretches));
  return { until, row: isOpen ? row : null, stretches };
}

/** The row of the first post with those after it. */
function withMore(row: OwedRow, stretches: readonly Stretch[]): OwedRow {
  const more = cutAt(stretches, 1)[1];
  return more.length > 0 ? { ...row, detail: { ...row.detail, more } } : row;
}

/** Of each room the first post, and the number of the last. */
function runsIn(posts: readonly Post[]): Iterable<{ first: Post; last: number }> {
  const runs = new Map<string, { first: Post; last: number }>();
  for (const post of posts) {
    const run = runs.get(post.room_id);
    if (run) run.last = post.seq;
    else runs.set(post.room_id, { first: post, last: post.seq });
  }
  return runs.values();
}

/** That of the same event for the same endpoint, unless it names many rooms already. */
function bundleOf(bundles: Map<string, Bundle>, debt: Debt): Bundle {
  const key = `${debt.target_id} ${debt.event}`; // an endpoint's id is our own: of one workspace alone, and without a space
  const found = bundles.get(key);
  if (found && found.stretches.length < STRETCHES_MAX) return found;
  if (found) bundles.set(`${key} ${bundles.size}`, found);
  const bundle: Bundle = { debt, stretches: [], many: 0 };
  bundles.set(key, bundle);
  return bundle;
}

function apart(chat: Chat, { debt, stretches }: Bundle, posts: readonly Post[]): OwedRow[] {
  const rooms = new Set(stretches.map(([room_id]) => room_id));
  return posts
    .filter(({ room_id }) => rooms.has(room_id))
    .map(({ id, room_id, rev }) => rowOf(chat, { ...debt, room_id, subject_id: id, detail: { ...debt.detail, rev } }));
}
