/**
 * Pages of other origins: with whose credentials each may call. The guard lets in what anybody has listed, because a preflight carries no credential and
 * nothing is known of the request yet; here the request is held to the list of its own tenant. Those that the operator has listed are everybody's.
 */
import { knownTenants } from "../chat/known-tenants.ts";
import { refuse } from "../chat/refusal.ts";
import type { Door } from "./door.ts";
import { isOwnOrigin, outsideOf } from "./guard.ts";

export type Origins = {
  /** Refuses `forbidden` to a page that is neither ours nor listed. Gives its origin where it is in by the tenant's list alone, else null. */
  hold(request: Request, tenant_id: string): string | null;
};

export function createOrigins(door: Pick<Door, "chat" | "config" | "hosts">): Origins {
  const outside = outsideOf(door);
  const everybodys = new Set(door.config.allowed_origins);
  const tenants = knownTenants(door.chat);
  return {
    hold(request, tenant_id) {
      const origin = request.headers.get("origin");
      if (origin === null || everybodys.has(origin) || isOwnOrigin(outside, request)) return null;
      return tenants.get(tenant_id)?.config.allowed_origins?.includes(origin) ? origin : refuse("forbidden");
    },
  };
}
