/** One operation of /openapi.json made whole: who may ask, its body, and every status it can answer. */
import { bodyOf, type RefusalCode, refusalCodes } from "../chat/refusal.ts";
import { ClientId } from "../protocol.ts";
import { retired } from "./retiring.ts";
import { statuses } from "./refusals.ts";
import { securityOf } from "./security.ts";

export type Operation = {
  operationId?: string;
  summary?: string;
  deprecated?: boolean;
  tags?: readonly string[];
  parameters?: readonly { name: string; in: string; required?: boolean; schema: unknown; description?: string }[];
  requestBody?: unknown;
  responses?: Record<string, unknown>;
  security?: readonly Record<string, readonly string[]>[];
};
/** A path as it is asked: without the slash that a group leaves. */
const told = (path: string): string => path.replace(/(?<=.)\/$/u, "");

export type Route = { method: string; path: string; hooks?: unknown };

/** A refusal as a response of the document: its fixed words and what is sent beside them. */
export function refusalAnswers(ErrorBody: unknown): Record<string, unknown> {
  return Object.fromEntries(
    refusalCodes.map((code) => {
      const value = bodyOf(code, examples[code] ?? {}, "06a1b2c3d4e5f6g7h8i9jakblc");
      const content = { "application/json": { schema: ErrorBody, example: value } };
      return [code, { description: `\`${code}\`: ${value.error.message}`, ...(code === "rate_limited" && { headers: limitHeaders }), content }];
    }),
  );
}

export function completed(operation: Operation, route: Route): Operation {
  const { "x-noes": noes, "x-keyed": keyed, ...rest }: Operation & Extra = operation;
  const { method, path } = route;
  const body = bodyShape(route.hooks);
  const security = (isPlugins(path) ? operation.security : undefined) ?? securityOf(path); // a plugin's route says it itself
  const codes = new Set([...usualNoes(route, security.length > 0, body !== null), ...(noes ?? [])]);
  const refused = refusalCodes.filter((code) => codes.has(code)).map((code) => [statuses[code], { $ref: `#/components/responses/${code}` }] as const);
  return {
    ...rest,
    ...(`${method} ${told(path)}` in retired && { deprecated: true }),
    ...(keyed && { parameters: [...(rest.parameters ?? []), idempotencyKey] }),
    tags: [isPlugins(path) ? "plugins" : tagOf(path)],
    ...(body !== null && method !== "GET" && { requestBody: body }),
    responses: { ...Object.fromEntries(refused), ...(rest.responses ?? { 200: { description: "Done." } }) },
    security,
  };
}

type Extra = { "x-noes"?: readonly RefusalCode[]; "x-keyed"?: true };

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  schema: ClientId,
  description:
    "The same request under the same key is answered as before, for a day; another one under it is `conflict`. On messages it is `client_id`.",
};

/** What a route can refuse because of what it is, whatever its verb does. */
function usualNoes({ method, path, hooks }: Route, isAsked: boolean, hasBody: boolean): RefusalCode[] {
  if (isProbe(path)) return ["bad_method", "internal"];
  const writes = method !== "GET";
  const has = (part: string): boolean => typeof hooks === "object" && hooks !== null && part in hooks && Boolean(Reflect.get(hooks, part));
  return [
    "misdirected",
    "internal",
    "unavailable",
    "bad_request",
    ...(path.startsWith("/api/") || isPlugins(path) ? (["rate_limited"] as const) : []),
    ...(isAsked ? (["unauthorized", "forbidden", "invalid"] as const) : []), // what a key sends beside itself may be wrong
    ...((path.includes("/:") && !isPlugins(path)) || namesSomething(hooks) || (path.startsWith("/api/") && !isAsked) ? (["not_found"] as const) : []),
    ...(hasBody || path.includes("/:") || has("query") || isAsked ? (["invalid"] as const) : []),
    ...(writes ? (["forbidden", "too_large", "unsupported_type", "storage_full"] as const) : []),
  ];
}

const isPlugins = (path: string): boolean => path.startsWith("/plugins/");

/** Whether its query or body names somebody or something by an id, which may not be there. */
function namesSomething(hooks: unknown): boolean {
  if (typeof hooks !== "object" || hooks === null) return false;
  return [Reflect.get(hooks, "query"), Reflect.get(hooks, "body")].flatMap(fieldsIn).some((name) => name.endsWith("_id"));
}

function fieldsIn(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const choices = "anyOf" in schema && Array.isArray(schema.anyOf) ? schema.anyOf.flatMap(fieldsIn) : [];
  const fields = "properties" in schema && typeof schema.properties === "object" && schema.properties !== null ? Object.keys(schema.properties) : [];
  return [...choices, ...fields];
}

/** Asked by any name and also while the server stops: so the guard refuses them nothing. */
const isProbe = (path: string): boolean => ["/health", "/healthz", "/ready"].includes(path);

const tagOf = (path: string): string => /^\/api\/v1\/(admin\/[\w-]+|[\w-]+)/u.exec(path)?.[1] ?? "server";

function bodyShape(hooks: unknown) {
  if (typeof hooks !== "object" || hooks === null || !("body" in hooks) || typeof hooks.body !== "object" || hooks.body === null) return null;
  return { content: { "application/json": { schema: hooks.body } }, required: !(OPTIONAL in hooks.body) };
}

const OPTIONAL = Symbol.for("TypeBox.Optional");

const examples: Partial<Record<RefusalCode, { retry_after_ms?: number; fields?: string[] }>> = {
  invalid: { fields: ["user_ids.0"] },
  conflict: { fields: ["name"] },
  rate_limited: { retry_after_ms: 50 },
  unavailable: { retry_after_ms: 1_000 },
};

const seconds = (description: string) => ({ description, schema: { type: "integer", minimum: 0 } });
const limitHeaders = {
  "Retry-After": seconds("Seconds until it is let through, rounded up; `retry_after_ms` in the body is exact."),
  "RateLimit-Limit": seconds("How many may be asked at once."),
  "RateLimit-Remaining": seconds("How many are left now."),
  "RateLimit-Reset": seconds("Seconds until all are there again; behind a refusal, until there is one."),
};
