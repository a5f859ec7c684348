/** What a ban takes along. */
import type { Tx } from "../../db/store.ts";
import { endKeysOf, ringKeys } from "./api-keys.ts";
import type { Chat } from "./chat.ts";
import { endpointsOf } from "./endpoints.ts";
import type { Principal } from "./principal.ts";
import { revokeInvitesOf } from "./standing-of-users.ts";
import { switchOffWebhooksOf } from "./webhooks.ts";

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
