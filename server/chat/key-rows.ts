/** The rows of API keys, as everybody reads them who asks whether one holds. */
import { and, eq, type SQL } from "drizzle-orm";
import type { Tables } from "../../db/store.ts";
import type { Chat } from "./chat.ts";

export type KeyRow = Tables["api_keys"]["$inferSelect"];

export const isKeyAlive = (chat: Chat, { revoked_at, expires_at }: Pick<KeyRow, "revoked_at" | "expires_at">): boolean =>
  revoked_at === null && (expires_at === null || chat.now() < expires_at);

export function keyPlace(chat: Chat, { tenant_id }: { tenant_id: string }, { key_id }: { key_id: string }): SQL | undefined {
  const { api_keys } = chat.store.t;
  return and(eq(api_keys.tenant_id, tenant_id), eq(api_keys.id, key_id));
}
