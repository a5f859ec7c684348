/** The public faces of the people that a page names, by one query. */
import { and, asc, eq, inArray } from "drizzle-orm";
import type { User } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { given, prepared } from "./prepared.ts";
import { type UserRow, userView } from "./views.ts";

/** Each of these users of the tenant once, by id; ids that nobody has are absent. Asks no right: only for ids found in what the asker may read. */
export async function usersNamed(chat: Chat, tenant_id: string, user_ids: readonly string[]): Promise<User[]> {
  if (user_ids.length === 0) return [];
  const ids = [...new Set(user_ids)];
  const few = FEW.find(({ most }) => ids.length <= most);
  const rows = few
    ? await few.find(chat, { tenant_id, ...Object.fromEntries(places(few.most).map((place, i) => [place, ids[i] ?? ids[0] ?? ""])) })
    : await manyNamed(chat, tenant_id, ids);
  return rows.map((row) => userView(chat, row));
}

/** Mostly a page names few: such a query is built once, for at most so many, and asked for the first of them again in the places left over. */
const FEW = [1, 8, 32].map((most) => ({
  most,
  find: prepared(({ read, t: { users } }) =>
    read
      .select()
      .from(users)
      .where(and(eq(users.tenant_id, given("tenant_id")), inArray(users.id, places(most).map(given))))
      .orderBy(asc(users.id))
      .prepare(`users_${most}`),
  ),
}));

function places(most: number): string[] {
  return Array.from({ length: most }, (_, i) => `id_${i}`);
}

async function manyNamed(chat: Chat, tenant_id: string, ids: string[]): Promise<UserRow[]> {
  const { users } = chat.store.t;
  return chat.store.read
    .select()
    .from(users)
    .where(and(eq(users.tenant_id, tenant_id), inArray(users.id, ids)))
    .orderBy(asc(users.id));
}
