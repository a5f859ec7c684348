/** Somebody leaves the workspace: what they wrote stays, and an admin can let them in again. */
import { lockTenant } from "../../db/locks.ts";
import type { NewDeactivation } from "../protocol/people.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { keyBehind, type Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { raiseRights } from "./rights.ts";
import { confirmed, endSignIns } from "./sign-ins.ts";
import { personIn, personKey } from "./user-rows.ts";
import { anotherOwner, tellOf } from "./users.ts";

/**
 * Deactivates oneself: all sign-ins end, and all sockets within two seconds. Refuses `forbidden` (a wrong password, a key), `conflict` for the last
 * owner, who hands the workspace over first.
 */
export async function deactivateMe(chat: Chat, who: Principal, input: NewDeactivation): Promise<void> {
  const { tenant_id, user_id, via } = who;
  if (keyBehind(who)) refuse("forbidden");
  await confirmed(chat, who, "password", input.password);
  const gone = await chat.store.write(async (tx) => {
    await lockTenant(tx, tenant_id);
    const person = await personIn(chat, tx, tenant_id, user_id);
    if (person.role === "owner") await anotherOwner(chat, tx, person);
    const end = { disabled_at: person.disabled_at ?? chat.now(), disabled_why: person.disabled_why ?? ("deactivated" as const) };
    await tx
      .update(chat.store.t.users)
      .set({ ...end, updated_at: chat.now() })
      .where(personKey(chat, tenant_id, user_id));
    await endSignIns(chat, tx, person);
    await raiseRights(chat, tx, tenant_id, [user_id]);
    await audit(chat, tx, { tenant_id, actor_id: user_id, via, action: "user.left", target_id: user_id });
    return { ...person, ...end };
  });
  await tellOf(chat, gone);
  chat.backplane.ringUser({ tenant_id, user_id });
}
