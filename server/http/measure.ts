/** Every request is counted and timed by its route's template; a path that a stranger made up is no label. */
import { Elysia } from "elysia";
import type { ProcessMetrics } from "../metrics.ts";

const methods = new Set(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]);

export function measure(metrics: Pick<ProcessMetrics, "request">) {
  const begun = new WeakMap<Request, number>();
  return new Elysia({ name: "measure" })
    .onRequest(({ request }) => void begun.set(request, performance.now()))
    .onAfterResponse({ as: "global" }, ({ request, route, set, responseValue }) => {
      const now = performance.now();
      const status = responseValue instanceof Response ? responseValue.status : Number(set.status ?? 200);
      metrics.request({ method: methodOf(request), route: routeLabel(route), status }, (now - (begun.get(request) ?? now)) / 1_000);
    });
}

/** A template without the slash at its end. */
export const routeLabel = (route: string | undefined): string => route?.replace(/(?<=.)\/$/u, "") || "none";

/** A label of a bounded set. */
export const methodOf = ({ method }: Request): string => (methods.has(method) ? method : "other");
