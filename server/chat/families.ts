/** A sign-in is a family of refresh tokens: how long it lives, what its tokens are, and how it ends. */
import { and, eq, inArray, isNull, lte } from "drizzle-orm";
import type { Tx } from "../../db/store.ts";
import type { User } from "../protocol.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { raiseRights } from "./rights.ts";
import { hashOf } from "./secrets.ts";
import type { Person } from "./user-rows.ts";
import { userView } from "./views.ts";

export type SignedIn = { access_token: string; expires_in: number; refresh_token: string; user: User; sign_in_id: string };
export type SignInRow = { tenant_id: string; id: string; user_id: string; device: string; born_at: number; seen_at: number; ended_at: number | null };

/** Seven idle days or thirty in all end a family; an open socket counts as use (live/rights.ts). */
export const isAlive = (chat: Chat, { ended_at, born_at, seen_at }: Pick<SignInRow, "ended_at" | "born_at" | "seen_at">): boolean =>
  ended_at === null && chat.now() < born_at + chat.config.refresh_ttl_ms && chat.now() < seen_at + chat.config.refresh_idle_ms;

export function tokenRow(chat: Chat, sign_in: Pick<SignInRow, "tenant_id" | "id" | "born_at">, token: string, now: number) {
  const expires_at = sign_in.born_at + chat.config.refresh_ttl_ms; // whether it has been idle too long, its family knows
  return { hash: hashOf(token), tenant_id: sign_in.tenant_id, sign_in_id: sign_in.id, used_at: null, expires_at, created_at: now };
}

export async function endFamily(
  chat: Chat,
  tx: Tx,
  row: SignInRow,
  action: "sign_in.ended" | "sign_in.replayed",
): Promise<{ tenant_id: string; user_id: string }> {
  const { sign_ins } = chat.store.t;
  const { tenant_id, user_id } = row;
  await raiseRights(chat, tx, tenant_id, [user_id]); // first: who disables somebody holds their row, and then wants their sign-ins
  await tx
    .update(sign_ins)
    .set({ ended_at: chat.now() })
    .where(and(eq(sign_ins.tenant_id, tenant_id), eq(sign_ins.id, row.id), isNull(sign_ins.ended_at)));
  await audit(chat, tx, { tenant_id, actor_id: user_id, action, target_id: row.id });
  return { tenant_id, user_id };
}

export async function signed(chat: Chat, person: Person, sign_in_id: string, refresh_token: string): Promise<SignedIn> {
  const expires_in = Math.floor(chat.config.access_ttl_ms / 1_000);
  const access_token = await chat.tokens.sign({ typ: "access", tid: person.tenant_id, sub: person.id, sid: sign_in_id }, expires_in);
  return { access_token, expires_in, refresh_token, user: userView(chat, person), sign_in_id };
}

/** These are in use now. Gives those that have lived their longest: they end, whoever uses them. */
export async function touchFamilies(
  chat: Chat,
  tenant_id: string,
  sign_in_ids: readonly string[],
): Promise<{ tenant_id: string; user_id: string }[]> {
  const { sign_ins } = chat.store.t;
  const theirs = and(eq(sign_ins.tenant_id, tenant_id), inArray(sign_ins.id, [...sign_in_ids]));
  const now = chat.now();
  await chat.store.write((tx) =>
    tx
      .update(sign_ins)
      .set({ seen_at: now })
      .where(and(theirs, isNull(sign_ins.ended_at))),
  );
  return chat.store.read
    .select({ tenant_id: sign_ins.tenant_id, user_id: sign_ins.user_id })
    .from(sign_ins)
    .where(and(theirs, lte(sign_ins.born_at, now - chat.config.refresh_ttl_ms)));
}
