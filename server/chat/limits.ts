/** How much a tenant may: the server's ceilings, under them what the operator has set for this tenant, under that what it has set for itself. */
import { eq } from "drizzle-orm";
import type { TenantLimits } from "../../db/schema.ts";
import type { TenantCeilings, TenantConfig } from "../../db/schema-of-api.ts";
import type { Limits } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { knownTenants } from "./known-tenants.ts";
import type { Rate } from "./limiter.ts";
import { given, prepared } from "./prepared.ts";

export async function limitsOf(chat: Chat, tenant_id: string): Promise<Limits> {
  const [tenant] = await limitsIn(chat, { tenant_id });
  return lowered(chat.config.limits, tenant?.limits ?? {});
}

const limitsIn = prepared(({ read, t: { tenants } }) =>
  read
    .select({ limits: tenants.limits })
    .from(tenants)
    .where(eq(tenants.id, given("tenant_id")))
    .prepare("limits"),
);

export function lowered(ceilings: Limits, own: TenantLimits): Limits {
  const { content_points, content_bytes, meta_bytes, file_bytes } = own;
  if (content_points === undefined && content_bytes === undefined && meta_bytes === undefined && file_bytes === undefined) return ceilings; // nearly always
  return {
    ...ceilings,
    content_points: Math.min(ceilings.content_points, content_points ?? Infinity),
    content_bytes: Math.min(ceilings.content_bytes, content_bytes ?? Infinity),
    meta_bytes: Math.min(ceilings.meta_bytes, meta_bytes ?? Infinity),
    file_bytes: Math.min(ceilings.file_bytes, file_bytes ?? Infinity),
  };
}

/** What this tenant may not pass: the server's ceilings, or where the operator has set lower ones for it, those. */
export function ceilingsOf({ config: { limits, storage_bytes, requests, sends } }: Chat, config: TenantConfig): Required<TenantCeilings> {
  const server = { ...limits, storage_bytes, requests_per_second: requests.per_second, sends_per_second: sends.per_second };
  const least = (name: keyof TenantCeilings): number => Math.min(server[name], config.ceilings?.[name] ?? Infinity);
  return {
    content_points: least("content_points"),
    content_bytes: least("content_bytes"),
    meta_bytes: least("meta_bytes"),
    file_bytes: least("file_bytes"),
    storage_bytes: least("storage_bytes"),
    requests_per_second: least("requests_per_second"),
    sends_per_second: least("sends_per_second"),
  };
}

/** The names of those that lie above. */
export const above = (wished: { [K in keyof TenantCeilings]?: number | null }, ceilings: Required<TenantCeilings>): (keyof TenantCeilings)[] =>
  names.filter((name) => (wished[name] ?? 0) > ceilings[name]);

const names = ["content_points", "content_bytes", "meta_bytes", "file_bytes", "storage_bytes", "requests_per_second", "sends_per_second"] as const;
const ofMessages = ["content_points", "content_bytes", "meta_bytes", "file_bytes"] as const;

/** What `tenants.limits` holds for these settings: there a post finds it beside its sender's membership. */
export function messageLimits({ ceilings, limits }: TenantConfig): TenantLimits {
  const set = ofMessages.map((name) => [name, Math.min(ceilings?.[name] ?? Infinity, limits?.[name] ?? Infinity)] as const);
  return Object.fromEntries(set.filter(([, value]) => value !== Infinity));
}

/** How many bytes all files of this tenant may have together. */
export const storageOf = (chat: Chat, tenant_id: string): number =>
  Math.min(chat.config.storage_bytes, knownTenants(chat).get(tenant_id)?.config?.ceilings?.storage_bytes ?? Infinity);

/** How often a user of this tenant may ask one route, where that is less than what the server allows; undefined where it is not. */
export const requestRate = (chat: Chat, tenant_id: string): Rate | undefined => rateOf(chat, tenant_id, "requests", "requests_per_second");

/** How often a user of this tenant may send, likewise. */
export const sendRate = (chat: Chat, tenant_id: string): Rate | undefined => rateOf(chat, tenant_id, "sends", "sends_per_second");

/** What bounds many users of this tenant together, such as those of one key: lowered by the share by which it has lowered what each may ask. */
export function sharedRate(chat: Chat, tenant_id: string, usual: Rate): Rate | undefined {
  const own = requestRate(chat, tenant_id);
  return own && lowerTo(usual, own.per_second, chat.config.requests.per_second);
}

function rateOf(chat: Chat, tenant_id: string, kind: "requests" | "sends", name: "requests_per_second" | "sends_per_second"): Rate | undefined {
  const config = knownTenants(chat).get(tenant_id)?.config;
  const per_second = Math.min(config?.[name] ?? Infinity, config?.ceilings?.[name] ?? Infinity);
  const usual = chat.config[kind];
  return per_second >= usual.per_second ? undefined : lowerTo(usual, per_second, usual.per_second);
}

/** What may come at once is lowered by as much. */
const lowerTo = ({ per_second, burst }: Rate, part: number, whole: number): Rate => ({
  per_second: (per_second * part) / whole,
  burst: Math.max(1, Math.floor((burst * part) / whole)),
});
