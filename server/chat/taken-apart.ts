/**
 * What becomes of a bundle: it is taken apart in the transaction that claims it, before anything is sent. From then on each event is a row of its own, with an
 * id, attempts and an end of its own. Of posts whose first is no longer kept by then nothing is known but how many came after it; they die under that (`absent`), as any other does.
 */
import { insertClaimed, insertDeliveries, keepDetails, postsAt, type Stretch } from "../../db/delivery-islands.ts";
import type { Tx } from "../../db/store.ts";
import type { Chat } from "./chat.ts";
import { keyOf, lanesOf } from "./lanes.ts";
import type { Delivery } from "./outbox.ts";
import { cutAt, postsIn } from "./stretches.ts";

/**
 * Makes of rows that were just claimed what each is by itself: the first of it stays, as many as the endpoint can take come with it, claimed as it is, and what
 * is left waits as one. Gives all that are claimed, `most` of them unless there were more.
 */
export async function takeApart(chat: Chat, tx: Tx, claimed: readonly Delivery[], most: number): Promise<Delivery[]> {
  const cuts = cutsOf(chat, claimed, most);
  if (cuts.length === 0) return [...claimed];
  const asked = cuts.flatMap(({ row: { tenant_id }, next, head }) => [...next, ...head].map((stretch) => ({ tenant_id, stretch })));
  const posts = new Map((await postsAt(tx, asked)).map((post) => [placeOf(post.first_id, post.nth), post]));
  const partOf = (row: Delivery, [room_id, first_id, nth]: Stretch, more: Stretch[] = []): Delivery => {
    const { id: subject_id, created_at } = posts.get(placeOf(first_id, nth)) ?? { id: `${first_id}+${nth}`, created_at: row.created_at };
    return { ...row, id: chat.newId(), room_id, subject_id, detail: more.length > 0 ? { more } : null, created_at };
  };
  const parts = cuts.flatMap(({ row, next }) => next.flatMap(postsIn).map((post) => partOf(row, post)));
  const waiting = cuts.flatMap(({ row, next, head, left }) => {
    const due_at = lanesOf(chat).turn(keyOf(row.tenant_id, row.target_id), next.flatMap(postsIn).length);
    return head.map((post) => ({ ...partOf(row, post, left), due_at }));
  });
  const single = new Map(cuts.map(({ row }) => [row, alone(row)]));
  await insertClaimed(tx, parts);
  await insertDeliveries(tx, waiting);
  await keepDetails(tx, [...single.values()]);
  return [...claimed.map((row) => single.get(row) ?? row), ...parts];
}

type Cut = { row: Delivery; next: Stretch[]; head: Stretch[]; left: Stretch[] };

/** Of those that are bundles: what comes with the first now, and what is left with the post at its head. */
function cutsOf(chat: Chat, claimed: readonly Delivery[], most: number): Cut[] {
  let free = most - claimed.length;
  const taken = new Map<string, number>();
  const keyOfRow = ({ tenant_id, target_id }: Delivery): string => keyOf(tenant_id, target_id);
  for (const row of claimed) taken.set(keyOfRow(row), (taken.get(keyOfRow(row)) ?? 0) + 1);
  return claimed.flatMap((row) => {
    const more = stretchesIn(row);
    if (!more) return [];
    const key = keyOfRow(row);
    const theirs = taken.get(key) ?? 0;
    const many = Math.max(0, Math.min(free, lanesOf(chat).room(key) - theirs));
    const [next, others] = cutAt(more, many);
    const [head, left] = cutAt(others, 1);
    const came = next.reduce((sum, [, , from, to]) => sum + to - from + 1, 0);
    free -= came;
    taken.set(key, theirs + came);
    return [{ row, next, head, left }];
  });
}

const stretchesIn = ({ detail }: Delivery): Stretch[] | undefined => (Array.isArray(detail?.more) ? detail.more : undefined); // as they were written here

function alone(row: Delivery): Delivery {
  const { more: _, ...detail } = row.detail ?? {};
  return { ...row, detail: Object.keys(detail).length > 0 ? detail : null };
}

const placeOf = (first_id: string, nth: number): string => `${first_id} ${nth}`;
