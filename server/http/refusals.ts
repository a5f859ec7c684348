/** Door one's translation of a no, in one place: a status per code, a fixed body, and never a word of an exception. */
import { Elysia, ValidationError } from "elysia";
import { isNameable } from "../chat/bounds.ts";
import { asRefusal } from "../chat/faults.ts";
import { bodyOf, Refusal, type RefusalCode } from "../chat/refusal.ts";
import { noteRefusal } from "../chat/refused-rights.ts";
import { askerOf } from "./asked-by.ts";
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

/** `methods` says under which methods a path is served, so that a wrong method is told from a path that is not there. */
export const refusals = ({ chat, log }: Pick<Door, "chat" | "log">, methods: (path: string) => readonly string[]) =>
  new Elysia({ name: "refusals" }).onError({ as: "global" }, async ({ error, code, set, path, request, route }) => {
    const served = methods(path);
    const known = asRefusal(error) ?? (error instanceof Error ? asRefusal(error.cause) : null) ?? refusalFor(error, code);
    if (!known) {
      chat.metrics.count("snug_faults_total");
      log.error("request.failed", error, { path, request_id: set.headers["x-request-id"] });
    }
    const wrongMethod = code === "NOT_FOUND" && served.length > 0;
    const refusal = wrongMethod ? new Refusal("bad_method") : (known ?? new Refusal("internal"));
    const { reason, detail } = refusal;
    const who = askerOf(request);
    if (who) await noteRefusal(chat, who, `${request.method} ${route}`, refusal);
    set.status = statuses[reason];
    if (detail.retry_after_ms !== undefined) set.headers["retry-after"] = String(Math.ceil(detail.retry_after_ms / 1_000));
    if (reason === "unauthorized") set.headers["www-authenticate"] = "Bearer";
    if (reason === "bad_method") set.headers["allow"] = served.join(", ");
    return bodyOf(reason, detail, set.headers["x-request-id"] ?? "");
  });

const WRONGS_MAX = 64;

function refusalFor(error: unknown, code: unknown): Refusal | null {
  if (code === "NOT_FOUND") return new Refusal("not_found");
  if (code === "PARSE" || code === "INVALID_COOKIE_SIGNATURE") return new Refusal("bad_request");
  if (!(error instanceof ValidationError)) return null;
  if (error.type === "response") return null; // what we said was wrong: ours to mend, nobody else's to read
  const fields = [...new Set(wrongsIn(error).flatMap(pathsOf))].filter(isNameable);
  return new Refusal("invalid", fields.length > 0 ? { fields } : {});
}

/** Asked of the schema's check itself: the error's own list turns each value into text, which a body can make throw. */
function wrongsIn({ validator, value }: ValidationError): unknown[] {
  return "Errors" in validator && typeof validator.Errors === "function" ? [...Iterator.from<unknown>(validator.Errors(value)).take(WRONGS_MAX)] : [];
}

/** The paths that are wrong, without their values. Of a choice: those of the alternative that was nearly met. */
function pathsOf(wrong: unknown): string[] {
  if (typeof wrong !== "object" || wrong === null || !("path" in wrong) || typeof wrong.path !== "string") return [];
  const alternatives =
    "errors" in wrong && Array.isArray(wrong.errors) ? wrong.errors.map((errors: Iterable<unknown>) => [...errors].flatMap(pathsOf)) : [];
  const [nearest] = alternatives.filter((paths) => paths.some((path) => path !== "")).sort((a, b) => a.length - b.length);
  return nearest ?? [wrong.path.slice(1).replaceAll("/", ".")];
}
