/**
 * Who is asking, for the routes that follow: `asker` gives `who` or refuses, `stranger` is for routes without a credential. Both take from the
 * right bucket: the user's and route's behind a credential that holds, else the address's and route's.
 */
import { Elysia } from "elysia";
import type { Principal } from "../chat/principal.ts";
import { refuse } from "../chat/refusal.ts";
import { principalOf } from "../chat/sign-ins.ts";
import { type Tenant, tenantOf } from "../chat/tenants.ts";
import type { Door, Peer } from "./door.ts";
import { createLimiter, type Left } from "../chat/limiter.ts";
import { addressKey, addressOf } from "./address.ts";

export type Askers = ReturnType<typeof createAskers>;

export function createAskers(door: Door) {
  const byUser = createLimiter(door.config.requests);
  const byAddress = createLimiter(door.config.requests_by_address);
  const addressFor = (request: Request, server: Peer): string =>
    addressOf(server?.requestIP(request)?.address ?? "local", request.headers.get("x-forwarded-for"), door.config.trusted_proxies);

  const asker = new Elysia({ name: "asker" }).derive({ as: "scoped" }, async ({ request, server, route, set }) => {
    const token = /^Bearer ([\w.-]+)$/u.exec(request.headers.get("authorization") ?? "")?.[1];
    const who = token === undefined ? null : await whoHolds(door, token);
    if (!who) {
      byAddress.take(JSON.stringify([addressKey(addressFor(request, server)), route]), door.chat.now());
      return refuse("unauthorized");
    }
    tell(set.headers, byUser.take(JSON.stringify([who.tenant_id, who.user_id, request.method, route]), door.chat.now()));
    return { who };
  });

  const stranger = new Elysia({ name: "stranger" }).derive({ as: "scoped" }, async ({ request, server, route, set }) => {
    const address = addressFor(request, server);
    tell(set.headers, byAddress.take(JSON.stringify([addressKey(address), request.method, route]), door.chat.now()));
    return { address, device: { address, device: request.headers.get("user-agent") ?? "" } };
  });

  return { asker, stranger };
}

/** The principal of an access token as of now: its sign-in alive, its user enabled, with the role they have by now. */
export async function whoHolds({ tokens, chat }: Pick<Door, "tokens" | "chat">, token: string): Promise<Principal | null> {
  const claims = await tokens.verify(token);
  return claims && principalOf(chat, claims);
}

/** The tenant a request without a credential belongs to: by its Host. Refuses `not_found` before setup. */
export async function tenantFor({ chat }: Door, request: Request): Promise<Tenant> {
  const host = new URL(`http://${request.headers.get("host") ?? new URL(request.url).host}`).hostname;
  return (await tenantOf(chat, host.toLowerCase())) ?? refuse("not_found");
}

function tell(headers: Record<string, string | number | undefined>, { limit, remaining, reset_seconds }: Left): void {
  headers["ratelimit-limit"] = String(limit);
  headers["ratelimit-remaining"] = String(remaining);
  headers["ratelimit-reset"] = String(reset_seconds);
}
