/**
 * What plugins add to door one: routes under /plugins/<name>, with the askers, limits, schemas and errors of every other route, and a look at each
 * request before it is routed. A plugin's fault is logged by its name and is nobody else's.
 */
import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { Elysia } from "elysia";
import type { Patience } from "../chat/hooks.ts";
import type { Principal } from "../chat/principal.ts";
import { bodyOf, Refusal, refuse } from "../chat/refusal.ts";
import { createPatience } from "../patience.ts";
import type { PluginRoute, ServedPlugin } from "../plugin-routes.ts";
import { answers } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import { isProbe, pathOf } from "./guard.ts";
import { methodOf } from "./measure.ts";
import { statuses } from "./refusals.ts";

export function pluginRoutes(door: Door, askers: Askers) {
  const all = new Elysia({ name: "plugins" });
  for (const plugin of door.plugins) for (const route of plugin.routes ?? []) all.use(served(door, askers, plugin, route));
  return all;
}

const LOOK_MS = 1_000; // a request waits no longer for a plugin's look at it

/** Each plugin looks at each request but the probes, in the order given. One that fails or hangs is passed by, unless it is required. */
export function pluginLooks(door: Door) {
  const looks = door.plugins.flatMap((plugin) => (plugin.request ? [{ plugin, look: plugin.request }] : []));
  if (looks.length === 0) return new Elysia({ name: "no-looks" });
  const patience = createPatience(LOOK_MS, door.chat.now);
  return new Elysia({ name: "looks" }).onRequest(async ({ request, set, status }) => {
    if (isProbe(request)) return undefined;
    for (const { plugin, look } of looks) {
      const refusal = await refusalOf(door, plugin, async () => {
        const looked = look({ method: request.method, path: pathOf(request), headers: new Headers(request.headers) });
        if (looked) await inTime(looked, patience);
      });
      if (!refusal) continue;
      const { retry_after_ms } = refusal.detail;
      if (retry_after_ms !== undefined) set.headers["retry-after"] = String(Math.ceil(retry_after_ms / 1_000));
      door.metrics.request({ method: methodOf(request), route: "none", status: statuses[refusal.reason] }, 0); // no hook comes after this answer
      return status(statuses[refusal.reason], bodyOf(refusal.reason, refusal.detail, set.headers["x-request-id"] ?? ""));
    }
    return undefined;
  });
}

function inTime(looked: Promise<void>, patience: Patience): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = patience(() => reject(new Error("It took too long.")));
    looked.then(resolve, reject).finally(cancel);
  });
}

async function refusalOf(door: Door, plugin: ServedPlugin, look: () => Promise<void>): Promise<Refusal | null> {
  try {
    await look();
    return null;
  } catch (fault) {
    if (fault instanceof Refusal) return fault;
    tellFault(door, plugin, fault, "request");
    return plugin.required ? new Refusal("unavailable") : null;
  }
}

function served(door: Door, { asker, stranger }: Askers, plugin: ServedPlugin, route: PluginRoute) {
  const path = `/plugins/${plugin.name}${route.path}`;
  const [status = 200, schema = null] = Object.entries(route.answers).map(([told, shape]) => [Number(told), shape] as const)[0] ?? [];
  const { detail } = answers(route.answers, route.noes);
  const summary = route.summary === undefined ? {} : { summary: route.summary };
  const told = { detail: { ...detail, ...summary, security: route.for === "anybody" ? [] : [{ access_token: [] }] } };
  const shapes = { ...given("params", route.params), ...given("query", route.query), ...given("body", route.body), ...told };
  const run = (asked: Asked): Promise<unknown> => handled(door, plugin, route, schema, asked);
  const own = new Elysia({ name: `plugin ${route.method} ${path}` });
  if (route.for === "anybody") {
    return own.use(stranger).route(
      route.method,
      path,
      async ({ params, query, body, set }) => {
        set.status = status;
        return run({ who: null, params, query, body });
      },
      shapes,
    );
  }
  return own.use(asker).route(
    route.method,
    path,
    async ({ who, params, query, body, set }) => {
      if (route.for === "admin" && who.role === "member") refuse("forbidden");
      set.status = status;
      return run({ who, params, query, body });
    },
    shapes,
  );
}

type Asked = { who: Principal | null; params: unknown; query: unknown; body: unknown };

/** What is answered is what OpenAPI tells, or it is a fault: a plugin that says too much says nothing. */
async function handled(door: Door, plugin: ServedPlugin, route: PluginRoute, schema: TSchema | null, asked: Asked): Promise<unknown> {
  try {
    const answer = await route.handle(asked); // of the shapes that made the handler's types
    if (schema === null) return undefined;
    if (!Value.Check(schema, answer)) throw new TypeError("The answer is not of the shape that the route tells.");
    return answer;
  } catch (fault) {
    if (fault instanceof Refusal) throw fault;
    tellFault(door, plugin, fault, `${route.method} ${route.path}`);
    return refuse("internal");
  }
}

function tellFault({ chat, log }: Door, { name }: ServedPlugin, fault: unknown, where: string): void {
  chat.metrics.count("snug_faults_total");
  log.error("plugin.failed", fault, { by: `plugin ${name}`, where });
}

const given = <N extends string>(name: N, schema: TSchema | undefined) => (schema === undefined ? {} : { [name]: schema });
