/**
 * Refresh tokens. One is exchanged for a derived successor, so the old one answers with the same successor until that is first used, and for
 * ten seconds at least: two tabs at once and a lost answer cost nothing. A replay after that ends the family.
 */
import { and, eq } from "drizzle-orm";
import type { Tx } from "../../db/store.ts";
import type { Chat } from "./chat.ts";
import { CLOCKS_DIFFER_MS } from "./clocks.ts";
import { endFamily, isAlive, type SignedIn, signed, tokenRow } from "./families.ts";
import { refuse } from "./refusal.ts";
import { hashOf, successorOf } from "./secrets.ts";
import type { Tenant } from "./tenants.ts";
import type { Person } from "./user-rows.ts";

const GRACE_MS = 10_000; // two tabs, or an answer lost on the way

/** Exchanges a refresh token for its successor and an access token. Refuses `unauthorized`; a replay also ends the family. */
export async function refresh(chat: Chat, tenant: Tenant, token: string): Promise<SignedIn> {
  const outcome = await chat.store.write((tx) => exchange(chat, tx, tenant, token));
  if (outcome === null) return refuse("unauthorized");
  if ("replayed" in outcome) {
    chat.backplane.ringUser(outcome.replayed);
    return refuse("unauthorized");
  }
  return signed(chat, outcome.person, outcome.sign_in_id, outcome.successor);
}

type Exchanged = { person: Person; sign_in_id: string; successor: string } | { replayed: { tenant_id: string; user_id: string } } | null;

async function exchange(chat: Chat, tx: Tx, tenant: Tenant, token: string): Promise<Exchanged> {
  const { t } = chat.store;
  const now = chat.now();
  const ours = and(eq(t.refresh_tokens.hash, hashOf(token)), eq(t.refresh_tokens.tenant_id, tenant.id));
  const [locked] = await tx.update(t.refresh_tokens).set({ tenant_id: tenant.id }).where(ours).returning(); // waits for a twin in flight
  if (!locked) return null;
  const [found] = await tx
    .select({ sign_in: t.sign_ins, person: t.users })
    .from(t.sign_ins)
    .innerJoin(t.users, and(eq(t.users.tenant_id, t.sign_ins.tenant_id), eq(t.users.id, t.sign_ins.user_id)))
    .where(and(eq(t.sign_ins.tenant_id, tenant.id), eq(t.sign_ins.id, locked.sign_in_id)));
  if (!found || !isAlive(chat, found.sign_in) || found.person.disabled_at !== null) return null;
  const successor = successorOf(token, chat.keys.refresh);
  if (locked.used_at !== null && isGraceOver(locked.used_at, now) && (await isUsed(chat, tx, successor))) {
    return { replayed: await endFamily(chat, tx, found.sign_in, "sign_in.replayed") };
  }
  if (locked.used_at === null) await tx.update(t.refresh_tokens).set({ used_at: now }).where(ours);
  await tx
    .insert(t.refresh_tokens)
    .values(tokenRow(chat, found.sign_in, successor, now))
    .onConflictDoNothing();
  await tx
    .update(t.sign_ins)
    .set({ seen_at: now })
    .where(and(eq(t.sign_ins.tenant_id, tenant.id), eq(t.sign_ins.id, found.sign_in.id)));
  return { person: found.person, sign_in_id: found.sign_in.id, successor };
}

const isGraceOver = (used_at: number, now: number): boolean => now - used_at >= GRACE_MS || used_at - now > CLOCKS_DIFFER_MS;

async function isUsed(chat: Chat, tx: Tx, token: string): Promise<boolean> {
  const { refresh_tokens } = chat.store.t;
  const [row] = await tx
    .select({ used_at: refresh_tokens.used_at })
    .from(refresh_tokens)
    .where(eq(refresh_tokens.hash, hashOf(token)));
  return row !== undefined && row.used_at !== null;
}
