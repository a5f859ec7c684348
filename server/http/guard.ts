/**
 * The outer guard, before the router: it covers upgrades and answers that no route gives. Which host may be meant (a name that is not ours is
 * somebody's rebinding), which methods exist, whose pages may write, and in what form.
 */
import { type RefusalCode } from "../chat/refusal.ts";

const hostForm = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/u;
const literal = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/u;
const reads = new Set(["GET", "HEAD", "OPTIONS"]);
const writes = new Set(["POST", "PUT", "PATCH", "DELETE"]);
/** Probes come by any name. */
const ops = new Set(["/health", "/healthz", "/ready", "/metrics"]);

export type Outside = { hosts: ReadonlySet<string>; origins: ReadonlySet<string> };

/** The refusal that this request earns before anything is read of it, or null. */
export function guard(outside: Outside, request: Request): RefusalCode | null {
  const { method, headers, url } = request;
  const host = (headers.get("host") ?? new URL(url).host).toLowerCase();
  if (!hostForm.test(host)) return "misdirected";
  if (!isOurs(outside, host) && !ops.has(new URL(url).pathname)) return "misdirected";
  if (!reads.has(method) && !writes.has(method)) return "bad_method"; // TRACE reaches handlers
  if (isForeign(outside, headers, host) && (writes.has(method) || headers.has("upgrade"))) return "forbidden";
  const type = (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (writes.has(method) && hasBody(headers) && type !== "application/json") return "unsupported_type";
  return null;
}

/** Whether the origin of a request is ours: its host is the Host that was checked, or it is listed. "null" never is. */
export function isOurOrigin(outside: Outside, origin: string, host: string): boolean {
  if (outside.origins.has(origin)) return true;
  try {
    return origin !== "null" && new URL(origin).host === host && /^https?:$/u.test(new URL(origin).protocol);
  } catch {
    return false;
  }
}

/** Ours by name, or an address literal: rebinding needs a name, and in a container the LAN's address is not ours to know. */
function isOurs({ hosts }: Outside, host: string): boolean {
  const name = host.replace(/:\d{1,5}$/u, "");
  return hosts.has(host) || name === "localhost" || literal.test(name);
}

function isForeign(outside: Outside, headers: Headers, host: string): boolean {
  const origin = headers.get("origin");
  if (origin !== null) return !isOurOrigin(outside, origin, host);
  const site = headers.get("sec-fetch-site");
  return site !== null && site !== "same-origin" && site !== "none";
}

const hasBody = (headers: Headers): boolean => Number(headers.get("content-length") ?? 0) > 0 || headers.has("transfer-encoding");
