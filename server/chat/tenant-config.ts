/** A tenant's own settings: read and set by its owner and admins, within what the operator allows. Each has its effect within a second, on every instance. */
import { eq } from "drizzle-orm";
import type { TenantCeilings, TenantConfig } from "../../db/schema-of-api.ts";
import { type Config, CONFIG_BOUNDS, type PatchConfig } from "../protocol/tenants.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { knownTenants } from "./known-tenants.ts";
import { above, ceilingsOf, messageLimits } from "./limits.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { changeTenant, nameOf } from "./tenancy.ts";
import type { Tenant } from "./tenants.ts";

/** What holds now. For admins: refuses `forbidden` to everybody else. */
export async function getConfig(chat: Chat, who: Principal): Promise<Config> {
  if (who.role === "member") refuse("forbidden");
  const { tenants } = chat.store.t;
  const [tenant] = await chat.store.read.select().from(tenants).where(eq(tenants.id, who.tenant_id));
  return configView(chat, tenant ?? refuse("unauthorized"));
}

/**
 * Sets what is given; what is so already is not set, not logged and not told to anybody. For admins. Refuses `invalid`: what is above the ceilings of this tenant, an origin that no browser writes so, a first retry
 * that is longer than the longest.
 */
export async function patchConfig(chat: Chat, who: Principal, input: PatchConfig): Promise<Config> {
  if (who.role === "member") refuse("forbidden");
  const after = await chat.store.write(async (tx) => {
    const { tenant, changed } = await changeTenant(chat, tx, who.tenant_id, (before) => {
      const config = configured(chat, before.config ?? {}, input);
      const { registration = before.registration, directory = before.directory } = input;
      const name = input.name === undefined ? before.name : nameOf(input.name);
      return { name, registration, directory, config, limits: messageLimits(config) };
    });
    const detail = { fields: Object.keys(input).sort().join(", ") };
    const entry = { actor_id: who.user_id, via: who.via, action: "config.changed", target_id: who.tenant_id, detail } as const;
    if (changed) await audit(chat, tx, { tenant_id: who.tenant_id, ...entry });
    return tenant;
  });
  knownTenants(chat).note(after);
  return configView(chat, after);
}

function configured(chat: Chat, before: TenantConfig, input: PatchConfig): TenantConfig {
  const { name: _, registration: __, directory: ___, limits, allowed_origins, ...own } = input;
  const ceilings = ceilingsOf(chat, before);
  const wrong = [
    ...above(own, ceilings),
    ...above(limits ?? {}, ceilings).map((name) => `limits.${name}`),
    ...(allowed_origins ?? []).flatMap((origin, i) => (isOrigin(origin) ? [] : [`allowed_origins.${i}`])),
  ];
  if (wrong.length > 0) refuse("invalid", { fields: wrong });
  const lowered = given({ ...before.limits, ...limits });
  const next: TenantConfig = given({
    ...before,
    ...own,
    ...(allowed_origins && { allowed_origins: [...new Set(allowed_origins)] }),
    limits: Object.keys(lowered).length > 0 ? lowered : null, // what is put off leaves nothing behind
  });
  if ((next.webhook_first_retry_ms ?? 0) > (next.webhook_longest_retry_ms ?? Infinity)) refuse("invalid", { fields: ["webhook_first_retry_ms"] });
  return next;
}

/** Exactly as a browser names a page of http or https: so it is compared with what one says. */
function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/u.test(url.protocol) && url.origin === text;
}

type Given<T> = { [K in keyof T]: Exclude<T[K], null> };

/** Without what was put off. */
function given<T extends object>(settings: T): Given<T> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null)) as Given<T>; // what is null has just been left out
}

export function configView(chat: Chat, { name, registration, directory, config: own }: Tenant): Config {
  const config = own ?? {};
  const ceilings = ceilingsOf(chat, config);
  const least = (ceiling: number, wish: number | undefined): number => Math.min(ceiling, wish ?? Infinity);
  return {
    name,
    accent: config.accent ?? null,
    logo_id: config.logo_id ?? null,
    registration,
    directory,
    receipts: config.receipts ?? false,
    retention_days: config.retention_days ?? null,
    allowed_origins: config.allowed_origins ?? [],
    limits: {
      content_points: least(ceilings.content_points, config.limits?.content_points),
      content_bytes: least(ceilings.content_bytes, config.limits?.content_bytes),
      meta_bytes: least(ceilings.meta_bytes, config.limits?.meta_bytes),
      file_bytes: least(ceilings.file_bytes, config.limits?.file_bytes),
    },
    requests_per_second: least(ceilings.requests_per_second, config.requests_per_second),
    sends_per_second: least(ceilings.sends_per_second, config.sends_per_second),
    webhook_attempts: config.webhook_attempts ?? null,
    webhook_first_retry_ms: config.webhook_first_retry_ms ?? null,
    webhook_longest_retry_ms: config.webhook_longest_retry_ms ?? null,
    ranges: rangesOf(chat, ceilings),
  };
}

function rangesOf(chat: Chat, ceilings: Required<TenantCeilings>): Config["ranges"] {
  const { attempts, first_retry_ms, longest_retry_ms } = chat.config.webhooks;
  const within = ([least, most]: readonly [number, number], usual: number | null) => ({ least, most, usual });
  const under = (least: number, ceiling: number) => ({ least, most: ceiling, usual: ceiling });
  return {
    retention_days: within(CONFIG_BOUNDS.retention_days, null),
    "limits.content_points": under(1, ceilings.content_points),
    "limits.content_bytes": under(1, ceilings.content_bytes),
    "limits.meta_bytes": under(2, ceilings.meta_bytes),
    "limits.file_bytes": under(1, ceilings.file_bytes),
    requests_per_second: under(1, ceilings.requests_per_second),
    sends_per_second: under(1, ceilings.sends_per_second),
    webhook_attempts: within(CONFIG_BOUNDS.webhook_attempts, attempts),
    webhook_first_retry_ms: within(CONFIG_BOUNDS.webhook_first_retry_ms, first_retry_ms),
    webhook_longest_retry_ms: within(CONFIG_BOUNDS.webhook_longest_retry_ms, longest_retry_ms),
  };
}
