/**
 * How much one asker may ask. Behind a token that holds, per user and route template; behind an API key, per key; without any, per address and
 * route template, so that a shared address never costs those who are signed in anything.
 */
import type { HeldKey } from "../chat/key-rights.ts";
import { createLimiter, type Left, type Limiter, type Rate } from "../chat/limiter.ts";
import { requestRate, sendRate, sharedRate } from "../chat/limits.ts";
import type { Principal } from "../chat/principal.ts";
import { Refusal } from "../chat/refusal.ts";
import { addressKey, addressOf, isNear } from "./address.ts";
import type { Door, Peer } from "./door.ts";
import type { AnswerHeaders } from "./headers.ts";

type Place = { request: Request; route: string };
export type Limits = ReturnType<typeof createLimits>;

export function createLimits({ config, chat, sends }: Pick<Door, "config" | "chat" | "sends">) {
  const byUser = createLimiter(config.requests);
  const byKey = createLimiter(config.requests_by_key);
  const byAddress = createLimiter(config.requests_by_address);
  const byTenant = createLimiter(config.requests_by_tenant);

  const telling = (headers: AnswerHeaders, { burst }: Rate, ask: () => Left | void): void => {
    try {
      const left = ask();
      if (left) tell(headers, left);
    } catch (fault) {
      if (fault instanceof Refusal)
        tell(headers, { limit: burst, remaining: 0, reset_seconds: Math.ceil((fault.detail.retry_after_ms ?? 0) / 1_000) });
      throw fault;
    }
  };
  const take = (limiter: Limiter, usual: Rate, parts: readonly string[], headers: AnswerHeaders, own: Rate = usual): void =>
    telling(headers, own, () => limiter.take(JSON.stringify(parts), chat.now(), own));
  const takeFromUser = ({ tenant_id, user_id }: Principal, { request, route }: Place, headers: AnswerHeaders): void =>
    take(byUser, config.requests, [tenant_id, user_id, request.method, route], headers, requestRate(chat, tenant_id));
  const takeFromTenant = ({ tenant_id }: Pick<Principal, "tenant_id">, headers: AnswerHeaders): void =>
    take(byTenant, config.requests_by_tenant, [tenant_id], headers);
  const ofAddress = (address: string, { request, route }: Place): string[] => [addressKey(address), request.method, route];

  let warned = false;
  /** Once: whoever comes by a proxy that is not believed shares one count of wrong passwords with all others, by which any of them keeps others out. */
  const warnOfProxy = (peer: string): void => {
    if (warned) return;
    warned = true;
    chat.log.warn("proxy.not_trusted", { peer, why: "it sends X-Forwarded-For; without --trusted-proxies all who come by it count as one" });
  };

  return {
    addressOf(request: Request, server: Peer): string {
      const peer = server?.requestIP(request)?.address ?? "local";
      const forwarded = request.headers.get("x-forwarded-for");
      if (forwarded !== null && config.trusted_proxies.length === 0 && isNear(peer)) warnOfProxy(peer);
      return addressOf(peer, forwarded, config.trusted_proxies);
    },
    /** Refuses `rate_limited`, and says in `headers` what is left. So do the others. */
    takeFromUser,
    /** Of a key that is shown, whatever it asks and for whom. */
    takeFromKey: ({ tenant_id, id }: HeldKey, headers: AnswerHeaders): void =>
      take(byKey, config.requests_by_key, [tenant_id, id], headers, sharedRate(chat, tenant_id, config.requests_by_key)),
    takeFromAddress: (address: string, place: Place, headers: AnswerHeaders): void =>
      take(byAddress, config.requests_by_address, ofAddress(address, place), headers),
    /** Takes nothing: whoever has guessed too often costs no look. */
    checkAddress: (address: string, place: Place, headers: AnswerHeaders): void =>
      telling(headers, config.requests_by_address, () => byAddress.check(JSON.stringify(ofAddress(address, place)), chat.now())),
    /** Of all people of a workspace and their programs together, whatever they ask: so that one workspace leaves room for the others. */
    takeFromTenant,
    /** As the two, from both; false, and nothing is taken, where either would refuse. */
    mayTake(who: Principal, place: Place, headers: AnswerHeaders): boolean {
      try {
        byTenant.check(JSON.stringify([who.tenant_id]), chat.now());
        takeFromUser(who, place, headers);
        takeFromTenant(who, headers);
        return true;
      } catch (fault) {
        if (fault instanceof Refusal) return false;
        throw fault;
      }
    },
    /** For a message, an edit and a removal, beside the route's own limit: what one person may send, whatever the room. */
    takePost: ({ tenant_id, user_id }: Principal, headers: AnswerHeaders): void =>
      take(sends, config.sends, [tenant_id, user_id], headers, sendRate(chat, tenant_id)),
    /** What everybody has back is not remembered any longer. */
    tidy(): void {
      for (const limiter of [sends, byUser, byKey, byAddress, byTenant]) limiter.tidy(chat.now());
    },
  };
}

/** Where several limits count, the one that leaves least is told: so many will be let through, whichever they are taken from. */
function tell(headers: AnswerHeaders, { limit, remaining, reset_seconds }: Left): void {
  if (Number(headers["ratelimit-remaining"] ?? Infinity) < remaining) return;
  headers["ratelimit-limit"] = String(limit);
  headers["ratelimit-remaining"] = String(remaining);
  headers["ratelimit-reset"] = String(reset_seconds);
}
