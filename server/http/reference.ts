/**
 * The API described for programs: /openapi.json, made of the very schemas that the routes check. The plugin's own page loads a script from a
 * CDN: it is off. What it leaves out is put in here: bodies (it does not know our parser), the error, who may ask.
 */
import { openapi } from "@elysiajs/openapi";
import { Elysia } from "elysia";
import { ErrorBody } from "../protocol.ts";
import { build } from "../version.ts";

type Route = { method: string; path: string; hooks?: unknown };
type Operation = { requestBody?: unknown; responses?: Record<string, unknown>; security?: unknown };

/** `routes` may still grow after this call; it is read when somebody asks. */
export const reference = (routes: readonly Route[]) =>
  new Elysia({ name: "reference" })
    .onAfterHandle(({ responseValue }) => (isDocument(responseValue) ? completed(responseValue, routes) : undefined))
    .use(openapi({ path: "/openapi", specPath: "/openapi.json", provider: null, exclude: { paths: ["/*", "/ws"] }, documentation }));

const documentation = {
  info: { title: "Snug", description: "Team chat, and a chat API. docs/protocol.md has the rules behind these shapes.", version: build.version },
  components: {
    securitySchemes: {
      access_token: { type: "http" as const, scheme: "bearer" },
      operator_key: { type: "apiKey" as const, in: "header" as const, name: "X-API-Key" },
    },
  },
};

const refusal = { description: "A refusal.", content: { "application/json": { schema: ErrorBody } } };

type Document = { paths: Record<string, Record<string, Operation>>; components: object };

function completed(document: Document, routes: readonly Route[]): Document {
  const paths: Document["paths"] = {};
  for (const [path, operations] of Object.entries(document.paths)) {
    const template = path.replace(/(?<=.)\/$/u, "");
    const given = Object.entries(operations).map(([method, operation]) => [method, completedOne(operation, method, path, routes)] as const);
    paths[template] = { ...paths[template], ...Object.fromEntries(given) };
  }
  return JSON.parse(JSON.stringify({ ...document, paths, components: { ...document.components, responses: { refusal } } }, asOpenApi)) as Document; // what was serialised had its shape
}

function completedOne(operation: Operation, method: string, path: string, routes: readonly Route[]): Operation {
  const route = routes.find((one) => one.method === method.toUpperCase() && one.path === path.replace(/\{(\w+)\}/gu, ":$1"));
  const body = bodyOf(route?.hooks);
  const responses = { ...operation.responses, default: { $ref: "#/components/responses/refusal" } };
  const security = path === "/metrics" || path.startsWith("/admin") ? [{ operator_key: [] }] : isOpen(path) ? [] : [{ access_token: [] }];
  return { ...operation, ...(body !== null && { requestBody: body }), responses, security };
}

/** The routes of `stranger` and the probes. */
const isOpen = (path: string): boolean =>
  !path.startsWith("/api/") || /^\/api\/v1\/(setup|invites|auth\/(register|login|refresh|logout))/u.test(path);

function bodyOf(hooks: unknown) {
  if (typeof hooks !== "object" || hooks === null || !("body" in hooks) || typeof hooks.body !== "object" || hooks.body === null) return null;
  return { content: { "application/json": { schema: hooks.body } }, required: !(OPTIONAL in hooks.body) };
}

const OPTIONAL = Symbol.for("TypeBox.Optional");

/** Query strings are texts that we read as numbers: told as the number. */
function asOpenApi(key: string, value: unknown): unknown {
  if (key === "$id") return undefined;
  if (typeof value !== "object" || value === null || !("minimum" in value) || !("pattern" in value)) return value;
  return { ...value, type: "integer", pattern: undefined };
}

const isDocument = (value: unknown): value is Document => typeof value === "object" && value !== null && "openapi" in value && "paths" in value;
