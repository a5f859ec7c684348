/** Who came and went: rows of members by the rev of their last change, in which a room's messages stand too. */
import { and, asc, eq, gt, lte } from "drizzle-orm";
import type { List, Member, User } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { memberOf, type Place } from "./members.ts";
import type { Principal } from "./principal.ts";
import { memberView, userView } from "./views.ts";

/**
 * The members whose rows last changed after one rev and not after another, by rev; those who have left are among them. `next_cursor` is the rev to
 * go on after. What a row says of itself is of now: whoever came twice is there once, by the later.
 */
export async function listMoves(
  chat: Chat,
  who: Principal,
  input: Place & { after_rev: number; until_rev?: number; limit?: number },
): Promise<List<{ member: Member; user: User }>> {
  await memberOf(chat, who, input.room_id);
  const { t, read } = chat.store;
  const limit = input.limit ?? 100;
  const rows = await read
    .select({ member: t.members, user: t.users })
    .from(t.members)
    .innerJoin(t.users, and(eq(t.users.tenant_id, t.members.tenant_id), eq(t.users.id, t.members.user_id)))
    .where(
      and(
        eq(t.members.tenant_id, who.tenant_id),
        eq(t.members.room_id, input.room_id),
        gt(t.members.rev, input.after_rev),
        lte(t.members.rev, input.until_rev ?? Number.MAX_SAFE_INTEGER),
      ),
    )
    .orderBy(asc(t.members.rev))
    .limit(limit + 1);
  await memberOf(chat, who, input.room_id); // asked again after the rows were read: who is out by then reads nothing
  const items = rows.slice(0, limit).map(({ member, user }) => ({ member: memberView(member), user: userView(chat, user) }));
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next_cursor: String(last.member.rev) } : { items };
}
