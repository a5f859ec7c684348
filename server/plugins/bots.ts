/** Bots of plugins: users of a tenant that nobody signs in as, whose right is a sign-in like another, so that disabling them ends it. */
import { and, eq } from "drizzle-orm";
import type { Chat } from "../chat/chat.ts";
import type { SignedInPrincipal } from "../chat/principal.ts";
import { refuse } from "../chat/refusal.ts";
import { principalOf } from "../chat/sign-ins.ts";
import { insertUser } from "../chat/user-rows.ts";

export type Bot = { username: string; display_name: string };

/**
 * The bot of this name, made when there is none. Refuses `conflict` where a person has the username, and `forbidden` while the bot is disabled.
 */
export function createBots(chat: () => Chat, plugin: string): (tenant_id: string, bot: Bot) => Promise<SignedInPrincipal> {
  const known = new Map<string, Promise<SignedInPrincipal>>(); // by tenant and username; the space is in neither

  return async (tenant_id, bot) => {
    const key = `${tenant_id} ${bot.username}`;
    const kept = await known.get(key)?.catch(() => null);
    const alive = kept && (await principalOf(chat(), { tid: tenant_id, sub: kept.user_id, sid: kept.via.sign_in_id }));
    if (alive) return alive;
    const coming = enter(chat(), tenant_id, bot, `plugin ${plugin}`);
    known.set(key, coming);
    return coming;
  };
}

async function enter(chat: Chat, tenant_id: string, bot: Bot, device: string): Promise<SignedInPrincipal> {
  const { t, read } = chat.store;
  const named = and(eq(t.users.tenant_id, tenant_id), eq(t.users.username, bot.username));
  const [found] = await read.select().from(t.users).where(named);
  const sign_in_id = chat.newId();
  const now = chat.now();
  const { id, role } = await chat.store.write(async (tx) => {
    const user = found ?? (await insertUser(chat, tx, { ...bot, tenant_id, kind: "bot", password_hash: null, role: "member" }));
    if (user.kind !== "bot") refuse("conflict");
    if (user.disabled_at !== null) refuse("forbidden");
    await tx.insert(t.sign_ins).values({ tenant_id, id: sign_in_id, user_id: user.id, device, born_at: now, seen_at: now, ended_at: null });
    return user;
  });
  return { tenant_id, user_id: id, role, via: { sign_in_id } };
}
