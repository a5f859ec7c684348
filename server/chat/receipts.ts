/** Read receipts: how far the others of a room have read. Only where their tenant says that it may be told, and as `ack` frames tell it. */
import { and, asc, eq, isNull, ne } from "drizzle-orm";
import type { Receipt } from "../protocol/receipts.ts";
import { acked } from "./acked.ts";
import { RECEIPTS_MAX } from "./acks.ts";
import type { Chat } from "./chat.ts";
import { knownTenants } from "./known-tenants.ts";
import { memberOf, type Place } from "./members.ts";
import type { Principal } from "./principal.ts";
import { at } from "./views.ts";

/** Every other member's, by user id; nobody's where the tenant has receipts off, or of a room of more than RECEIPTS_MAX. Refuses `not_found`. */
export async function listReceipts(chat: Chat, who: Principal, input: Place): Promise<Receipt[]> {
  const { room } = await memberOf(chat, who, input.room_id);
  if (!knownTenants(chat).get(who.tenant_id)?.config.receipts || room.member_count > RECEIPTS_MAX) return [];
  const { t, read } = chat.store;
  const rows = await read
    .select({
      user_id: t.members.user_id,
      seq: acked,
      joined_at: t.members.joined_at,
    })
    .from(t.members)
    .innerJoin(t.rooms, and(eq(t.rooms.tenant_id, t.members.tenant_id), eq(t.rooms.id, t.members.room_id)))
    .where(
      and(
        eq(t.members.tenant_id, who.tenant_id),
        eq(t.members.room_id, input.room_id),
        ne(t.members.user_id, who.user_id),
        isNull(t.members.left_at),
      ),
    )
    .orderBy(asc(t.members.user_id));
  await memberOf(chat, who, input.room_id); // asked again after the rows were read: who is out by then reads nothing
  return rows.map(({ joined_at, ...row }) => ({ ...row, joined_at: at(joined_at) }));
}
