/** Whether somebody may come in, and why not: deactivated comes back by one word, who is banned takes along what they made, who is erased is gone. */
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "../../db/store.ts";
import type { PatchUser } from "../protocol.ts";
import { endKeysOf, ringKeys } from "./api-keys.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { endpointsOf } from "./endpoints.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import type { Person } from "./users.ts";
import { switchOffWebhooksOf } from "./webhooks.ts";

/** How they stand after this. Refuses `conflict` for who has been erased, `invalid` for a ban that lets in. */
export function standingAfter(chat: Chat, person: Person, { disabled, banned }: PatchUser): Pick<Person, "disabled_at" | "disabled_why"> {
  if (person.disabled_why === "erased") refuse("conflict");
  if (banned === true && disabled === false) refuse("invalid", { fields: ["banned"] });
  const isOut = disabled ?? (banned === true || person.disabled_at !== null);
  if (!isOut) return { disabled_at: null, disabled_why: null };
  const isBanned = banned ?? person.disabled_why === "banned";
  return { disabled_at: person.disabled_at ?? chat.now(), disabled_why: isBanned ? "banned" : "deactivated" };
}

/**
 * Who is banned knows the secrets of keys that they made, and may be who is told by an endpoint that they named: their invitations and keys end, with what
 * those have made, and the endpoints are switched off until somebody switches them on again. Whoever is only deactivated leaves all that to the
 * workspace, and so does who is erased their keys. The tenant is locked. Gives what to call after COMMIT.
 */
export async function endWhatTheyMade(chat: Chat, tx: Tx, who: Principal, user_id: string): Promise<() => void> {
  await revokeInvitesOf(chat, tx, who, user_id);
  const { key_ids, makers } = await endKeysOf(chat, tx, who, user_id);
  const off = await switchOffWebhooksOf(chat, tx, who, [user_id, ...makers]);
  return () => {
    ringKeys(chat, who.tenant_id, key_ids);
    for (const row of off) endpointsOf(chat).note(row);
  };
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
