/** Who runs the server: whoever holds the key that lies in its data folder. */
import { Elysia } from "elysia";
import { refuse } from "../chat/refusal.ts";
import { sameSecret } from "../chat/tenants.ts";
import { isLoopback } from "./address.ts";
import type { Door, Peer } from "./door.ts";
import type { Limits } from "./limit.ts";

/**
 * For the routes that follow: refuses `unauthorized` without the operator's key, wherever it is asked from, and `forbidden` in a browser, where no
 * such key belongs. Whoever tries keys is limited by address.
 */
export const operator = (door: Door, limits: Limits) =>
  new Elysia({ name: "operator" }).derive({ as: "scoped" }, async ({ request, server, route, set }) => {
    try {
      askOperator(door, request);
      if (request.headers.has("origin") || request.headers.has("sec-fetch-site")) refuse("forbidden");
    } catch (fault) {
      limits.takeFromAddress(limits.addressOf(request, server), { request, route }, set.headers);
      throw fault;
    }
    return {};
  });

/** Refuses `unauthorized` without the operator's key. */
export function askOperator({ chat }: Door, request: Request): void {
  if (!sameSecret(request.headers.get("x-api-key") ?? "", chat.keys.operator_key)) refuse("unauthorized");
}

/** The same, and refuses `forbidden` unless it is asked on this very machine, and by no proxy on it: for what changes something. */
export function askOperatorHere(door: Door, request: Request, server: Peer): void {
  askOperator(door, request);
  if (!isBeside(door, request, server)) refuse("forbidden");
}

function isBeside({ config }: Door, request: Request, server: Peer): boolean {
  const peer = server?.requestIP(request)?.address;
  return peer === undefined || ((isLoopback(peer) || peer === config.host) && !request.headers.has("x-forwarded-for"));
}
