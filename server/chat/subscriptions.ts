/** Subscriptions: of which topics one wants to hear. One's own alone; whoever notifies says whether a topic's subscribers are meant. */
import { and, asc, eq } from "drizzle-orm";
import { lockUser } from "../../db/locks.ts";
import type { Tables } from "../../db/store.ts";
import type { List } from "../protocol.ts";
import type { NewSubscription, Subscription } from "../protocol/notifications.ts";
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { at } from "./views.ts";

type SubscriptionRow = Tables["subscriptions"]["$inferSelect"];

const SUBSCRIPTIONS_MAX = 200;

/** `created: false` where there is one already. Refuses `too_large` above 200 of one user. */
export async function subscribe(chat: Chat, who: Principal, { topic }: NewSubscription): Promise<{ subscription: Subscription; created: boolean }> {
  const { subscriptions } = chat.store.t;
  const row: SubscriptionRow = { tenant_id: who.tenant_id, topic, user_id: who.user_id, id: chat.newId(), created_at: chat.now() };
  return chat.store.write(async (tx) => {
    await lockUser(tx, who);
    const own = await tx.select().from(subscriptions).where(ownedBy(chat, who));
    const known = own.find((one) => one.topic === topic);
    if (known) return { subscription: subscriptionView(known), created: false };
    if (own.length >= SUBSCRIPTIONS_MAX) refuse("too_large", { fields: ["topic"] });
    const [made] = await tx.insert(subscriptions).values(row).onConflictDoNothing().returning();
    if (made) return { subscription: subscriptionView(made), created: true };
    const [other] = await tx
      .select()
      .from(subscriptions)
      .where(and(ownedBy(chat, who), eq(subscriptions.topic, topic)));
    return { subscription: subscriptionView(other ?? row), created: false };
  });
}

/** One's own, by topic; there are never more than a page of them. */
export async function listSubscriptions(chat: Chat, who: Principal): Promise<List<Subscription>> {
  const { subscriptions } = chat.store.t;
  const rows = await chat.store.read.select().from(subscriptions).where(ownedBy(chat, who)).orderBy(asc(subscriptions.topic));
  return { items: rows.map(subscriptionView) };
}

/** Refuses `not_found`, also for what is another's. */
export async function unsubscribe(chat: Chat, who: Principal, { subscription_id }: { subscription_id: string }): Promise<void> {
  const { subscriptions } = chat.store.t;
  const gone = await chat.store.write((tx) =>
    tx
      .delete(subscriptions)
      .where(and(ownedBy(chat, who), eq(subscriptions.id, subscription_id)))
      .returning({ id: subscriptions.id }),
  );
  if (gone.length === 0) refuse("not_found");
}

const ownedBy = (chat: Chat, { tenant_id, user_id }: Principal) => {
  const { subscriptions } = chat.store.t;
  return and(eq(subscriptions.tenant_id, tenant_id), eq(subscriptions.user_id, user_id));
};

const subscriptionView = ({ id, topic, created_at }: SubscriptionRow): Subscription => ({ id, topic, created_at: at(created_at) });
