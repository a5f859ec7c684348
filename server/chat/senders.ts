/** The public faces of the people that a page names, by one query. */
import { and, asc, eq, inArray } from "drizzle-orm";
import { findFaces } from "../../db/request-islands.ts";
import type { User } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { type UserRow, userView } from "./views.ts";

/** Each of these users of the tenant once, by id; ids that nobody has are absent. Asks no right: only for ids found in what the asker may read. */
export async function usersNamed(chat: Chat, tenant_id: string, user_ids: readonly string[]): Promise<User[]> {
  if (user_ids.length === 0) return [];
  const ids = [...new Set(user_ids)];
  const rows: readonly UserRow[] = (await findFaces(chat.store.read, tenant_id, ids)) ?? (await manyNamed(chat, tenant_id, ids));
  return rows.map((row) => userView(chat, row));
}

async function manyNamed(chat: Chat, tenant_id: string, ids: string[]): Promise<UserRow[]> {
  const { users } = chat.store.t;
  return chat.store.read
    .select()
    .from(users)
    .where(and(eq(users.tenant_id, tenant_id), inArray(users.id, ids)))
    .orderBy(asc(users.id));
}
