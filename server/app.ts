/** Composes door one, and the way into door two, into one Elysia. Never listens. */
import { cors } from "@elysiajs/cors";
import { Elysia } from "elysia";
import { bodyOf } from "./chat/refusal.ts";
import { createAgain } from "./http/again.ts";
import { apiKeys, mintedTokens } from "./http/api-keys.ts";
import { createAskers } from "./http/asker.ts";
import { adminAudit, operatorAudit } from "./http/audit.ts";
import { auth, setup, signIns } from "./http/auth.ts";
import { readBody } from "./http/body.ts";
import { conversations } from "./http/conversations.ts";
import { deadLetters, seedDeadLetters, undelivered } from "./http/dead-letters.ts";
import type { Door } from "./http/door.ts";
import { logos, ownFace, ownLogo } from "./http/faces.ts";
import { downloads, files, roomFiles } from "./http/files.ts";
import { guard, isProbe, listedBy, outsideOf } from "./http/guard.ts";
import { headersFor } from "./http/headers.ts";
import { createLimits, type Limits } from "./http/limit.ts";
import { measure, methodOf } from "./http/measure.ts";
import { messages } from "./http/messages.ts";
import { own } from "./http/own.ts";
import { pluginLooks, pluginRoutes } from "./http/plugins.ts";
import { presence } from "./http/presence.ts";
import { receipts } from "./http/receipts.ts";
import { reference } from "./http/reference.ts";
import { ops } from "./http/ops.ts";
import { adminInvites, adminUsers, invites, me, users } from "./http/people.ts";
import { refusals, statuses } from "./http/refusals.ts";
import { migrating } from "./http/retiring.ts";
import { marks } from "./http/marks.ts";
import { pins } from "./http/pins.ts";
import { reactions } from "./http/reactions.ts";
import { saved } from "./http/saved.ts";
import { members, rooms, seedTickets, tickets } from "./http/rooms.ts";
import { notifications, subscriptions } from "./http/notifications.ts";
import { methodsAt } from "./http/routes.ts";
import { tenantConfig } from "./http/tenant-config.ts";
import { tenants } from "./http/tenants.ts";
import { ui } from "./http/ui.ts";
import { upgrade } from "./http/upgrade.ts";
import { userAdmin } from "./http/user-admin.ts";
import { webhooks } from "./http/webhooks.ts";

export type App = ReturnType<typeof createApp>;

export function createApp(door: Door, limits: Limits = createLimits(door)) {
  const askers = createAskers(door, limits);
  const routes: { method: string; path: string; hooks?: unknown }[] = [];
  const methods = methodsAt(routes);
  const again = createAgain(door, limits);
  const app = outer(door)
    .wrap((handle, request) => {
      const answer = again.answer(request);
      return answer ? () => answer : handle;
    })
    .use(pluginLooks(door))
    .use(refusals(door, methods))
    .use(crossOrigin(door))
    .use(reference(door.plugins))
    .use(ops(door))
    .use(conversations(door))
    .use(migrating)
    .use(seedTickets(door, askers))
    .use(seedDeadLetters(door, askers))
    .use(upgrade(door, limits))
    .group("/api/v1", (api) =>
      api
        .use(setup(door, askers))
        .use(invites(door, askers))
        .use(auth(door, askers))
        .use(signIns(door, askers))
        .use(me(door, askers))
        .use(users(door, askers))
        .use(rooms(door, askers, again))
        .use(members(door, askers))
        .use(messages(door, askers, limits, again))
        .use(reactions(door, askers, limits))
        .use(pins(door, askers, limits))
        .use(saved(door, askers))
        .use(marks(door, askers))
        .use(roomFiles(door, askers))
        .use(files(door, askers))
        .use(downloads(door, limits))
        .use(tickets(door, askers))
        .use(notifications(door, askers))
        .use(subscriptions(door, askers))
        .use(presence(door, askers))
        .use(receipts(door, askers))
        .use(webhooks(door, askers))
        .use(deadLetters(door, askers))
        .use(undelivered(door, askers))
        .use(adminUsers(door, askers))
        .use(userAdmin(door, askers))
        .use(own(door, askers))
        .use(ownFace(door, askers))
        .use(ownLogo(door, askers))
        .use(logos(door, askers))
        .use(adminInvites(door, askers))
        .use(apiKeys(door, askers))
        .use(mintedTokens(door, askers))
        .use(tenants(door, limits))
        .use(tenantConfig(door, askers))
        .use(adminAudit(door, askers))
        .use(operatorAudit(door, limits)),
    )
    .use(pluginRoutes(door, askers))
    .use(ui(door, methods));
  routes.push(...app.routes.filter(({ method }) => method !== "OPTIONS")); // that is no route of ours: preflights are answered before any is looked for
  return app;
}

/** What happens to every request before anything is routed. */
function outer(door: Door) {
  const outside = outsideOf(door);
  return new Elysia({
    normalize: false, // what a body holds beyond its schema is refused, as in a frame; the default drops it in silence
    handler: { standardHostname: false },
    serve: {
      maxRequestBodySize: Number.MAX_SAFE_INTEGER, // files are held to their limit as they come, all else by http/body.ts
      idleTimeout: 10,
      development: false,
    },
  })
    .use(measure(door.metrics))
    .onRequest(({ request, set, status }) => {
      const request_id = door.chat.newId();
      Object.assign(set.headers, headersFor(request, door.config), { "x-request-id": request_id });
      const probes = isProbe(request);
      const stopping = door.live.draining && !probes;
      if (!probes) door.asked?.();
      const reason = guard(outside, request) ?? (stopping ? "unavailable" : null);
      if (!reason) return undefined;
      tellNothing(set.headers);
      door.metrics.request({ method: methodOf(request), route: "none", status: statuses[reason] }, 0); // no hook comes after this answer
      if (stopping) set.headers["retry-after"] = "1";
      return status(statuses[reason], bodyOf(reason, stopping ? { retry_after_ms: 1_000 } : {}, request_id));
    })
    .onParse({ as: "global" }, ({ request, contentType }) => {
      const type = contentType.trim().toLowerCase();
      if (type === "application/octet-stream") return null; // left for http/files.ts to read as it comes; Elysia would take all of it into memory
      return type === "application/json" ? readBody(request, door.config.bounds) : undefined;
    });
}

/**
 * Other pages that may call: exact lists, the operator's and each tenant's, and never with credentials of the browser's own. A preflight shows no
 * credential, so it is answered for all of them; the request itself is held to its own tenant's (http/origins.ts).
 */
function crossOrigin({ config, hosts }: Door) {
  const listed = listedBy(config, hosts);
  const told = cors({
    origin: (request) => listed.has(request.headers.get("origin") ?? ""), // given as texts, the plugin would also find "constructor" among them
    methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: ["authorization", "content-type", "idempotency-key", "x-file-name"],
    exposeHeaders: ["x-request-id", "retry-after", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "deprecation", "sunset", "link"],
    credentials: false,
    maxAge: 600,
  });
  return new Elysia({ name: "cross-origin" }).use(told).onRequest(({ set }) => {
    if (set.headers["access-control-allow-origin"] === undefined) tellNothing(set.headers);
  });
}

/** The plugin says to everybody what some may send. */
function tellNothing(headers: Record<string, unknown>): void {
  for (const name of ["methods", "headers"]) delete headers[`access-control-allow-${name}`];
  delete headers["access-control-expose-headers"];
}
