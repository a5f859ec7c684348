/** The workspace passes to somebody else: in one transaction, so that there is never none who owns it. */
import { and, eq, inArray } from "drizzle-orm";
import { lockTenant } from "../../db/locks.ts";
import type { AdminUser, NewOwner } from "../protocol/people.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { keyBehind, type Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { raiseRights } from "./rights.ts";
import { adminViews } from "./user-list.ts";
import type { Person } from "./user-rows.ts";
import { couldSignIn, tellOf } from "./users.ts";

/**
 * Makes somebody the owner, and oneself an admin. For an owner who signed in. Refuses `forbidden` (no owner, a key, oneself), `not_found`, and
 * `conflict` where nobody could sign in as them: a bot, who is deactivated, who has no password.
 */
export async function handOver(chat: Chat, who: Principal, input: NewOwner): Promise<AdminUser> {
  if (who.role !== "owner" || keyBehind(who) || who.room_id !== undefined || input.user_id === who.user_id) refuse("forbidden");
  const { users } = chat.store.t;
  const { tenant_id, user_id, via } = who;
  const changed = await chat.store.write(async (tx) => {
    const both = and(eq(users.tenant_id, tenant_id), inArray(users.id, [user_id, input.user_id]));
    await lockTenant(tx, tenant_id);
    await raiseRights(chat, tx, tenant_id, [user_id, input.user_id]);
    const people = await tx.select().from(users).where(both);
    const before = people.find(({ id }) => id === user_id);
    const heir = people.find(({ id }) => id === input.user_id) ?? refuse("not_found");
    if (before?.role !== "owner" || before.disabled_at !== null) refuse("forbidden");
    if (heir.disabled_at !== null || !couldSignIn(heir)) refuse("conflict");
    const give = async (person: Person, role: Person["role"]): Promise<Person> => {
      const set = { role, updated_at: chat.now() };
      await tx
        .update(users)
        .set(set)
        .where(and(eq(users.tenant_id, tenant_id), eq(users.id, person.id)));
      return { ...person, ...set };
    };
    const next = { heir: await give(heir, "owner"), before: await give(before, "admin") };
    await audit(chat, tx, { tenant_id, actor_id: user_id, via, action: "workspace.handed_over", target_id: heir.id });
    return next;
  });
  for (const person of [changed.heir, changed.before]) {
    await tellOf(chat, person);
    chat.backplane.ringUser({ tenant_id, user_id: person.id });
  }
  const [view] = await adminViews(chat, [changed.heir]);
  return view ?? refuse("not_found");
}
