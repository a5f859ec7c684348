/**
 * Who is asking, for the routes that follow: `asker` gives `who`, a user, or refuses; `askerOrKey` also takes a tenant's key that asks for itself:
 * it is in no room and in no table, so the verbs behind it ask for the role first and need no user; `stranger` is for routes without a credential.
 * All take from the right bucket: behind a credential that holds its own, else the address's.
 */
import { Elysia } from "elysia";
import { refuseIfReading } from "../chat/principal.ts";
import { refuse } from "../chat/refusal.ts";
import { type Tenant, tenantOf } from "../chat/tenants.ts";
import { whoAsks } from "./credential.ts";
import type { Door } from "./door.ts";
import { addressKey } from "./address.ts";
import { noteAsker } from "./asked-by.ts";
import { changes, isOwnOrigin, nameOf, outsideOf } from "./guard.ts";
import type { Limits } from "./limit.ts";
import { createOrigins } from "./origins.ts";

export type Askers = ReturnType<typeof createAskers>;

export function createAskers(door: Door, limits: Limits) {
  const outside = outsideOf(door);
  const origins = createOrigins(door);

  const asking = (name: string, alone: boolean) =>
    new Elysia({ name }).derive({ as: "scoped" }, async ({ request, server, route, set, params }) => {
      const who = await whoAsks(door, limits, { request, server, route, set }, alone);
      if (!who) {
        limits.takeFromAddress(limits.addressOf(request, server), { request, route }, set.headers);
        return refuse("unauthorized");
      }
      noteAsker(request, who);
      origins.hold(request, who.tenant_id);
      if (changes(request)) refuseIfReading(who);
      if (who.room_id !== undefined) refuseElsewhere(route, params, who.room_id);
      return { who };
    });
  const asker = asking("asker", false);
  const askerOrKey = asking("asker-or-key", true);

  // Where people sign in there is no credential whose list of other pages could be asked: a page that asks is ours, or it is no page.
  const stranger = new Elysia({ name: "stranger" }).derive({ as: "scoped" }, async ({ request, server, route, set }) => {
    if (request.headers.has("origin") && !isOwnOrigin(outside, request)) refuse("forbidden");
    const address = limits.addressOf(request, server);
    limits.takeFromAddress(address, { request, route }, set.headers);
    return { device: { address: addressKey(address), device: request.headers.get("user-agent") ?? "" } };
  });

  return { asker, askerOrKey, stranger };
}

/** What a token for one room may ask: that room, its own account, and a ticket; every other room is one that does not exist. */
function refuseElsewhere(route: string, params: Params, room_id: string): void {
  const asked = params?.room_id;
  if (asked === room_id || (asked === undefined && ROOMLESS.test(route))) return;
  refuse(asked === undefined ? "forbidden" : "not_found");
}
type Params = Record<string, string | undefined> | undefined; // a route without any has none, whatever its type says
const ROOMLESS = /^(\/api\/v1\/me|\/api\/v1\/files\/:file_id(\/(preview|tickets))?|(\/api\/v1)?\/ws\/tickets)\/?$/u; // tickets by their older path too; of a file the verb asks for its room

/** The tenant a request without a credential belongs to: by its Host. Refuses `not_found` before setup. */
export async function tenantFor({ chat }: Pick<Door, "chat">, request: Request): Promise<Tenant> {
  return (await tenantOf(chat, nameOf(request))) ?? refuse("not_found");
}
