/**
 * Invites: who holds a code may become a member of its tenant with its role, as often as it says, until it ends, and while whoever made it may come in
 * themselves. Codes are kept as hashes.
 */
import { and, desc, eq, gt, isNotNull, isNull, lt, notExists, sql } from "drizzle-orm";
import { lockTenant } from "../../db/locks.ts";
import type { Read, Tables, Tx } from "../../db/store.ts";
import type { Invite, InviteCheck, List, NewInvite } from "../protocol.ts";
import { asOfNow } from "./as-of-now.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { keyBehind, type Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { hashOf } from "./secrets.ts";
import type { Tenant } from "./tenants.ts";
import { looksOf, at } from "./views.ts";

/** For admins; only an owner invites admins. One that a key makes ends no later than that. The code is in this answer and nowhere else. */
export async function createInvite(chat: Chat, who: Principal, input: NewInvite): Promise<Invite> {
  refuseToInvite(who, input);
  const code = chat.newSecret();
  const now = chat.now();
  const via = keyBehind(who);
  const row = {
    tenant_id: who.tenant_id,
    id: chat.newId(),
    code_hash: hashOf(code),
    role: input.role,
    max_uses: input.max_uses,
    used_count: 0,
    created_by: who.user_id,
    expires_at: Math.min(now + input.expires_in_seconds * 1_000, via?.until ?? Infinity, via?.expires_at ?? Infinity),
    revoked_at: null,
    created_at: now,
    updated_at: now,
  };
  await chat.store.write(async (tx) => {
    await lockTenant(tx, who.tenant_id);
    refuseToInvite(await asOfNow(chat, tx, who), input);
    await tx.insert(chat.store.t.invites).values(row);
    await audit(chat, tx, {
      tenant_id: who.tenant_id,
      actor_id: who.user_id,
      via: who.via,
      action: "invite.made",
      target_id: row.id,
      detail: { role: row.role },
    });
  });
  return { ...inviteView(row), code };
}

function refuseToInvite(who: Principal, { role }: Pick<NewInvite, "role">): void {
  if (who.role === "member" || (role === "admin" && who.role !== "owner")) refuse("forbidden");
}

/** For admins, newest first; `cursor` is the id of the last one seen. Never a code. */
export async function listInvites(chat: Chat, who: Principal, input: { cursor?: string; limit?: number } = {}): Promise<List<Invite>> {
  if (who.role === "member") refuse("forbidden");
  const { invites } = chat.store.t;
  const limit = input.limit ?? 100;
  const rows = await chat.store.read
    .select()
    .from(invites)
    .where(and(eq(invites.tenant_id, who.tenant_id), input.cursor === undefined ? undefined : lt(invites.id, input.cursor)))
    .orderBy(desc(invites.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(inviteView);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next_cursor: last.id } : { items };
}

export async function revokeInvite(chat: Chat, who: Principal, input: { invite_id: string }): Promise<void> {
  if (who.role === "member") refuse("forbidden");
  const { invites } = chat.store.t;
  await chat.store.write(async (tx) => {
    const revoked = await tx
      .update(invites)
      .set({ revoked_at: sql`coalesce(${invites.revoked_at}, ${chat.now()})`, updated_at: chat.now() })
      .where(and(eq(invites.tenant_id, who.tenant_id), eq(invites.id, input.invite_id)))
      .returning({ id: invites.id });
    if (revoked.length === 0) refuse("not_found");
    await audit(chat, tx, { tenant_id: who.tenant_id, actor_id: who.user_id, via: who.via, action: "invite.revoked", target_id: input.invite_id });
  });
}

/** One answer for expired, used up, revoked and unknown codes, and for every code where nobody may register. */
export async function checkInvite(chat: Chat, tenant: Tenant, code: string): Promise<InviteCheck> {
  const { name, registration } = tenant;
  const valid = registration !== "closed" && (await isOpening(chat, tenant, code));
  return { workspace: name, valid, registration, ...looksOf(tenant) };
}

/** Whether somebody could use the code now; whoever comes in asks again by takeInvite. */
export async function isOpening(chat: Chat, tenant: Tenant, code: string): Promise<boolean> {
  const { invites } = chat.store.t;
  const found = await chat.store.read
    .select({ id: invites.id })
    .from(invites)
    .where(opens(chat, chat.store.read, tenant, code));
  return found.length === 1;
}

/** Uses the code once and gives its role: one UPDATE that also checks, so n uses are n under any race. Refuses `forbidden`. */
export async function takeInvite(chat: Chat, tx: Tx, tenant: Tenant, code: string): Promise<"admin" | "member"> {
  const { invites } = chat.store.t;
  const [taken] = await tx
    .update(invites)
    .set({ used_count: sql`${invites.used_count} + 1`, updated_at: chat.now() })
    .where(opens(chat, tx, tenant, code))
    .returning({ role: invites.role });
  return taken?.role ?? refuse("forbidden");
}

const opens = (chat: Chat, read: Pick<Read, "select">, tenant: Tenant, code: string) => {
  const { invites, users } = chat.store.t;
  const maker = and(eq(users.tenant_id, invites.tenant_id), eq(users.id, invites.created_by), isNotNull(users.disabled_at));
  return and(
    eq(invites.code_hash, hashOf(code)),
    eq(invites.tenant_id, tenant.id),
    isNull(invites.revoked_at),
    gt(invites.expires_at, chat.now()),
    lt(invites.used_count, invites.max_uses),
    notExists(read.select({ id: users.id }).from(users).where(maker)),
  );
};

function inviteView(row: Tables["invites"]["$inferSelect"]): Invite {
  return {
    id: row.id,
    role: row.role,
    max_uses: row.max_uses,
    used_count: row.used_count,
    expires_at: at(row.expires_at),
    ...(row.revoked_at !== null && { revoked_at: at(row.revoked_at) }),
    created_at: at(row.created_at),
  };
}
