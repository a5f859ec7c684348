/** The workspace's own sign, beside its name: set by who runs it, seen by whoever sees the name, which also who signs in does. */
import { and, eq, isNotNull, isNull } from "drizzle-orm";
import type { Tx } from "../../db/store.ts";
import type { Config } from "../protocol/tenants.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { type FilePlace, type FoundFile, foundAs } from "./files.ts";
import { knownTenants } from "./known-tenants.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { type Brought, forgetSmall, keepSmall, letGo } from "./small-pictures.ts";
import { changeTenant } from "./tenancy.ts";
import { configView } from "./tenant-config.ts";
import type { Tenant } from "./tenants.ts";

/** For admins: refuses `forbidden` to everybody else, before a byte is read, and as keepSmall does. */
export async function setLogo(chat: Chat, who: Principal, brought: Brought): Promise<Config> {
  if (who.role === "member") refuse("forbidden");
  const after = await keepSmall(
    chat,
    who,
    { purpose: "logo", shape: "whole" },
    brought,
    (tx, logo_id, by) => (by.role === "member" ? refuse("forbidden") : shown(chat, tx, by, logo_id)), // who was an admin when it began to come may be none by now
  );
  knownTenants(chat).note(after);
  return configView(chat, after);
}

/** For admins; without a logo does nothing. */
export async function removeLogo(chat: Chat, who: Principal): Promise<Config> {
  if (who.role === "member") refuse("forbidden");
  const { before, told } = await chat.store.write(async (tx) => {
    const done = await shown(chat, tx, who, null);
    await letGo(chat, tx, who.tenant_id, done.before);
    return done;
  });
  knownTenants(chat).note(told);
  await forgetSmall(chat, who.tenant_id, before);
  return configView(chat, told);
}

/** Needs no right: whoever may see the name may see it. Refuses `not_found`, also for every other file. */
export async function findLogo(chat: Chat, tenant: Pick<Tenant, "id">, { file_id }: FilePlace): Promise<FoundFile> {
  const { files } = chat.store.t;
  const own = and(eq(files.tenant_id, tenant.id), eq(files.id, file_id), eq(files.purpose, "logo"));
  const [row] = await chat.store.read
    .select()
    .from(files)
    .where(and(own, isNotNull(files.stored_at), isNull(files.removed_at)));
  return foundAs(chat, row ?? refuse("not_found"));
}

async function shown(chat: Chat, tx: Tx, who: Principal, logo_id: string | null): Promise<{ before: string | null; told: Tenant }> {
  let before: string | null = null;
  const { tenant, changed } = await changeTenant(chat, tx, who.tenant_id, ({ config }) => {
    const { logo_id: old, ...rest } = config ?? {};
    before = old ?? null;
    return { config: logo_id === null ? rest : { ...rest, logo_id } };
  });
  const entry = { actor_id: who.user_id, via: who.via, action: "config.changed", target_id: who.tenant_id, detail: { fields: "logo" } } as const;
  if (changed) await audit(chat, tx, { tenant_id: who.tenant_id, ...entry });
  return { before, told: tenant };
}
