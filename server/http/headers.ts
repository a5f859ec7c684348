/** Headers on every answer, also those that no route gives: 404, 405, 422, 500. */
import type { Config } from "../config.ts";
import { pathOf } from "./guard.ts";

/** What an answer is to bear, by name: as Elysia has it before it is sent. */
export type AnswerHeaders = Record<string, string | number | undefined>;

const always = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** Whoever has come by https once comes by nothing else for two years, also before anything is asked. Browsers do not listen to it over plain http. */
const securely = { ...always, "strict-transport-security": "max-age=63072000" };

/** What people say is nobody's to keep: only the page's own files may be cached, and they say so themselves. */
export function headersFor(request: Request, { public_url }: Pick<Config, "public_url">): Record<string, string> {
  const secured = public_url?.startsWith("https:") ? securely : always;
  return /^\/(api|admin|metrics|ws)(\/|$)/u.test(pathOf(request)) ? { ...secured, "cache-control": "no-store" } : secured;
}
