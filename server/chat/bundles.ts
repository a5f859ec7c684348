/**
 * Bundles: what one transaction of many posts owes to one endpoint of one event is a single row. It is that of the first post, and its `detail.more` says
 * where the others stand: the posts of a room that one transaction stores have numbers in a row, so however many they are, two numbers name them. A busy
 * hour costs each flush a row, and a post next to nothing.
 *
 * A bundle is taken apart when it is claimed, before anything is sent, in the transaction of the claim: from then on each event is a row of its own, with
 * an id, attempts and an end of its own. Of a post that is no longer kept by then nothing but its number is known; it dies as any other does (`absent`).
 */
import { insertDeliveries, keepDetails, postsAt, type Stretch } from "../../db/delivery-islands.ts";
import type { CountedRoom } from "../../db/islands.ts";
import type { Tx } from "../../db/store.ts";
import type { Chat } from "./chat.ts";
import { keyOf, lanesOf } from "./lanes.ts";
import { type Debt, type Delivery, dueOf, type OwedRow, rowOf } from "./outbox.ts";
import type { MessageRow } from "./views.ts";

type Post = Pick<MessageRow, "tenant_id" | "id" | "room_id" | "seq" | "rev">;
type Bundle = { debt: Debt; stretches: Stretch[]; many: number };

const BUNDLED_FROM = 8;
const STRETCHES_MAX = 256;
const APART_AT_ONCE = 16;

/** Writes down what is owed of these posts, which stand in the order in which this transaction has numbered them. Whom it concerns is asked once a room. */
export async function owePosts(chat: Chat, tx: Tx, posts: readonly Post[], rooms: ReadonlyMap<string, CountedRoom>): Promise<void> {
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
  if (bundles.size === 0) return;
  const rows = [...bundles.values()].flatMap((bundle) => (bundle.many < BUNDLED_FROM ? apart(chat, bundle, posts) : bundled(chat, bundle)));
  await insertDeliveries(tx, rows);
}

/** Makes of rows that were just claimed what each is by itself: the first of it stays, the next come as rows of their own, and what is left waits as one. */
export async function takeApart(chat: Chat, tx: Tx, claimed: readonly Delivery[]): Promise<Delivery[]> {
  const cuts = new Map(claimed.flatMap((row) => cutOf(row) ?? []));
  if (cuts.size === 0) return [...claimed];
  const asked = [...cuts].flatMap(([{ tenant_id }, { next, head }]) => [...next, ...head].map((stretch) => ({ tenant_id, stretch })));
  const posts = new Map((await postsAt(tx, asked)).map((post) => [placeOf(post.room_id, post.seq), post]));
  const made = [...cuts].flatMap(([row, { next, head, left }]) => {
    const debts = [...next, ...head].flatMap(placesIn).map(([room_id, seq]): Debt => {
      const { tenant_id, courier, target_id, event } = row;
      const post = posts.get(placeOf(room_id, seq));
      return { tenant_id, courier, target_id, event, room_id, subject_id: post?.id ?? String(seq), ...(post && { detail: { rev: post.rev } }) };
    });
    return debts.map((debt, place) => {
      const detail = left.length > 0 && place === debts.length - 1 ? { ...debt.detail, more: left } : debt.detail;
      const due_at = lanesOf(chat).turn(keyOf(row.tenant_id, row.target_id), place);
      return { ...rowOf(chat, { ...debt, ...(detail && { detail }) }, due_at), created_at: row.created_at };
    });
  });
  const single = new Map([...cuts.keys()].map((row) => [row, alone(row)]));
  await insertDeliveries(tx, made);
  await keepDetails(tx, [...single.values()]);
  return claimed.map((row) => single.get(row) ?? row);
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

function bundled(chat: Chat, { debt, stretches, many }: Bundle): OwedRow[] {
  const more = cutAt(stretches, 1)[1];
  return [rowOf(chat, { ...debt, detail: { ...debt.detail, more } }, dueOf(chat, debt, many))];
}

type Cut = { next: Stretch[]; head: Stretch[]; left: Stretch[] };

/** What comes by itself now, and what is left with the post at its head; nothing of a row that is no bundle. */
function cutOf(row: Delivery): [[Delivery, Cut]] | null {
  const more: Stretch[] | undefined = stretchesIn(row);
  if (!more) return null;
  const [next, others] = cutAt(more, APART_AT_ONCE);
  const [head, left] = cutAt(others, 1);
  return [[row, { next, head, left }]];
}

const stretchesIn = ({ detail }: Delivery): Stretch[] | undefined => (Array.isArray(detail?.more) ? detail.more : undefined); // as they were written here

function alone(row: Delivery): Delivery {
  const { more: _, ...detail } = row.detail ?? {};
  return { ...row, detail };
}

/** The first so many posts of these, and the others. */
function cutAt(stretches: readonly Stretch[], many: number): [Stretch[], Stretch[]] {
  const [first, others]: [Stretch[], Stretch[]] = [[], []];
  let left = many;
  for (const [room_id, from, to] of stretches) {
    const until = Math.min(to, from + left - 1);
    if (until >= from) first.push([room_id, from, until]);
    if (until < to) others.push([room_id, until + 1, to]);
    left -= until - from + 1;
  }
  return [first, others];
}

const placesIn = ([room_id, from, to]: Stretch): [string, number][] => Array.from({ length: to - from + 1 }, (_, i) => [room_id, from + i]);
const placeOf = (room_id: string, seq: number): string => `${room_id} ${seq}`;
