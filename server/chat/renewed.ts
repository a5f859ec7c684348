/** A right as of now, whatever carries it: asked again wherever one outlives the moment it was shown. */
import type { Chat } from "./chat.ts";
import { renewedByKey } from "./key-rights.ts";
import type { Principal, Right } from "./principal.ts";
import { principalOf } from "./sign-ins.ts";

/** Null when it has ended: the sign-in is over, the key or its token is, or the user is disabled. The role is the user's by now. */
export async function renewed(chat: Chat, { tenant_id, user_id, via, room_id }: Right): Promise<Principal | null> {
  const who =
    "sign_in_id" in via
      ? await principalOf(chat, { tid: tenant_id, sub: user_id, sid: via.sign_in_id })
      : await renewedByKey(chat, { tenant_id, user_id, via });
  return who && room_id !== undefined ? { ...who, room_id } : who;
}
