/** All people of a workspace, for who runs it: also those with whom they share no room, and those who may no longer come in. */
import { and, asc, eq, gt, inArray, isNotNull, isNull } from "drizzle-orm";
import type { List, Role } from "../protocol.ts";
import type { AdminUser } from "../protocol/people.ts";
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { usersNamed } from "./senders.ts";
import { findByName } from "./user-names.ts";
import type { Person } from "./user-rows.ts";
import { at } from "./views.ts";

export type UserListInput = { q?: string; ids?: string[]; cursor?: string; limit?: number; role?: Role; state?: "active" | "disabled" };

/**
 * In the order in which they came, by `cursor`, or the first of those of whose names a word begins with `q`, without a next page. For admins: refuses
 * `forbidden` to everybody else.
 */
export async function listAllUsers(chat: Chat, who: Principal, input: UserListInput = {}): Promise<List<AdminUser>> {
  if (who.role === "member" || who.room_id !== undefined) refuse("forbidden");
  const { users } = chat.store.t;
  const limit = input.limit ?? 100;
  const meant = and(
    input.ids ? inArray(users.id, input.ids) : undefined,
    input.role ? eq(users.role, input.role) : undefined,
    input.state === undefined ? undefined : input.state === "active" ? isNull(users.disabled_at) : isNotNull(users.disabled_at),
  );
  if (input.q !== undefined) {
    const found = await findByName(chat, chat.store.read, { tenant_id: who.tenant_id, q: input.q, limit, seen: meant });
    return { items: await adminViews(chat, found) };
  }
  const rows = await chat.store.read
    .select()
    .from(users)
    .where(and(eq(users.tenant_id, who.tenant_id), meant, input.cursor === undefined ? undefined : gt(users.id, input.cursor)))
    .orderBy(asc(users.id))
    .limit(limit + 1);
  const items = await adminViews(chat, rows.slice(0, limit));
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next_cursor: last.id } : { items };
}

export async function adminViews(chat: Chat, people: readonly Person[]): Promise<AdminUser[]> {
  const [first] = people;
  if (!first) return [];
  const { tenant_id } = first;
  const ids = people.map(({ id }) => id);
  const faces = new Map((await usersNamed(chat, tenant_id, ids)).map((user) => [user.id, user]));
  return people.flatMap(({ id, created_at, last_seen_at, disabled_at, disabled_why }) => {
    const face = faces.get(id);
    if (!face) return [];
    const why = disabled_at === null ? null : (disabled_why ?? "deactivated");
    return {
      ...face,
      created_at: at(created_at),
      ...(last_seen_at !== null && { last_seen_at: at(last_seen_at) }),
      presence: chat.sessions.statusOf({ tenant_id, user_id: id }),
      ...(why !== null && { disabled_why: why }),
    };
  });
}
