/** Whom somebody may know of: everybody of their workspace where it has a directory, else whom they share a room with. */
import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";

const SEATS_LISTED = 20_000; // 16 ms on SQLite

/**
 * For a `where` over `users`, or over what else names them by `id`; undefined where all are seen. `among`: a `few` that are named, or `all`, of whom
 * many may be looked at before one is seen. On SQLite everybody else waits meanwhile, so of all are taken those whom the asker's rooms hold, and where
 * those hold very many, each is asked for by the few rooms that they are in: the first will do.
 */
export async function seenBy(chat: Chat, who: Principal, among: "few" | "all", id: Id = chat.store.t.users.id): Promise<SQL | undefined> {
  const { t, read } = chat.store;
  const [tenant] = await read.select({ directory: t.tenants.directory }).from(t.tenants).where(eq(t.tenants.id, who.tenant_id));
  if (tenant?.directory) return undefined;
  return among === "few" || (await seatsBeside(chat, who)) > SEATS_LISTED ? sharing(chat, who, id) : listed(chat, who, id);
}

type Tables = Chat["store"]["t"];
type Id = Tables["users"]["id"] | Tables["user_names"]["user_id"];

/** Of all rooms that the asker is in. */
async function seatsBeside({ store: { t, read } }: Chat, { tenant_id, user_id }: Principal): Promise<number> {
  const [seats] = await read
    .select({ count: sql<number>`coalesce(sum(${t.rooms.member_count}), 0)`.mapWith(Number) })
    .from(t.members)
    // The tenant is no column here, or Postgres may begin with every room.
    .innerJoin(t.rooms, and(eq(t.rooms.tenant_id, sql`${t.members.tenant_id} || ''`), eq(t.rooms.id, t.members.room_id)))
    .where(and(eq(t.members.tenant_id, tenant_id), eq(t.members.user_id, user_id), isNull(t.members.left_at)));
  return seats?.count ?? 0;
}

const listed = ({ store: { t } }: Chat, { tenant_id, user_id }: Principal, id: Id): SQL =>
  sql`${id} IN (SELECT theirs.user_id FROM ${t.members} AS mine CROSS JOIN ${t.members} AS theirs
    WHERE mine.tenant_id = ${tenant_id} AND mine.user_id = ${user_id} AND mine.left_at IS NULL
    AND theirs.tenant_id = ${tenant_id} AND theirs.room_id = mine.room_id AND theirs.left_at IS NULL UNION ALL SELECT ${user_id})`;

const sharing = ({ store: { t } }: Chat, { tenant_id, user_id }: Principal, id: Id): SQL =>
  sql`(${id} = ${user_id} OR EXISTS (SELECT 1 FROM ${t.members} AS theirs CROSS JOIN ${t.members} AS mine
    WHERE theirs.tenant_id = ${tenant_id} AND theirs.user_id = ${id} AND theirs.left_at IS NULL
    AND mine.tenant_id = ${tenant_id} AND mine.room_id = theirs.room_id AND mine.user_id = ${user_id} AND mine.left_at IS NULL))`;
