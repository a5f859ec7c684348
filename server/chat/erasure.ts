/**
 * Somebody's personal data goes: their name, username, password, devices, settings, status, picture, what they put by and what was to be told to
 * them. The row stays, so that what they wrote still has a sender, and so do their reactions, which are counted as somebody's. It is for good.
 */
import { and, eq, sql } from "drizzle-orm";
import { lockTenant, lockUser } from "../../db/locks.ts";
import type { Tx } from "../../db/store.ts";
import type { Erasure, NewErasure } from "../protocol/people.ts";
import { asOfNow } from "./as-of-now.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { removeMessagesOf } from "./removal-of-all.ts";
import { raiseRights } from "./rights.ts";
import { endSignIns } from "./sign-ins.ts";
import { forgetSmall, letGoFaces } from "./small-pictures.ts";
import { revokeInvitesOf } from "./standing-of-users.ts";
import { adminViews } from "./user-list.ts";
import { renameIn } from "./user-names.ts";
import { type Person, personIn, personKey } from "./user-rows.ts";
import { anotherOwner, tellOf } from "./users.ts";

export const FORMER_MEMBER = "Former member";

/**
 * For admins; only an owner erases an owner, nobody themselves. With `messages: "remove"` what they wrote leaves tombstones, some of it at each
 * request: while `messages_left`, the same request goes on. Refuses `forbidden`, `not_found`, `conflict` (the last owner).
 */
export async function eraseUser(chat: Chat, who: Principal, input: { user_id: string } & NewErasure): Promise<Erasure> {
  if (who.role === "member" || who.room_id !== undefined || input.user_id === who.user_id) refuse("forbidden");
  const { tenant_id } = who;
  const before = await personIn(chat, chat.store.read, tenant_id, input.user_id);
  if (before.role === "owner" && who.role !== "owner") refuse("forbidden");
  const person = before.disabled_why === "erased" ? before : await chat.store.write((tx) => erase(chat, tx, who, input));
  if (person !== before) {
    await forgetSmall(chat, tenant_id, before.avatar_id);
    await tellOf(chat, person);
    chat.backplane.ringUser({ tenant_id, user_id: person.id });
  }
  await forgetOwed(chat, person);
  const messages_left = input.messages === "remove" && (await removeMessagesOf(chat, who, person.id));
  const [user] = await adminViews(chat, [person]);
  return { user: user ?? refuse("not_found"), messages_left };
}

async function erase(chat: Chat, tx: Tx, who: Principal, input: { user_id: string } & NewErasure): Promise<Person> {
  const { users } = chat.store.t;
  const { tenant_id, user_id, via } = who;
  await lockTenant(tx, tenant_id);
  const by = await asOfNow(chat, tx, who);
  if (by.role === "member") refuse("forbidden");
  await lockUser(tx, { tenant_id, user_id: input.user_id }); // they may be giving themselves another name
  const person = await personIn(chat, tx, tenant_id, input.user_id);
  if (person.role === "owner" && by.role !== "owner") refuse("forbidden"); // they were none when it was asked
  if (person.role === "owner") await anotherOwner(chat, tx, person);
  const bare = {
    username: null,
    display_name: FORMER_MEMBER,
    password_hash: null,
    role: "member" as const,
    settings: {},
    disabled_at: person.disabled_at ?? chat.now(),
    disabled_why: "erased" as const,
    avatar_id: null,
    status_text: null,
    status_emoji: null,
    status_until: null,
    last_seen_at: null,
    updated_at: chat.now(),
  };
  await tx
    .update(users)
    .set(bare)
    .where(personKey(chat, tenant_id, person.id));
  await renameIn(chat, tx, person, { ...person, username: null, display_name: "" }); // nobody is found by what they were called
  await endSignIns(chat, tx, person);
  await forgetTraces(chat, tx, person);
  await revokeInvitesOf(chat, tx, who, person.id);
  await raiseRights(chat, tx, tenant_id, [person.id]);
  const detail = { messages: input.messages };
  await audit(chat, tx, { tenant_id, actor_id: user_id, via, action: "user.erased", target_id: person.id, detail });
  return { ...person, ...bare };
}

const BATCH = 500;

/** What was to be told to them, however much that is: in small transactions, and by the next request where this one is broken off. */
async function forgetOwed(chat: Chat, { tenant_id, id }: Person): Promise<void> {
  const { deliveries } = chat.store.t;
  const theirs = and(eq(deliveries.tenant_id, tenant_id), eq(deliveries.courier, "user"), eq(deliveries.target_id, id));
  const forgotten = (tx: Tx) => {
    const some = tx.select({ tenant_id: deliveries.tenant_id, id: deliveries.id }).from(deliveries).where(theirs).limit(BATCH);
    return tx
      .delete(deliveries)
      .where(sql`(${deliveries.tenant_id}, ${deliveries.id}) IN ${some}`)
      .returning({ id: deliveries.id });
  };
  while ((await chat.store.write(forgotten)).length === BATCH);
}

async function forgetTraces(chat: Chat, tx: Tx, { tenant_id, id }: Person): Promise<void> {
  const { sign_ins, saved, subscriptions, idempotency_keys } = chat.store.t;
  await tx
    .update(sign_ins)
    .set({ device: "" })
    .where(and(eq(sign_ins.tenant_id, tenant_id), eq(sign_ins.user_id, id)));
  await tx.delete(saved).where(and(eq(saved.tenant_id, tenant_id), eq(saved.user_id, id)));
  await tx.delete(subscriptions).where(and(eq(subscriptions.tenant_id, tenant_id), eq(subscriptions.user_id, id)));
  await tx.delete(idempotency_keys).where(and(eq(idempotency_keys.tenant_id, tenant_id), eq(idempotency_keys.asker, id)));
  await letGoFaces(chat, tx, { tenant_id, id });
}
