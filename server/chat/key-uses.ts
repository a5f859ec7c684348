/** When a key was last used, to the minute: noted in memory, written by a loop, so that no request waits for it or writes it. */
import { and, eq } from "drizzle-orm";
import type { KeyRow } from "./key-rows.ts";
import type { Chat } from "./chat.ts";

const MINUTE_MS = 60_000;

type Use = { tenant_id: string; id: string; at: number };

const noted = new WeakMap<Chat, Map<string, Use>>();

export function noteUse(chat: Chat, { tenant_id, id, last_used_at }: Pick<KeyRow, "tenant_id" | "id" | "last_used_at">): void {
  const now = chat.now();
  if (last_used_at !== null && Math.abs(now - last_used_at) < MINUTE_MS) return;
  const uses = noted.get(chat) ?? new Map<string, Use>();
  noted.set(chat, uses);
  uses.set(JSON.stringify([tenant_id, id]), { tenant_id, id, at: now });
}

/** Writes what was noted since the last call: at most once per key and minute. */
export async function storeUses(chat: Chat): Promise<void> {
  const uses = [...(noted.get(chat)?.values() ?? [])].toSorted((a, b) => (a.id < b.id ? -1 : 1)); // in one order, so that two instances wait for each other and never both
  if (uses.length === 0) return;
  noted.delete(chat);
  const { api_keys } = chat.store.t;
  await chat.store.write(async (tx) => {
    for (const { tenant_id, id, at } of uses) {
      await tx
        .update(api_keys)
        .set({ last_used_at: at })
        .where(and(eq(api_keys.tenant_id, tenant_id), eq(api_keys.id, id)));
    }
  });
}
