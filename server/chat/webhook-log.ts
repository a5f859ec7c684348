/** What became of what was owed to an endpoint: each delivery with each attempt at it, newest first. Never what the other side answered. */
import { and, asc, desc, eq, inArray, lt } from "drizzle-orm";
import type { Tables } from "../../db/store.ts";
import type { List } from "../protocol.ts";
import type { LoggedDelivery } from "../protocol/deliveries.ts";
import type { Chat } from "./chat.ts";
import type { Delivery } from "./outbox.ts";
import type { Principal } from "./principal.ts";
import { at } from "./views.ts";
import { getWebhook, type WebhookPlace } from "./webhooks.ts";

type AttemptRow = Tables["attempts"]["$inferSelect"];

/** `cursor` is the id of the last one seen. */
export async function listDeliveries(
  chat: Chat,
  who: Principal,
  input: WebhookPlace & { cursor?: string; limit?: number },
): Promise<List<LoggedDelivery>> {
  const { id } = await getWebhook(chat, who, input);
  const { deliveries, attempts } = chat.store.t;
  const limit = input.limit ?? 50;
  const rows = await chat.store.read
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.tenant_id, who.tenant_id),
        eq(deliveries.courier, "webhook"),
        eq(deliveries.target_id, id),
        input.cursor === undefined ? undefined : lt(deliveries.id, input.cursor),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(limit + 1);
  const shown = rows.slice(0, limit);
  const ids = shown.map((row) => row.id);
  const tried =
    ids.length === 0
      ? []
      : await chat.store.read
          .select()
          .from(attempts)
          .where(and(eq(attempts.tenant_id, who.tenant_id), inArray(attempts.delivery_id, ids)))
          .orderBy(asc(attempts.delivery_id), asc(attempts.attempt));
  const byDelivery = Map.groupBy(tried, ({ delivery_id }) => delivery_id);
  const items = shown.map((row) => logged(row, byDelivery.get(row.id) ?? []));
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next_cursor: last.id } : { items };
}

const logged = (row: Delivery, tried: readonly AttemptRow[]): LoggedDelivery => ({
  id: row.id,
  event: row.event,
  ...(row.room_id !== null && { room_id: row.room_id }),
  subject_id: row.subject_id,
  state: row.state,
  ...(row.state === "pending" && { due_at: at(row.due_at) }),
  ...(row.last_error !== null && { last_error: row.last_error }),
  created_at: at(row.created_at),
  attempts: tried.map(({ attempt, at: begun, duration_ms, status, error }) => ({
    attempt,
    at: at(begun),
    ...(duration_ms !== null && { duration_ms }),
    ...(status !== null && { status }),
    ...(error !== null && { error }),
  })),
});
