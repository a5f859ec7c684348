/** Door one's translation of a no, in one place: a status per code, a fixed body, and never a word of an exception. */
import { Elysia, ValidationError } from "elysia";
import { asRefusal } from "../chat/faults.ts";
import { bodyOf, Refusal, type RefusalCode } from "../chat/refusal.ts";
import type { Door } from "./door.ts";

export const statuses: Record<RefusalCode, number> = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  bad_method: 405,
  conflict: 409,
  gone: 410,
  too_large: 413,
  unsupported_type: 415,
  misdirected: 421,
  invalid: 422,
  archived: 423,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
  storage_full: 507,
};

/** `knows` says whether a path is served under some other method. */
export const refusals = ({ chat, log }: Door, knows: (path: string) => boolean) =>
  new Elysia({ name: "refusals" }).onError({ as: "global" }, ({ error, code, set, path }) => {
    const known = asRefusal(error) ?? (error instanceof Error ? asRefusal(error.cause) : null) ?? refusalFor(error, code, knows(path));
    if (!known) {
      chat.metrics.count("snug_faults_total");
      log.error("request.failed", error, { path, request_id: set.headers["x-request-id"] });
    }
    const { reason, detail } = known ?? new Refusal("internal");
    set.status = statuses[reason];
    if (detail.retry_after_ms !== undefined) set.headers["retry-after"] = String(Math.ceil(detail.retry_after_ms / 1_000));
    if (reason === "unauthorized") set.headers["www-authenticate"] = "Bearer";
    return bodyOf(reason, detail, String(set.headers["x-request-id"] ?? ""));
  });

function refusalFor(error: unknown, code: unknown, known: boolean): Refusal | null {
  if (code === "NOT_FOUND") return new Refusal(known ? "bad_method" : "not_found");
  if (code === "PARSE" || code === "INVALID_COOKIE_SIGNATURE") return new Refusal("bad_request");
  if (error instanceof ValidationError) {
    if (error.type === "response") return null; // what we said was wrong: ours to mend, nobody else's to read
    const fields = [...new Set(error.all.flatMap((one) => ("path" in one && typeof one.path === "string" ? [one.path.slice(1).replaceAll("/", ".")] : [])))];
    return new Refusal("invalid", { fields });
  }
  return null;
}
