/**
 * Dead letters: what was given up, whoever it was owed to. Those who run the workspace have it tried again, or throw it away; both are audited.
 * Trying again what is no longer dead does nothing, so a request that is sent twice is one.
 */
import { and, asc, desc, eq, gt, isNotNull, isNull } from "drizzle-orm";
import type { Tx } from "../../db/store.ts";
import type { List } from "../protocol.ts";
import type { DeadLetter, FailedDeliveries, Undelivered } from "../protocol/deliveries.ts";
import { acked } from "./acked.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import type { Delivery } from "./outbox.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { at } from "./views.ts";

const DEFAULT_LIMIT = 100;
const RETRIED_AT_ONCE = 500;

export type LetterPlace = { delivery_id: string };

/** Newest first. Here and below: for those who run the workspace, else `forbidden`. */
export async function listDeadLetters(chat: Chat, who: Principal, input: { limit?: number } = {}): Promise<List<DeadLetter>> {
  checkRight(who);
  return { items: (await deadIn(chat, who, input.limit ?? DEFAULT_LIMIT)).map(letterView) };
}

/** The same as the seed's address has it: what became of messages and rooms, and what of notifications. */
export async function failedDeliveries(chat: Chat, who: Principal, input: { limit?: number } = {}): Promise<FailedDeliveries> {
  const { items } = await listDeadLetters(chat, who, input);
  return {
    failed_messages: items.filter(({ courier }) => courier === "webhook"),
    failed_notifications: items.filter(({ courier }) => courier === "user"),
  };
}

/** Has it tried anew, with all attempts before it, from now on. What is not dead stays as it is. Refuses `not_found`. */
export async function retryDeadLetter(chat: Chat, who: Principal, { delivery_id }: LetterPlace): Promise<void> {
  checkRight(who);
  await chat.store.write(async (tx) => {
    const row = await letterIn(chat, tx, who, delivery_id);
    if (row.state !== "dead") return;
    await revive(chat, tx, row);
    await audit(chat, tx, { tenant_id: who.tenant_id, actor_id: who.user_id, via: who.via, action: "dead_letter.retried", target_id: row.id });
  });
}

/** All of the workspace's, or those of one target; in bounded batches, oldest first. Gives how many. */
export async function retryDeadLetters(chat: Chat, who: Principal, { target_id }: { target_id?: string } = {}): Promise<{ retried: number }> {
  checkRight(who);
  const { deliveries } = chat.store.t;
  let retried = 0;
  for (let after: string | null = ""; after !== null;) {
    const since: string = after;
    const rows = await chat.store.write(async (tx) => {
      const rows: Delivery[] = await tx
        .select()
        .from(deliveries)
        .where(and(eq(deliveries.tenant_id, who.tenant_id), eq(deliveries.state, "dead"), isNotNull(deliveries.settled_at), gt(deliveries.id, since)))
        .orderBy(asc(deliveries.id))
        .limit(RETRIED_AT_ONCE);
      const meant = rows.filter((row) => target_id === undefined || row.target_id === target_id);
      for (const row of meant) await revive(chat, tx, row);
      const entry = {
        tenant_id: who.tenant_id,
        actor_id: who.user_id,
        via: who.via,
        action: "dead_letter.all_retried",
        detail: { retried: meant.length },
      } as const;
      if (meant.length > 0) await audit(chat, tx, entry);
      retried += meant.length;
      return rows;
    });
    after = rows.length < RETRIED_AT_ONCE ? null : (rows.at(-1)?.id ?? null);
  }
  return { retried };
}

/** Throws it away, with its attempts. Refuses `not_found`, and `conflict` for what is not dead. */
export async function discardDeadLetter(chat: Chat, who: Principal, { delivery_id }: LetterPlace): Promise<void> {
  checkRight(who);
  const { deliveries, attempts } = chat.store.t;
  await chat.store.write(async (tx) => {
    const row = await letterIn(chat, tx, who, delivery_id);
    if (row.state !== "dead") refuse("conflict");
    await tx.delete(deliveries).where(keyOf(chat, row));
    await tx.delete(attempts).where(and(eq(attempts.tenant_id, row.tenant_id), eq(attempts.delivery_id, row.id)));
    const detail = { event: row.event, target_id: row.target_id, last_error: row.last_error };
    await audit(chat, tx, {
      tenant_id: who.tenant_id,
      actor_id: who.user_id,
      via: who.via,
      action: "dead_letter.discarded",
      target_id: row.id,
      detail,
    });
  });
}

/** The rooms of which this user has not acknowledged everything, by the rooms' logs and their acks: numbers, and no word of what was said. */
export async function undeliveredTo(
  chat: Chat,
  who: Principal,
  input: { user_id: string; cursor?: string; limit?: number },
): Promise<List<Undelivered>> {
  checkRight(who);
  const { members, rooms, users } = chat.store.t;
  const { read } = chat.store;
  const [user] = await read
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.tenant_id, who.tenant_id), eq(users.id, input.user_id)));
  if (!user) refuse("not_found");
  const limit = input.limit ?? DEFAULT_LIMIT;
  const rows = await read
    .select({
      room_id: rooms.id,
      acked_seq: acked,
      acked_at: members.acked_at,
      first_seq: rooms.first_seq,
      last_seq: rooms.last_seq,
    })
    .from(members)
    .innerJoin(rooms, and(eq(rooms.tenant_id, members.tenant_id), eq(rooms.id, members.room_id)))
    .where(
      and(
        eq(members.tenant_id, who.tenant_id),
        eq(members.user_id, input.user_id),
        isNull(members.left_at),
        gt(rooms.last_seq, acked),
        input.cursor === undefined ? undefined : gt(members.room_id, input.cursor),
      ),
    )
    .orderBy(asc(members.room_id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(({ acked_at, ...row }) => ({
    ...row,
    undelivered: Math.max(0, row.last_seq - Math.max(row.acked_seq, row.first_seq - 1)),
    ...(acked_at !== null && { acked_at: at(acked_at) }),
  }));
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next_cursor: last.room_id } : { items };
}

function checkRight({ role }: Principal): void {
  if (role === "member") refuse("forbidden");
}

const deadIn = ({ store: { t, read } }: Chat, { tenant_id }: Principal, limit: number): Promise<Delivery[]> =>
  read
    .select()
    .from(t.deliveries)
    .where(and(eq(t.deliveries.tenant_id, tenant_id), eq(t.deliveries.state, "dead"), isNotNull(t.deliveries.settled_at)))
    .orderBy(desc(t.deliveries.id))
    .limit(limit);

async function letterIn(chat: Chat, tx: Tx, { tenant_id }: Principal, id: string): Promise<Delivery> {
  const [row] = await tx.select().from(chat.store.t.deliveries).where(keyOf(chat, { tenant_id, id }));
  return row ?? refuse("not_found");
}

function keyOf({ store }: Chat, { tenant_id, id }: Pick<Delivery, "tenant_id" | "id">) {
  const { deliveries } = store.t;
  return and(eq(deliveries.tenant_id, tenant_id), eq(deliveries.id, id));
}

/** A webhook's attempts go on being numbered, because the endpoint has seen those before; a notification's begin anew. */
async function revive(chat: Chat, tx: Tx, row: Delivery): Promise<void> {
  const now = chat.now();
  const begun =
    row.courier === "webhook"
      ? { detail: { ...row.detail, tried_before: row.attempts, again_at: now } }
      : { detail: { ...row.detail, again_at: now }, attempts: 0 };
  await tx
    .update(chat.store.t.deliveries)
    .set({ state: "pending", settled_at: null, due_at: now, ...begun })
    .where(keyOf(chat, row));
}

const letterView = (row: Delivery): DeadLetter => ({
  id: row.id,
  courier: row.courier,
  target_id: row.target_id,
  event: row.event,
  ...(row.room_id !== null && { room_id: row.room_id }),
  subject_id: row.subject_id,
  attempts: row.attempts,
  ...(row.last_attempt_at !== null && { last_attempt_at: at(row.last_attempt_at) }),
  ...(row.last_status !== null && { last_status: row.last_status }),
  ...(row.last_error !== null && { last_error: row.last_error }),
  created_at: at(row.created_at),
  due_at: at(row.due_at),
});
