/** Composes door one, and the way into door two, into one Elysia. Never listens. */
import { cors } from "@elysiajs/cors";
import { openapi } from "@elysiajs/openapi";
import { Elysia } from "elysia";
import { checkText } from "./chat/bounds.ts";
import { bodyOf, refuse } from "./chat/refusal.ts";
import { createAskers } from "./http/asker.ts";
import { auth, setup, signIns } from "./http/auth.ts";
import type { Door } from "./http/door.ts";
import { guard, type Outside } from "./http/guard.ts";
import { messages } from "./http/messages.ts";
import { ops } from "./http/ops.ts";
import { adminInvites, adminUsers, invites, me, users } from "./http/people.ts";
import { refusals, statuses } from "./http/refusals.ts";
import { members, rooms, tickets } from "./http/rooms.ts";
import { ui } from "./http/ui.ts";
import { upgrade } from "./http/upgrade.ts";
import { build } from "./version.ts";

export type App = ReturnType<typeof createApp>;

export function createApp(door: Door) {
  const askers = createAskers(door);
  const outside = outsideOf(door);
  const templates: RegExp[] = [];
  const begun = new WeakMap<Request, number>();
  const app = new Elysia({ handler: { standardHostname: false }, serve: { maxRequestBodySize: 1 << 20, idleTimeout: 10, development: false } })
    .onRequest(({ request, set, status }) => {
      begun.set(request, performance.now());
      Object.assign(set.headers, headersFor(request));
      const request_id = door.chat.newId();
      set.headers["x-request-id"] = request_id;
      const reason = guard(outside, request);
      return reason ? status(statuses[reason], bodyOf(reason, {}, request_id)) : undefined;
    })
    .onParse({ as: "global" }, async ({ request, contentType }) => {
      if (contentType !== "application/json") return undefined;
      const text = await request.text();
      checkText(text);
      try {
        return text === "" ? undefined : JSON.parse(text);
      } catch {
        return refuse("bad_request");
      }
    })
    .onAfterResponse({ as: "global" }, ({ request, route, set }) => {
      const seconds = (performance.now() - (begun.get(request) ?? performance.now())) / 1_000;
      door.metrics.request({ method: request.method, route: route || "unknown", status: Number(set.status ?? 200) }, seconds);
    })
    .use(refusals(door, (path) => templates.some((template) => template.test(path))))
    .use(crossOrigin(door))
    .use(openapi({ path: "/openapi", specPath: "/openapi.json", provider: null, documentation: { info: { title: "Snug", version: build.version } } }))
    .use(ops(door))
    .use(upgrade(door))
    .group("/api/v1", (api) =>
      api
        .use(setup(door, askers))
        .use(invites(door, askers))
        .use(auth(door, askers))
        .use(signIns(door, askers))
        .use(me(door, askers))
        .use(users(door, askers))
        .use(rooms(door, askers))
        .use(members(door, askers))
        .use(messages(door, askers))
        .use(tickets(door, askers))
        .use(adminUsers(door, askers))
        .use(adminInvites(door, askers)),
    )
    .use(ui(door));
  templates.push(...app.routes.filter(({ path }) => path !== "/*").map(({ path }) => templateOf(path)));
  return app;
}

/** On every answer, also those that no route gives. */
function headersFor(request: Request): Record<string, string> {
  const api = /\/(api|admin|openapi|metrics)/u.test(request.url);
  return {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    ...(api && { "cache-control": "no-store" }),
  };
}

function outsideOf({ config }: Door): Outside {
  const host = config.public_url === null ? [] : [new URL(config.public_url).host];
  const ours = config.public_url === null ? [] : [config.public_url];
  return { hosts: new Set(host), origins: new Set([...ours, ...config.allowed_origins]) };
}

/** Other pages that may call: an exact list, and never with credentials of the browser's own. */
function crossOrigin({ config }: Door) {
  if (config.allowed_origins.length === 0) return new Elysia({ name: "no-cors" });
  return cors({
    origin: [...config.allowed_origins],
    methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: ["authorization", "content-type", "idempotency-key"],
    exposeHeaders: ["x-request-id", "retry-after", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"],
    credentials: false,
    maxAge: 600,
  });
}

const templateOf = (path: string): RegExp =>
  new RegExp(`^${path.split("/").map((piece) => (piece.startsWith(":") ? "[^/]+" : piece.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&"))).join("/").replace(/\/$/u, "")}/?$`, "u");
