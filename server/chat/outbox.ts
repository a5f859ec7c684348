/**
 * The outbox: what must leave by another road than a socket is a row, written in the very transaction of what it tells. So it is owed exactly when
 * that is stored, whatever happens to the process afterwards. One row per endpoint and event, never one per recipient; no row holds a text.
 * Only inside a `write`; whom it concerns is asked of memory (`hooks.owing`), because a post waits for nobody.
 */
import { insertDeliveries } from "../../db/delivery-islands.ts";
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

export type OwedRow = ReturnType<typeof rowOf>;

/** `due_at`: where that has been thought of already. */
export function rowOf(chat: Chat, { after_ms = 0, detail, ...debt }: Debt, due_at = dueOf(chat, debt)) {
  const now = chat.now();
  return { ...debt, id: chat.newId(), detail: detail ?? null, due_at: Math.max(now + after_ms, due_at), created_at: now };
}

/** When what is owed now shall come, with so many behind it. */
export const dueOf = (chat: Chat, { courier, tenant_id, target_id }: Pick<Debt, "courier" | "tenant_id" | "target_id">, many = 1): number =>
  courier === "webhook" ? lanesOf(chat).due(keyOf(tenant_id, target_id), many) : 0;
