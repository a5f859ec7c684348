/**
 * Who is asking, for the routes that follow: `asker` gives `who` or refuses, `stranger` is for routes without a credential. Both take from the
 * right bucket: the user's and route's behind a credential that holds, else the address's and route's.
 */
import { Elysia } from "elysia";
import type { Principal } from "../chat/principal.ts";
import { refuse } from "../chat/refusal.ts";
import { principalOf } from "../chat/sign-ins.ts";
import { type Tenant, tenantOf } from "../chat/tenants.ts";
import type { Door } from "./door.ts";
import { addressKey } from "./address.ts";
import { hostOf, isOwnOrigin, outsideOf } from "./guard.ts";
import type { Limits } from "./limit.ts";

export type Askers = ReturnType<typeof createAskers>;

export function createAskers(door: Door, limits: Limits) {
  const outside = outsideOf(door);

  const asker = new Elysia({ name: "asker" }).derive({ as: "scoped" }, async ({ request, server, route, set }) => {
    const who = await whoHolds(door, bearerOf(request));
    if (!who) {
      limits.takeFromAddress(limits.addressOf(request, server), { request, route }, set.headers);
      return refuse("unauthorized");
    }
    limits.takeFromUser(who, { request, route }, set.headers);
    return { who };
  });

  // Where people sign in there is no credential whose list of other pages could be asked: a page that asks is ours, or it is no page.
  const stranger = new Elysia({ name: "stranger" }).derive({ as: "scoped" }, async ({ request, server, route, set }) => {
    if (request.headers.has("origin") && !isOwnOrigin(outside, request)) refuse("forbidden");
    const address = limits.addressOf(request, server);
    limits.takeFromAddress(address, { request, route }, set.headers);
    return { device: { address: addressKey(address), device: request.headers.get("user-agent") ?? "" } };
  });

  return { asker, stranger };
}

/** What stands behind `Authorization: Bearer`; null when nothing does that could be a token. */
export const bearerOf = (request: Request): string | null => /^bearer ([\w.-]+)$/iu.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;

/** The principal of an access token as of now: its sign-in alive, its user enabled, with the role they have by now. */
export async function whoHolds({ tokens, chat }: Pick<Door, "tokens" | "chat">, token: string | null): Promise<Principal | null> {
  const claims = token === null ? null : await tokens.verify(token);
  return claims && principalOf(chat, claims);
}

/** The tenant a request without a credential belongs to: by its Host. Refuses `not_found` before setup. */
export async function tenantFor({ chat }: Pick<Door, "chat">, request: Request): Promise<Tenant> {
  return (await tenantOf(chat, hostOf(request).replace(/:\d{1,5}$/u, ""))) ?? refuse("not_found");
}
