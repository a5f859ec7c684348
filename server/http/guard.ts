/**
 * The outer guard, before the router: it covers upgrades and answers that no route gives. Which host may be meant (a name that is not ours is
 * somebody's rebinding), which methods exist, whose pages may write, and in what form.
 */
import type { RefusalCode } from "../chat/refusal.ts";
import type { Config } from "../config.ts";

const hostForm = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/u;
const literal = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/u;
const reads = new Set(["GET", "HEAD", "OPTIONS"]);
const writes = new Set(["POST", "PUT", "PATCH", "DELETE"]);
/** Probes come by any name. */
const ops = new Set(["/health", "/healthz", "/ready", "/metrics"]);

/** How this server is known outside: by which hosts, from which origins of its own, and from which listed ones of other pages. */
export type Outside = { hosts: ReadonlySet<string>; tenants: TenantHosts; origins: ReadonlySet<string>; listed: Listed };
/** The names that tenants were given, without ports, and the origins that any of them has listed. */
export type TenantHosts = { has(name: string): boolean; origins(): ReadonlySet<string> };
/** Of whichever tenant or the operator: whose credential a request shows is not known yet. */
export type Listed = { has(origin: string): boolean; any(): boolean };

export function outsideOf({ config, hosts }: { config: Pick<Config, "public_url" | "allowed_origins">; hosts: TenantHosts }): Outside {
  const own = config.public_url === null ? [] : [new URL(config.public_url)];
  return {
    hosts: new Set(own.map(({ host }) => host)),
    tenants: hosts,
    origins: new Set(own.map(({ origin }) => origin)),
    listed: listedBy(config, hosts),
  };
}

export function listedBy({ allowed_origins }: Pick<Config, "allowed_origins">, tenants: TenantHosts): Listed {
  const everybodys = new Set(allowed_origins);
  return { has: (origin) => everybodys.has(origin) || tenants.origins().has(origin), any: () => everybodys.size + tenants.origins().size > 0 };
}

/** The refusal that this request earns before anything is read of it, or null. */
export function guard(outside: Outside, request: Request): RefusalCode | null {
  const { method, headers } = request;
  const host = hostOf(request);
  if (!hostForm.test(host)) return "misdirected";
  if (!isOurs(outside, host) && !isProbe(request)) return "misdirected";
  if (!reads.has(method) && !writes.has(method)) return "bad_method"; // TRACE reaches handlers
  if (method === "OPTIONS" && !outside.listed.any()) return "bad_method"; // nobody's page is to be told anything
  if (isForeign(outside, request) && (writes.has(method) || headers.has("upgrade"))) return "forbidden";
  const type = (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (writes.has(method) && hasBody(headers) && type !== (takesFile(request) ? "application/octet-stream" : "application/json"))
    return "unsupported_type";
  return null;
}

/** Whether a page of this origin is ours: its host is the Host that was checked, or it is the public address. "null" never is. */
export function isOwnOrigin(outside: Outside, request: Request): boolean {
  const origin = request.headers.get("origin") ?? "null";
  if (outside.origins.has(origin)) return true;
  const parsed = URL.parse(origin);
  return parsed !== null && /^https?:$/u.test(parsed.protocol) && parsed.origin === origin && parsed.host === hostOf(request);
}

/** Whether a probe asks: by any name, and of a server that is about to stop too. */
export const isProbe = (request: Request): boolean => ops.has(pathOf(request));

/** Whether the request is of a method that changes something. */
export const changes = ({ method }: Request): boolean => writes.has(method);

/** Whether a file's bytes may come as they are: of a type that no form of another page can send unasked. */
export const takesFile = (request: Request): boolean => TAKES_BYTES.test(`${request.method} ${pathOf(request)}`);
const TAKES_BYTES = /^(POST \/api\/v1\/rooms\/[^/]+\/files|PUT \/api\/v1\/(me\/avatar|admin\/config\/logo))\/?$/u;

/** Folded; `app.handle` gives none. */
export const hostOf = (request: Request): string => (request.headers.get("host") ?? URL.parse(request.url)?.host ?? "").toLowerCase();

/** The same without its port. */
export const nameOf = (request: Request): string => hostOf(request).replace(/:\d{1,5}$/u, "");

/** Without query. A URL that cannot be read has none. */
export const pathOf = (request: Request): string => URL.parse(request.url)?.pathname ?? "";

/** Ours by name, or an address literal: rebinding needs a name, and in a container the LAN's address is not ours to know. */
function isOurs({ hosts, tenants }: Outside, host: string): boolean {
  const name = host.replace(/:\d{1,5}$/u, "");
  return hosts.has(host) || name === "localhost" || literal.test(name) || tenants.has(name);
}

function isForeign(outside: Outside, request: Request): boolean {
  const origin = request.headers.get("origin");
  if (origin !== null) return !outside.listed.has(origin) && !isOwnOrigin(outside, request);
  const site = request.headers.get("sec-fetch-site");
  return site !== null && site !== "same-origin" && site !== "none";
}

const hasBody = (headers: Headers): boolean => Number(headers.get("content-length") ?? 0) > 0 || headers.has("transfer-encoding");
