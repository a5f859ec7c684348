/** Headers on every answer, also those that no route gives: 404, 405, 422, 500. */
import { pathOf } from "./guard.ts";

const always = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** What people say is nobody's to keep: only the page's own files may be cached, and they say so themselves. */
export function headersFor(request: Request): Record<string, string> {
  return /^\/(api|admin|metrics|ws)(\/|$)/u.test(pathOf(request)) ? { ...always, "cache-control": "no-store" } : always;
}
