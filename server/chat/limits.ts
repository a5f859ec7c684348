/** How much a message may hold: the operator's ceilings, which a tenant lowers and never raises. */
import { eq } from "drizzle-orm";
import type { TenantLimits } from "../../db/schema.ts";
import type { Limits } from "../protocol.ts";
import type { Chat } from "./chat.ts";
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

export const lowered = (ceilings: Limits, own: TenantLimits): Limits => ({
  ...ceilings,
  content_points: Math.min(ceilings.content_points, own.content_points ?? Infinity),
  content_bytes: Math.min(ceilings.content_bytes, own.content_bytes ?? Infinity),
  meta_bytes: Math.min(ceilings.meta_bytes, own.meta_bytes ?? Infinity),
});
