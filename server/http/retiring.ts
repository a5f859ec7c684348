/**
 * Routes on their way out. Each says so on every answer, refusals too: `Deprecation` (RFC 9745), `Sunset` (RFC 8594), and in `Link` its
 * successor and the entry of docs/migrating.md that says what to write instead. The executable serves that page, so that the link leads somewhere.
 */
import { Elysia } from "elysia";
import page from "../../docs/migrating.md" with { type: "text" };

type Retiring = { since: string; until: string; successor: string; entry: string };

export const MIGRATING = "/openapi/migrating.md";

/** By `METHOD /template`. `since` and `until` are days; until then the route answers as its successor does. */
export const retired: Readonly<Record<string, Retiring>> = {
  "POST /ws/tickets": { since: "2026-11-21", until: "2027-11-21", successor: "/api/v1/ws/tickets", entry: "post-wstickets" },
};

/** For the instance that holds this one route, before everything else of it: a refusal then has the headers too. */
export function retiring(route: keyof typeof retired) {
  const { since, until, successor, entry } = retired[route] ?? unknown(route);
  const headers = {
    deprecation: `@${Date.parse(since) / 1_000}`,
    sunset: new Date(until).toUTCString(),
    link: `<${successor}>; rel="successor-version", <${MIGRATING}#${entry}>; rel="deprecation"; type="text/markdown"`,
  };
  return new Elysia({ name: `retiring ${route}` }).derive({ as: "scoped" }, ({ set }) => {
    Object.assign(set.headers, headers);
    return {};
  });
}

/** The page that the links lead to. */
export const migrating = new Elysia({ name: "migrating" }).get(
  MIGRATING,
  ({ set }) => {
    set.headers["content-type"] = "text/markdown; charset=utf-8";
    return page;
  },
  { detail: { hide: true } },
);

function unknown(route: string): never {
  throw new Error(`${route} is in no line of the routes on their way out`);
}
