/**
 * The operator's tenants: each fully apart, made, changed and closed by whoever holds the operator's key. Their own people have no part in it, and
 * each of these deeds stands in the audit log of the tenant it was done to, without an actor.
 */
import { asc, eq, gt } from "drizzle-orm";
import { storeFaultOf } from "../../db/faults.ts";
import type { TenantCeilings, TenantConfig } from "../../db/schema-of-api.ts";
import type { Tx } from "../../db/store.ts";
import type { List } from "../protocol.ts";
import type { Ceilings, NewlyMadeTenant, NewTenant, PatchTenant, TenantTold } from "../protocol/tenants.ts";
import { insertFirstKey } from "./api-keys.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { knownTenants } from "./known-tenants.ts";
import { above, ceilingsOf, messageLimits } from "./limits.ts";
import { foldUsername } from "./names.ts";
import { checkPassword, hashPassword } from "./passwords.ts";
import { refuse } from "./refusal.ts";
import { firstTenant, insertOwner, OPERATORS, type Tenant } from "./tenants.ts";
import { at } from "./views.ts";

const BY_OPERATOR = { by: "operator" };

/** Makes a tenant. Refuses `conflict` (the host is another's), `invalid` (a name of nothing, limits above the server's, the owner's name or password). */
export async function createTenant(chat: Chat, input: NewTenant): Promise<NewlyMadeTenant> {
  const now = chat.now();
  const ceilings = checkedCeilings(chat, {}, input.limits ?? {});
  const owner = input.owner && (await ownerOf(input.owner));
  const { registration = "invite", directory = false, receipts } = input;
  const config: TenantConfig = { ceilings, ...(receipts !== undefined && { receipts }) };
  const made: Tenant = {
    id: `${OPERATORS}${chat.newId()}`,
    name: nameOf(input.name),
    host: hostOf(chat, input.host ?? null),
    registration,
    directory,
    limits: messageLimits(config),
    config,
    disabled_at: null,
    created_at: now,
    updated_at: now,
  };
  const api_key = await chat.store
    .write(async (tx) => {
      await tx.insert(chat.store.t.tenants).values(made);
      await auditDeed(chat, tx, made, "tenant.made");
      if (owner) await insertOwner(chat, tx, { tenant_id: made.id, ...owner });
      return input.api_key && (await insertFirstKey(chat, tx, made.id, input.api_key));
    })
    .catch(taken);
  knownTenants(chat).note(made);
  return { ...tenantView(made), ...(api_key && { api_key }) };
}

/** All tenants by id, closed ones too; `cursor` is the last id of the page before. */
export async function listTenants(chat: Chat, input: { cursor?: string; limit?: number } = {}): Promise<List<TenantTold>> {
  const { tenants } = chat.store.t;
  const limit = input.limit ?? 100;
  const rows = await chat.store.read
    .select()
    .from(tenants)
    .where(input.cursor === undefined ? undefined : gt(tenants.id, input.cursor))
    .orderBy(asc(tenants.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(tenantView);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next_cursor: last.id } : { items };
}

export async function getTenant(chat: Chat, input: { tenant_id: string }): Promise<TenantTold> {
  const { tenants } = chat.store.t;
  const [row] = await chat.store.read.select().from(tenants).where(eq(tenants.id, input.tenant_id));
  return tenantView(row ?? refuse("not_found"));
}

/**
 * Changes what is given, and says so in the log where that is another than before; a limit that is null is the server's again. `disabled` closes or opens the tenant: from its COMMIT on no credential of a closed
 * one holds, and its sockets end within two seconds, wherever they are. The first tenant cannot be closed: `forbidden`. Otherwise refuses as createTenant does.
 */
export async function patchTenant(chat: Chat, input: { tenant_id: string } & PatchTenant): Promise<TenantTold> {
  const { tenant_id, disabled, name, host, registration, directory, receipts, limits } = input;
  if (disabled === true && (await firstTenant(chat))?.id === tenant_id) refuse("forbidden");
  const given = {
    ...(name !== undefined && { name: nameOf(name) }),
    ...(host !== undefined && { host: hostOf(chat, host, tenant_id) }),
    ...(registration !== undefined && { registration }),
    ...(directory !== undefined && { directory }),
  };
  const after = await chat.store
    .write(async (tx) => {
      const { tenant, changed } = await changeTenant(chat, tx, tenant_id, (before) => {
        const config = limits ? { ...before.config, ceilings: checkedCeilings(chat, before.config?.ceilings ?? {}, limits) } : before.config;
        return {
          ...given,
          ...(disabled !== undefined && { disabled_at: disabled ? (before.disabled_at ?? chat.now()) : null }),
          ...(limits && config && { limits: messageLimits(config) }),
          config: receipts === undefined ? config : { ...config, receipts },
        };
      });
      const deed = disabled === undefined ? "tenant.changed" : disabled ? "tenant.closed" : "tenant.opened";
      if (changed) await auditDeed(chat, tx, tenant, deed);
      return tenant;
    })
    .catch(taken);
  knownTenants(chat).note(after);
  return tenantView(after);
}

export const closeTenant = async (chat: Chat, input: { tenant_id: string }): Promise<void> =>
  void (await patchTenant(chat, { ...input, disabled: true }));

/**
 * The tenant's row as `change` makes it, locked until commit: its settings are one JSON, which two at once would otherwise take from each other.
 * Where anything is another by that, `updated_at` rises, by which every instance finds out and looks through its sockets; note the row in
 * knownTenants after COMMIT. Refuses `not_found`.
 */
export async function changeTenant(
  chat: Chat,
  tx: Tx,
  tenant_id: string,
  change: (tenant: Tenant) => Partial<Tenant>,
): Promise<{ tenant: Tenant; changed: boolean }> {
  const { tenants } = chat.store.t;
  const own = eq(tenants.id, tenant_id);
  const [before] = await tx.update(tenants).set({ updated_at: tenants.updated_at }).where(own).returning(); // the lock alone
  if (!before) return refuse("not_found");
  const next = { ...before, ...change(before) };
  if (Bun.deepEquals({ ...before, config: before.config ?? {} }, { ...next, config: next.config ?? {} })) return { tenant: before, changed: false };
  const tenant = { ...next, updated_at: Math.max(chat.now(), before.updated_at + 1) };
  await tx.update(tenants).set(tenant).where(own);
  return { tenant, changed: true };
}

/** Those of before with what is given; null puts one off. Refuses `invalid` above the server's own. */
function checkedCeilings(chat: Chat, before: TenantCeilings, wished: Ceilings): TenantCeilings {
  const wrong = above(wished, ceilingsOf(chat, {}));
  if (wrong.length > 0) refuse("invalid", { fields: wrong.map((name) => `limits.${name}`) });
  return Object.fromEntries(Object.entries({ ...before, ...wished }).filter(([, value]) => value !== null));
}

/** As people see it. Refuses `invalid`. */
export function nameOf(name: string): string {
  const trimmed = name.trim();
  return trimmed === "" || !trimmed.isWellFormed() || trimmed.includes("\0") ? refuse("invalid", { fields: ["name"] }) : trimmed;
}

/** Folded. Refuses `conflict` for that of the public address, which is the first tenant's. */
function hostOf(chat: Chat, host: string | null, tenant_id = OPERATORS): string | null {
  if (host === null) return null;
  const folded = host.toLowerCase();
  const own = chat.config.public_url === null ? null : new URL(chat.config.public_url).hostname;
  return folded === own && tenant_id.startsWith(OPERATORS) ? refuse("conflict", { fields: ["host"] }) : folded;
}

async function ownerOf({ username, password }: { username: string; password: string }) {
  const folded = foldUsername(username) ?? refuse("invalid", { fields: ["owner.username"] });
  checkPassword(password);
  return { username: folded, display_name: username.trim(), password_hash: await hashPassword(password, "operator") };
}

function taken(fault: unknown): never {
  const known = storeFaultOf(fault);
  if (known?.kind === "conflict" && known.constraint === "tenants_host") refuse("conflict", { fields: ["host"] });
  throw fault;
}

const auditDeed = (chat: Chat, tx: Tx, { id }: Tenant, action: `tenant.${string}`): Promise<void> =>
  audit(chat, tx, { tenant_id: id, actor_id: null, action, target_id: id, detail: BY_OPERATOR });

function tenantView(row: Tenant): TenantTold {
  return {
    id: row.id,
    name: row.name,
    host: row.host,
    registration: row.registration,
    directory: row.directory,
    receipts: row.config?.receipts ?? false,
    limits: row.config?.ceilings ?? {},
    ...(row.disabled_at !== null && { disabled_at: at(row.disabled_at) }),
    created_at: at(row.created_at),
  };
}
