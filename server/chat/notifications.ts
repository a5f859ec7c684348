/**
 * Notifications: a topic and a payload, owed to each recipient until they acknowledge it. It is one row, and one delivery for each recipient, in
 * one transaction: whoever is told later is found in no other place, so that nobody is told what was not for them. What fits nobody is owed to
 * nobody. How it comes to the sockets of those who are here is told in notification-pushes.ts.
 */
import { and, asc, eq, gt, ne } from "drizzle-orm";
import { insertOwed } from "../../db/notification-islands.ts";
import type { Tables, Tx } from "../../db/store.ts";
import type { List } from "../protocol.ts";
import type { DeliveryState, NewNotification, Notification, NotificationMade } from "../protocol/notifications.ts";
import type { Chat } from "./chat.ts";
import { checkMeta } from "./content.ts";
import { createLimiter, type Limiter } from "./limiter.ts";
import { limitsOf } from "./limits.ts";
import { firstPush, pushTo } from "./notification-pushes.ts";
import { checkRoom, recipientsOf } from "./notification-targets.ts";
import { keyBehind, type Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { at } from "./views.ts";

type NotificationRow = Tables["notifications"]["$inferSelect"];
type DeliveryRow = Tables["deliveries"]["$inferSelect"];

const WRITTEN_AT_ONCE = 2_000;

/**
 * For those who run the workspace and for the tenant's application: owes it to all who fit a target, and pushes it to those who are here. Ids that nobody has are nobody:
 * `recipients` counts whom it is owed to. Refuses `forbidden`, `not_found` (the room), `too_large` (the payload, as a message's meta; or more
 * recipients than 20,000), `invalid`, `rate_limited`: until as many could be written down as the workspace has had written down before.
 */
export async function notify(chat: Chat, who: Principal, input: NewNotification): Promise<NotificationMade> {
  if (!mayNotify(who) || who.room_id !== undefined) refuse("forbidden");
  checkMeta(input.payload, await limitsOf(chat, who.tenant_id), "payload");
  if (input.targets.room_id !== undefined) await checkRoom(chat, who, input.targets.room_id);
  const { tenant_id } = who;
  const { topic, payload } = input;
  const budget = budgetOf(chat);
  budget.check(tenant_id, chat.now());
  const notification: NotificationRow = { tenant_id, id: chat.newId(), topic, payload, created_by: who.user_id, created_at: chat.now() };
  const user_ids = await chat.store.write(async (tx) => {
    const recipients = await recipientsOf(chat, tx, tenant_id, input);
    budget.check(tenant_id, chat.now()); // others may have spent it since
    budget.spend(tenant_id, chat.now(), recipients.length);
    if (recipients.length > 0) await owe(chat, tx, notification, recipients);
    return recipients;
  });
  pushTo(chat, notification, user_ids);
  return { notification_id: notification.id, recipients: user_ids.length };
}

const budgets = new WeakMap<Chat, Limiter>();

/** Of each workspace: twenty thousand rows hold up everybody on SQLite for a tenth of a second, and one key may ask five hundred times in one. */
function budgetOf(chat: Chat): Limiter {
  const found = budgets.get(chat) ?? createLimiter(chat.config.notified);
  budgets.set(chat, found);
  return found;
}

/** Those who run the workspace, and its own application: a key that may do more than read, whomever it acts for. A token that it minted is a page's. */
function mayNotify(who: Principal): boolean {
  const via = keyBehind(who);
  return who.role !== "member" || (via !== null && via.until === undefined && via.scope !== "read");
}

async function owe(chat: Chat, tx: Tx, { id: subject_id, ...notification }: NotificationRow, user_ids: readonly string[]): Promise<void> {
  const { tenant_id, created_at } = notification;
  await tx.insert(chat.store.t.notifications).values({ id: subject_id, ...notification });
  for (let from = 0; from < user_ids.length; from += WRITTEN_AT_ONCE) {
    const some = user_ids.slice(from, from + WRITTEN_AT_ONCE);
    await insertOwed(
      tx,
      some.map((user_id) => ({
        tenant_id,
        id: chat.newId(), // later than the notification's own: a recipient's list is in the order in which they were made
        target_id: user_id,
        subject_id,
        created_at,
        ...firstPush(chat, { tenant_id, user_id }),
      })),
    );
  }
}

/** One's own, oldest first: those of `state`, `pending` unless told otherwise. */
export async function listNotifications(
  chat: Chat,
  who: Principal,
  input: { state?: DeliveryState; cursor?: string; limit?: number },
): Promise<List<Notification>> {
  const limit = input.limit ?? 50;
  const rows = await ownNotifications(chat, who, { state: input.state ?? "pending", after: input.cursor ?? "", limit: limit + 1 });
  const items = rows.slice(0, limit).map(notificationView);
  const last = rows.at(limit - 1);
  return rows.length > limit && last ? { items, next_cursor: last.delivery.id } : { items };
}

export type OwnNotification = { delivery: DeliveryRow; notification: NotificationRow };

/** Those of the user, in the order in which they were made. `after` is the id of a delivery. */
export async function ownNotifications(
  chat: Chat,
  { tenant_id, user_id }: Pick<Principal, "tenant_id" | "user_id">,
  { state, after, limit }: { state: DeliveryState; after: string; limit: number },
): Promise<OwnNotification[]> {
  const { t, read } = chat.store;
  return read
    .select({ delivery: t.deliveries, notification: t.notifications })
    .from(t.deliveries)
    .innerJoin(t.notifications, and(eq(t.notifications.tenant_id, t.deliveries.tenant_id), eq(t.notifications.id, t.deliveries.subject_id)))
    .where(and(ownedBy(chat, tenant_id, user_id), eq(t.deliveries.state, state), gt(t.deliveries.id, after)))
    .orderBy(asc(t.deliveries.id))
    .limit(limit);
}

/** Settles one's own: it is not sent again, and one's other sockets are told. Once more is ok. Refuses `not_found`, also for what is another's. */
export async function acknowledgeNotification(chat: Chat, who: Principal, { notification_id }: { notification_id: string }): Promise<void> {
  if (who.room_id !== undefined) refuse("not_found");
  const { deliveries } = chat.store.t;
  // Its id was made just after the notification's: the search ends where it begins, unless a clock was set back between the two.
  const found = (await ownDelivery(chat, who, notification_id, notification_id)) ?? (await ownDelivery(chat, who, notification_id, ""));
  if (!found) return refuse("not_found");
  if (found.state === "delivered") return;
  await chat.store.write((tx) =>
    tx
      .update(deliveries)
      .set({ state: "delivered", settled_at: chat.now() })
      .where(and(eq(deliveries.tenant_id, who.tenant_id), eq(deliveries.id, found.id), ne(deliveries.state, "delivered"))),
  );
  const { tenant_id, user_id } = who;
  chat.backplane.tell({ tenant_id, to: { user_id }, frame: { type: "notification_ack", notification_id } });
}

async function ownDelivery(chat: Chat, who: Principal, subject_id: string, after: string): Promise<Pick<DeliveryRow, "id" | "state"> | undefined> {
  const { deliveries } = chat.store.t;
  const [found] = await chat.store.read
    .select({ id: deliveries.id, state: deliveries.state })
    .from(deliveries)
    .where(and(ownedBy(chat, who.tenant_id, who.user_id), gt(deliveries.id, after), eq(deliveries.subject_id, subject_id)))
    .orderBy(asc(deliveries.id))
    .limit(1);
  return found;
}

/** Asks no right: for its recipients, who are told by their deliveries. */
export async function findNotification(chat: Chat, tenant_id: string, id: string): Promise<NotificationRow | undefined> {
  const { notifications } = chat.store.t;
  const [found] = await chat.store.read
    .select()
    .from(notifications)
    .where(and(eq(notifications.tenant_id, tenant_id), eq(notifications.id, id)));
  return found;
}

const ownedBy = (chat: Chat, tenant_id: string, user_id: string) => {
  const { deliveries } = chat.store.t;
  return and(eq(deliveries.tenant_id, tenant_id), eq(deliveries.courier, "user"), eq(deliveries.target_id, user_id));
};

const notificationView = ({ delivery, notification }: OwnNotification): Notification => ({
  notification_id: notification.id,
  topic: notification.topic,
  payload: notification.payload,
  state: delivery.state,
  attempts: delivery.attempts,
  created_at: at(notification.created_at),
  ...(delivery.settled_at !== null && { settled_at: at(delivery.settled_at) }),
});
