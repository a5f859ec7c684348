/**
 * Who asks, once more: for what outlives the request that makes it. Between the moment in which a right was shown and the one in which something is written
 * somebody may take it away; whoever does that holds the tenant's lock too, so what is asked here, under that lock, holds until COMMIT.
 */
import { and, eq } from "drizzle-orm";
import type { Tx } from "../../db/store.ts";
import type { Chat } from "./chat.ts";
import { isKeyAlive, keyPlace } from "./key-rows.ts";
import { isKeyUser, keyBehind, type Principal, signInOf } from "./principal.ts";
import { refuse } from "./refusal.ts";

/** The asker with the role that is left to them by now. The tenant is locked. Refuses `unauthorized` when their right has ended since it was shown. */
export async function asOfNow(chat: Chat, tx: Tx, who: Principal): Promise<Principal> {
  await refuseOfEnded(chat, tx, who);
  if (isKeyUser(who.user_id)) return who;
  const { users } = chat.store.t;
  const [user] = await tx
    .select({ role: users.role, disabled_at: users.disabled_at })
    .from(users)
    .where(and(eq(users.tenant_id, who.tenant_id), eq(users.id, who.user_id)));
  if (!user || user.disabled_at !== null) return refuse("unauthorized");
  return { ...who, role: who.role === "owner" || user.role === "member" ? user.role : who.role }; // no more than was shown
}

async function refuseOfEnded(chat: Chat, tx: Tx, who: Principal): Promise<void> {
  const { tenant_id } = who;
  const { api_keys, sign_ins } = chat.store.t;
  const via = keyBehind(who);
  if (via) {
    const [key] = await tx
      .select()
      .from(api_keys)
      .where(keyPlace(chat, who, via));
    if (!key || !isKeyAlive(chat, key) || (via.until ?? Infinity) <= chat.now()) refuse("unauthorized");
    return;
  }
  const [sign_in] = await tx
    .select({ ended_at: sign_ins.ended_at })
    .from(sign_ins)
    .where(and(eq(sign_ins.tenant_id, tenant_id), eq(sign_ins.id, signInOf(who) ?? "")));
  if (!sign_in || sign_in.ended_at !== null) refuse("unauthorized");
}
