/**
 * The outbox: what must leave by another road than a socket is a row, written in the very transaction of what it tells. So it is owed exactly when
 * that is stored, whatever happens to the process afterwards. One row per endpoint and event, never one per recipient; no row holds a text.
 * Only inside a `write`; whom it concerns is asked of memory (`hooks.owing`), because a post waits for nobody.
 */
import { insertDeliveries, keepDetails } from "../../db/delivery-islands.ts";
import type { Tables, Tx } from "../../db/store.ts";
import type { Chat } from "./chat.ts";
import { keyOf, lanesOf } from "./lanes.ts";
import type { RoomRow } from "./views.ts";

export type Delivery = Tables["deliveries"]["$inferSelect"];

/** What has just happened, as those who owe it to somebody must know it. `subject_id`: the message's, room's, user's or notification's. */
export type Telling = {
  tenant_id: string;
  event: "message.created" | "message.changed" | "room.created" | "member.joined" | "member.left" | "notification.dead";
  room: Pick<RoomRow, "id" | "type" | "visibility"> | null;
  subject_id: string;
  detail?: Record<string, unknown>;
};

/** One thing that is owed to one target of a courier; `after_ms`: not before so long from now. */
export type Debt = Pick<Delivery, "tenant_id" | "courier" | "target_id" | "event" | "room_id" | "subject_id"> & {
  detail?: Record<string, unknown>;
  after_ms?: number;
};

/** Since when it is owed: what was taken out of the dead letters, since then. */
export const bornAt = ({ detail, created_at }: Pick<Delivery, "detail" | "created_at">): number =>
  typeof detail?.again_at === "number" ? detail.again_at : created_at;

/** Writes down what is owed of these to whoever wants to hear of them. */
export const tell = (chat: Chat, tx: Tx, tellings: readonly Telling[]): Promise<string[]> => owe(chat, tx, tellings.flatMap(chat.hooks.owed));

/** Gives the ids of the deliveries, each at the place of its debt. */
export async function owe(chat: Chat, tx: Tx, debts: readonly Debt[]): Promise<string[]> {
  if (debts.length === 0) return [];
  const rows = debts.map((debt) => rowOf(chat, debt));
  await insertDeliveries(tx, rows);
  return rows.map(({ id }) => id);
}

/**
 * As `owe`, for what one transaction of many posts owes to webhooks: what is owed of one event to one endpoint is a single row, whose `detail.more` names
 * all of it but the first. It is taken apart when it is claimed, before anything is sent: so a busy hour costs the posts little, and every endpoint is told
 * what it would have been told.
 */
export async function oweTogether(chat: Chat, tx: Tx, debts: readonly Debt[]): Promise<void> {
  if (debts.length < BUNDLED_FROM) return void (await owe(chat, tx, debts));
  const bundles = new Map<string, Debt[]>();
  for (const debt of debts) {
    const key = `${debt.target_id} ${debt.event}`; // an endpoint's id is our own: of one workspace alone, and without a space
    const bundle = bundles.get(key);
    if (bundle) bundle.push(debt);
    else bundles.set(key, [debt]);
  }
  const rows = [...bundles.values()].flatMap((bundle) => rowsOf(chat, bundle));
  await insertDeliveries(tx, rows);
}

/** What a row holds besides what it is itself: as an array, because there are many. */
type Another = [room_id: string | null, subject_id: string, detail: Record<string, unknown> | null];

const BUNDLED_FROM = 8;
const BUNDLE_MAX = 256;
const APART_AT_ONCE = 16;

/** Makes of rows that were just claimed what each is by itself: the first of it stays, the next come as rows of their own, and what is left waits as one. */
export async function takeApart(chat: Chat, tx: Tx, claimed: readonly Delivery[]): Promise<Delivery[]> {
  const made: Row[] = [];
  const single: Delivery[] = [];
  const rows = claimed.map((row) => {
    const { more, ...detail } = row.detail ?? {};
    if (!Array.isArray(more)) return row;
    const others: Another[] = more; // as oweTogether wrote them
    const debts = others.map(([room_id, subject_id, detail]): Debt => ({ ...debtOf(row), room_id, subject_id, ...(detail && { detail }) }));
    const [next, left] = [debts.slice(0, APART_AT_ONCE), debts.slice(APART_AT_ONCE)];
    const due = (place: number): number => lanesOf(chat).turn(keyOf(row.tenant_id, row.target_id), place);
    for (const [i, debt] of next.entries()) made.push({ ...rowOf(chat, debt, due(i)), created_at: row.created_at });
    for (const one of rowsOf(chat, left, due(next.length))) made.push({ ...one, created_at: row.created_at });
    const alone = { ...row, detail };
    single.push(alone);
    return alone;
  });
  if (single.length === 0) return rows;
  await insertDeliveries(tx, made);
  await keepDetails(tx, single);
  return rows;
}

const debtOf = ({ tenant_id, courier, target_id, event }: Delivery) => ({ tenant_id, courier, target_id, event });

type Row = ReturnType<typeof rowOf>;

/** One row of many if they are many. `due_at`: where that has been thought of already. */
function rowsOf(chat: Chat, debts: readonly Debt[], due_at?: number): Row[] {
  const [first, ...others] = debts.slice(0, BUNDLE_MAX);
  if (!first || debts.length < BUNDLED_FROM) return debts.map((debt) => rowOf(chat, debt, due_at));
  const more = others.map(({ room_id, subject_id, detail = null }): Another => [room_id, subject_id, detail]);
  const bundle = rowOf(chat, { ...first, detail: { ...first.detail, more } }, due_at ?? dueOf(chat, first, others.length + 1));
  return [bundle, ...rowsOf(chat, debts.slice(BUNDLE_MAX), due_at)];
}

function rowOf(chat: Chat, { after_ms = 0, detail, ...debt }: Debt, due_at = dueOf(chat, debt)) {
  const now = chat.now();
  return { ...debt, id: chat.newId(), detail: detail ?? null, due_at: Math.max(now + after_ms, due_at), created_at: now };
}

const dueOf = (chat: Chat, { courier, tenant_id, target_id }: Pick<Debt, "courier" | "tenant_id" | "target_id">, many = 1): number =>
  courier === "webhook" ? lanesOf(chat).due(keyOf(tenant_id, target_id), many) : 0;
