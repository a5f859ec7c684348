/** Deliveries as a test has them owed, and an instance that carries them as it says. */
import { asc, eq } from "drizzle-orm";
import type { Attempt, Carried } from "../chat/carried.ts";
import type { Chat } from "../chat/chat.ts";
import { createDeliverer, type Deliverer } from "../chat/deliveries.ts";
import { createHooks } from "../chat/hooks.ts";
import { type Delivery, owe } from "../chat/outbox.ts";
import type { World } from "./world.ts";

export const DONE = { done: true, status: 200 } as const;
export const ILL = { failed: "refused", status: 500 } as const;

/** An instance of its own on the same store, that carries by `carry`; chance always says a half. */
export function instance(
  here: World,
  carry: (attempt: Attempt) => Carried | Promise<Carried>,
): Deliverer & { sent: string[]; died: Delivery[]; chat: Chat } {
  const chat = { ...here.chat, hooks: createHooks((_point, fault) => here.faults.push(fault)) };
  const sent: string[] = [];
  const died: Delivery[] = [];
  chat.hooks.bind("delivery.attempt", async (event) => {
    sent.push(`${event.delivery.subject_id} ${event.delivery.attempts}`);
    event.carried = await carry(event);
  });
  chat.hooks.bind("delivery.died", ({ delivery }) => void died.push(delivery));
  return { ...createDeliverer(chat, () => 0.5), sent, died, chat };
}
export const settled = async (one: Deliverer): Promise<void> => {
  await one.deliver();
  await one.idle();
};

export async function endpoint(here: World, more: { id?: string; failures?: number } = {}): Promise<string> {
  const { chat, ann, clock } = here;
  const id = more.id ?? chat.newId();
  const now = clock.now();
  const row = { tenant_id: ann.tenant_id, id, url: "", events: [], include_private: false, secrets: [], description: "", failures: 0, ...more };
  const rest = { rest_until: 0, disabled_at: null, disabled_reason: null, created_by: null, created_at: now, updated_at: now };
  await chat.store.write((tx) => tx.insert(chat.store.t.webhooks).values({ ...row, ...rest }));
  return id;
}
export const owed = ({ chat, ann }: World, target_id: string, ...subjects: string[]): Promise<string[]> =>
  chat.store.write((tx) =>
    owe(
      chat,
      tx,
      subjects.map((subject_id) => ({
        tenant_id: ann.tenant_id,
        courier: "webhook",
        target_id,
        event: "message.created",
        room_id: null,
        subject_id,
      })),
    ),
  );
export const rows = ({ chat }: World): Promise<Delivery[]> =>
  chat.store.read.select().from(chat.store.t.deliveries).orderBy(asc(chat.store.t.deliveries.id));
export const hook = async ({ chat }: World, id: string) => {
  const [row] = await chat.store.read.select().from(chat.store.t.webhooks).where(eq(chat.store.t.webhooks.id, id));
  if (!row) throw new Error("No such endpoint");
  return row;
};
