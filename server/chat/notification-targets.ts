/** Whom a notification is for: found through who sends it, in the transaction that writes it down. What fits nobody is nobody. */
import { and, asc, eq, gt, inArray, isNull } from "drizzle-orm";
import type { Tx } from "../../db/store.ts";
import type { NewNotification } from "../protocol/notifications.ts";
import type { Chat } from "./chat.ts";
import { memberOf } from "./members.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";

/** More than a room of ours has held, and as many rows as one commit may write without holding up the others for long. */
const RECIPIENTS_MAX = 20_000;
const READ_AT_ONCE = 5_000;
const NAMED_AT_ONCE = 500;

/** Refuses `not_found`: a room's members are found by its members, and by those who run the workspace. */
export async function checkRoom(chat: Chat, who: Principal, room_id: string): Promise<void> {
  if (who.role === "member") return void (await memberOf(chat, who, room_id));
  const { t, read } = chat.store;
  const [room] = await read
    .select({ id: t.rooms.id })
    .from(t.rooms)
    .where(and(eq(t.rooms.tenant_id, who.tenant_id), eq(t.rooms.id, room_id)));
  if (!room) refuse("not_found");
}

/** The enabled users of the tenant who fit, each once. Refuses `too_large` when they are more than one notification may have. */
export async function recipientsOf(chat: Chat, tx: Tx, tenant_id: string, { topic, targets }: NewNotification): Promise<string[]> {
  const found = new Set<string>();
  const take = (ids: readonly string[]): void => {
    for (const id of ids) found.add(id);
    if (found.size > RECIPIENTS_MAX) refuse("too_large", { fields: ["targets"] });
  };
  const named = [...new Set(targets.user_ids)];
  for (let from = 0; from < named.length; from += NAMED_AT_ONCE) take(await usersAmong(chat, tx, tenant_id, named.slice(from, from + NAMED_AT_ONCE)));
  const { room_id } = targets;
  if (room_id !== undefined) await inPages((after) => membersAfter(chat, tx, tenant_id, room_id, after), take);
  if (targets.topic_subscribers === true) await inPages((after) => subscribersAfter(chat, tx, tenant_id, topic, after), take);
  return [...found];
}

async function inPages(read: (after: string) => Promise<string[]>, take: (ids: readonly string[]) => void): Promise<void> {
  for (let after: string | undefined = ""; after !== undefined;) {
    const ids: string[] = await read(after);
    take(ids);
    after = ids.length < READ_AT_ONCE ? undefined : ids.at(-1);
  }
}

async function usersAmong(chat: Chat, tx: Tx, tenant_id: string, user_ids: readonly string[]): Promise<string[]> {
  const { users } = chat.store.t;
  const rows = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.tenant_id, tenant_id), inArray(users.id, [...user_ids]), isNull(users.disabled_at)));
  return rows.map(({ id }) => id);
}

async function membersAfter(chat: Chat, tx: Tx, tenant_id: string, room_id: string, after: string): Promise<string[]> {
  const { members, users } = chat.store.t;
  const rows = await tx
    .select({ id: members.user_id })
    .from(members)
    .innerJoin(users, and(eq(users.tenant_id, members.tenant_id), eq(users.id, members.user_id)))
    .where(
      and(
        eq(members.tenant_id, tenant_id),
        eq(members.room_id, room_id),
        gt(members.user_id, after),
        isNull(members.left_at),
        isNull(users.disabled_at),
      ),
    )
    .orderBy(asc(members.user_id))
    .limit(READ_AT_ONCE);
  return rows.map(({ id }) => id);
}

async function subscribersAfter(chat: Chat, tx: Tx, tenant_id: string, topic: string, after: string): Promise<string[]> {
  const { subscriptions, users } = chat.store.t;
  const rows = await tx
    .select({ id: subscriptions.user_id })
    .from(subscriptions)
    .innerJoin(users, and(eq(users.tenant_id, subscriptions.tenant_id), eq(users.id, subscriptions.user_id)))
    .where(and(eq(subscriptions.tenant_id, tenant_id), eq(subscriptions.topic, topic), gt(subscriptions.user_id, after), isNull(users.disabled_at)))
    .orderBy(asc(subscriptions.user_id))
    .limit(READ_AT_ONCE);
  return rows.map(({ id }) => id);
}
