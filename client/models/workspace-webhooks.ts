/** The webhooks of the workspace: how each is doing, and how the last test of each went. A secret is held until somebody says they have stored it. */
import { action, signal } from "@preact/signals";
import type { List } from "../../server/protocol.ts";
import type { LoggedDelivery } from "../../server/protocol/deliveries.ts";
import type { MadeWebhook, NewWebhook, PatchWebhook, Webhook, WebhookSecret } from "../../server/protocol/webhooks.ts";
import type { Api } from "../api.ts";
import { createPages } from "./pages.ts";

/** `previous_until`: until when the secret before it signs too. */
export type ShownSecret = { readonly url: string; readonly secret: string; readonly previous_until?: string };
/** `slow`: nothing has been tried for as long as we look; its log will tell. */
export type Tested = { readonly state: "waiting" | "slow" } | { readonly state: "delivered" | "failed"; readonly delivery: LoggedDelivery };

type Asking = Pick<Api, "get" | "post" | "patch" | "delete">;

const LOOK_MS = 500;
const LOOKS = 30;

export function createWebhooks(api: Asking, later: (ms: number, run: () => void) => () => void) {
  const shown = signal<ShownSecret | null>(null);
  const edited = signal<Webhook | null>(null);
  const tested = signal<ReadonlyMap<string, Tested>>(new Map());
  const pages = createPages<Webhook, void>(() => api.get<List<Webhook>>("/webhooks?limit=200")); // a workspace has a hundred at most
  const show = action((secret: ShownSecret) => {
    shown.value = secret;
  });
  const went = action((id: string, how: Tested) => {
    tested.value = new Map([...tested.value, [id, how]]);
  });

  const find = (): Promise<void> => pages.find();
  const look = async (id: string, delivery_id: string, looks: number): Promise<void> => {
    const delivery = await deliveryNow(api, id, delivery_id).catch(() => undefined);
    const how = delivery && outcomeOf(delivery);
    went(id, how ?? { state: looks > 0 ? "waiting" : "slow" });
    if (how) return find(); // its failures are counted anew
    if (looks > 0) later(LOOK_MS, () => void look(id, delivery_id, looks - 1));
  };

  return {
    pages,
    shown,
    /** The webhook whose form is open; null for a new one. */
    edited,
    edit: action((webhook: Webhook | null): void => {
      edited.value = webhook;
    }),
    /** By the id of the webhook. */
    tested,
    find,
    async make(input: NewWebhook): Promise<void> {
      const { url, secret } = await api.post<MadeWebhook>("/webhooks", input);
      show({ url, secret });
      void find();
    },
    change: async (id: string, to: PatchWebhook): Promise<void> => pages.put(await api.patch<Webhook>(`/webhooks/${id}`, to)),
    async remove(id: string): Promise<void> {
      await api.delete<void>(`/webhooks/${id}`);
      pages.drop(id);
    },
    /** The secret before it signs too, for a day. */
    async rotate({ id, url }: Pick<Webhook, "id" | "url">): Promise<void> {
      show({ url, ...(await api.post<WebhookSecret>(`/webhooks/${id}/secret`)) });
    },
    /** Sends it an event of its own, and says how the first attempt at that went. */
    async test(id: string): Promise<void> {
      const { delivery_id } = await api.post<{ delivery_id: string }>(`/webhooks/${id}/test`);
      went(id, { state: "waiting" });
      await look(id, delivery_id, LOOKS);
    },
    stored: action((): void => {
      shown.value = null;
    }),
  };
}

/** One delivery of a webhook. Undefined when it is not there. */
export async function deliveryNow(api: Pick<Api, "get">, webhook_id: string, delivery_id: string): Promise<LoggedDelivery | undefined> {
  const { items } = await deliveriesFrom(api, webhook_id, delivery_id, 1);
  return items.find(({ id }) => id === delivery_id);
}

/** Deliveries of a webhook, newest first, from this one on. */
export const deliveriesFrom = (api: Pick<Api, "get">, webhook_id: string, delivery_id: string, limit: number): Promise<List<LoggedDelivery>> =>
  api.get<List<LoggedDelivery>>(`/webhooks/${webhook_id}/deliveries?limit=${limit}&cursor=${delivery_id}0`); // no id stands between one and the same with a sign more

const outcomeOf = (delivery: LoggedDelivery): Tested | undefined => {
  if (delivery.state !== "pending") return { state: delivery.state === "delivered" ? "delivered" : "failed", delivery };
  return delivery.attempts.some(({ status, error }) => status !== undefined || error !== undefined) ? { state: "failed", delivery } : undefined;
};
