/** Whether somebody may come in, and why not: deactivated comes back by one word, who is banned takes along what they made (bans.ts), who is erased is gone. */
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "../../db/store.ts";
import type { PatchUser } from "../protocol.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import type { Person } from "./user-rows.ts";

/** How they stand after this. Refuses `conflict` for who has been erased, `invalid` for a ban that lets in. */
export function standingAfter(chat: Chat, person: Person, { disabled, banned }: PatchUser): Pick<Person, "disabled_at" | "disabled_why"> {
  if (person.disabled_why === "erased") refuse("conflict");
  if (banned === true && disabled === false) refuse("invalid", { fields: ["banned"] });
  const isOut = disabled ?? (banned === true || person.disabled_at !== null);
  if (!isOut) return { disabled_at: null, disabled_why: null };
  const isBanned = banned ?? person.disabled_why === "banned";
  return { disabled_at: person.disabled_at ?? chat.now(), disabled_why: isBanned ? "banned" : "deactivated" };
}

/** What somebody, or a key, has invited to is no longer open: who is kept out lets nobody in. */
export async function revokeInvitesOf(chat: Chat, tx: Tx, who: Principal, created_by: string): Promise<void> {
  const { invites } = chat.store.t;
  const now = chat.now();
  const { tenant_id, user_id, via } = who;
  const revoked = await tx
    .update(invites)
    .set({ revoked_at: now, updated_at: now })
    .where(and(eq(invites.tenant_id, tenant_id), eq(invites.created_by, created_by), isNull(invites.revoked_at)))
    .returning({ id: invites.id });
  for (const { id } of revoked) await audit(chat, tx, { tenant_id, actor_id: user_id, via, action: "invite.revoked", target_id: id });
}
