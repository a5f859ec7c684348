/**
 * Every operation of /openapi.json is asked what its own document allows and what it does not, by whoever may ask anything. A route that somebody adds
 * is asked too, by itself. `FC_SEED=n` repeats a search and `FC_RUNS=n` lengthens it (requests for each operation); a failure prints its seed.
 */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { ErrorBody } from "../protocol.ts";
import { fromSchemas, oddities } from "../testing/from-schema.ts";
import { byKey, keyBy, type MadeKey } from "../testing/keys.ts";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { documentOf, type Document } from "./document.ts";
import { given } from "./queries.ts";
import { type Asker, askers, type Cast, matrixCast, type Stage, stageFor } from "./matrix.cast.ts";
import { entries, type Entry } from "./matrix.entries.cast.ts";
import { statuses } from "./refusals.ts";

const MARK = "echo5d1f0c9b8a7e6f";
const LEAST = process.env["SNUG_TEST_STORE"] === "postgres" ? 1_000 : 5_000;
/** They hash a password, which is meant to be slow. */
const SLOW = /\/(register|login|password|reset-password|setup|deactivation)$/u;
const SLOW_RUNS = 24;
const generous = { per_second: 1_000_000, burst: 1_000_000 };
const seed = process.env["FC_SEED"] === undefined ? Date.now() % 1_000_000_000 : Number(process.env["FC_SEED"]);

let cast: Cast;
let open: OpenDoor;
let keys: Record<"server" | "admin" | "read", MadeKey>;
let asked = 0;
const heard = new Map<number, number>();
/** For each operation anew: passwords are changed here, people disabled and sign-ins ended. */
beforeEach(async () => {
  cast = await matrixCast();
  open = openDoor(cast.world, { config: { requests: generous, requests_by_address: generous, requests_by_key: generous, sends: generous } });
  const { chat, ann } = cast.world;
  keys = { server: await keyBy(chat, ann), admin: await keyBy(chat, ann, { scope: "admin" }), read: await keyBy(chat, ann, { scope: "read" }) };
});
afterEach(() => cast.dispose());

type Told = { route: string; method: string; path: string; operation: Document["paths"][string][string] };
const document = await shapeOfApi();
const operations: Told[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, operation })),
);
const slow = operations.filter(({ path }) => SLOW.test(path)).length;
const runs = Number(process.env["FC_RUNS"] ?? Math.ceil((LEAST - slow * SLOW_RUNS) / (operations.length - slow)));

describe("whatever is sent, the answer is one that the document tells:", () => {
  for (const told of operations) {
    test(
      told.route,
      async () => {
        const own = entries.filter((entry) => templateOf(entry) === told.route);
        const things = await thingsFor(own);
        const requests = fc.sample(requestsTo(told, things), { numRuns: SLOW.test(told.path) ? Math.min(SLOW_RUNS, runs) : runs, seed });
        for (const request of requests) await ask(told, request);
        for (const { asker, params, body } of things) await ask(told, { asker, params, query: {}, headers: {}, body: { value: body } });
      },
      60_000,
    );
  }

  test("that were as many as promised, some were let in and some were not", () => {
    console.log(`${asked} requests to ${operations.length} operations, FC_SEED=${seed}: ${[...heard].map((one) => one.join(" × ")).join(", ")}`);
    if (process.env["FC_RUNS"] === undefined) expect(asked).toBeGreaterThanOrEqual(LEAST);
    for (const status of [200, 201, 204, 401, 403, 404, 422]) expect([status, heard.has(status)]).toEqual([status, true]);
  });
});

/** Whoever runs the server, and a workspace's own servers: by a key of its own for itself, and for a user of theirs. */
const PROGRAMS = ["operator", "key", "key for a user", "reading key"] as const;
type AnyAsker = Asker | (typeof PROGRAMS)[number];

async function credentialOf(asker: AnyAsker): Promise<Record<string, string>> {
  switch (asker) {
    case "operator":
      return { "x-api-key": cast.world.chat.keys.operator_key };
    case "key":
      return byKey(keys.admin);
    case "key for a user":
      return byKey(keys.server, "customer-42");
    case "reading key":
      return byKey(keys.read, "customer-42");
    default: {
      const bearer = await cast.bearer(asker);
      return bearer === null ? {} : { authorization: `Bearer ${bearer}` };
    }
  }
}

/** A request: a body of null is none at all; one with `text` is sent as it stands. */
type Asked = {
  asker: AnyAsker;
  params: Record<string, string>;
  query: Record<string, unknown>;
  headers: Record<string, string | undefined>;
  body: { value: unknown } | { text: string } | null;
};
type Thing = { asker: Asker; params: Record<string, string>; body: unknown };

function requestsTo({ operation, method }: Told, things: readonly Thing[]): fc.Arbitrary<Asked> {
  const make = fromSchemas(document, MARK, (name) => (name.endsWith("_id") || name.endsWith("_ids") ? realIds(things, name) : []));
  const places = (where: string) => (operation.parameters ?? []).filter((one) => one.in === where);
  const odd = fc
    .constantFrom(...oddities(MARK))
    .map((value) => (typeof value === "string" ? value.toWellFormed() : JSON.stringify(value)))
    .filter((text) => text !== ""); // an empty place is another route
  const params = fc.record(
    Object.fromEntries(
      places("path").map(({ name, schema }) => {
        const real = realIds(things, name);
        const made = make.allowed(schema).map(String);
        return [
          name,
          fc.oneof(
            { weight: 6, arbitrary: real.length > 0 ? fc.constantFrom(...real) : made },
            { weight: 2, arbitrary: made },
            { weight: 1, arbitrary: odd },
          ),
        ];
      }),
    ),
  );
  const query = fc.record(
    Object.fromEntries(
      places("query").map(({ name, schema }) => [name, fc.oneof({ weight: 3, arbitrary: make.allowed(schema) }, { weight: 1, arbitrary: odd })]),
    ),
    { requiredKeys: [] },
  );
  const headers = fc.record(Object.fromEntries(places("header").map(({ name, schema }) => [name, make.allowed(schema).map(String)])), {
    requiredKeys: [],
  });
  const schema = bodySchema(operation);
  const given = things.flatMap(({ body }) => (body === undefined ? [] : [body]));
  const body: fc.Arbitrary<Asked["body"]> =
    schema === undefined
      ? fc.oneof(
          { weight: 6, arbitrary: fc.constant(null) },
          { weight: method === "GET" ? 0 : 1, arbitrary: fc.constant({ value: { [MARK]: MARK } }) },
        )
      : fc.oneof(
          ...(given.length > 0 ? [{ weight: 2, arbitrary: fc.constantFrom(...given).map((value) => ({ value })) }] : []),
          { weight: 4, arbitrary: make.allowed(schema).map((value) => ({ value })) },
          { weight: 4, arbitrary: make.broken(schema).map((value) => ({ value })) },
          {
            weight: 1,
            arbitrary: fc
              .constantFrom("", `{"${MARK}`, `{"a":1e999,"__proto__":{"${MARK} ":1}}`, "[".repeat(40), `"${MARK}"`, "nul")
              .map((text) => ({ text })),
          },
        );
  const asker = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom<Asked["asker"]>("ann", "dan", "bob") },
    { weight: 3, arbitrary: fc.constantFrom<Asked["asker"]>(...askers, ...PROGRAMS) },
  );
  return fc.record({ asker, params, query, headers, body });
}

async function ask({ route, method, path, operation }: Told, request: Asked): Promise<void> {
  const place = path.replace(/\{(\w+)\}/gu, (_whole, name: string) => encodeURIComponent(request.params[name] ?? ""));
  const query = new URLSearchParams(
    Object.entries(request.query).map(([name, value]): [string, string] => [name, String(value).toWellFormed()]),
  ).toString();
  const body = request.body === null ? undefined : "text" in request.body ? request.body.text : JSON.stringify(request.body.value);
  const headers = await credentialOf(request.asker);
  const answer = await visit(open, null).ask(method, query === "" ? place : `${place}?${query}`, body, {
    ...given(request.headers),
    ...headers,
    "user-agent": MARK,
  });
  asked += 1;
  heard.set(answer.status, (heard.get(answer.status) ?? 0) + 1);
  const wrong = wrongWith(operation, answer);
  if (wrong === null) return;
  throw new Error(
    `FC_SEED=${seed} ${wrong}: ${route} as ${request.asker}, ${place.slice(0, 300)}?${query.slice(0, 300)} ${body?.slice(0, 600)}\n${answer.status} ${answer.text.slice(0, 600)}`,
  );
}

function wrongWith(
  operation: Told["operation"],
  { status, text, body, headers }: Awaited<ReturnType<ReturnType<typeof visit>["ask"]>>,
): string | null {
  if (!(String(status) in (operation.responses ?? {}))) return "a status that the document does not tell";
  if (cast.world.faults.length > 0) return `a fault: ${String(cast.world.faults[0])}`;
  if (status >= 500) return "a fault";
  if (status < 400) return null;
  if (!Value.Check(ErrorBody, body) || Object.entries(statuses).find(([code]) => code === body.error.code)?.[1] !== status)
    return "no refusal of the closed table";
  if (body.error.request_id !== headers.get("x-request-id")) return "not the request's own id";
  return `${text} ${JSON.stringify([...headers])}`.includes(MARK) ? "an echo of what was sent" : null;
}

/** What the rights matrix asks about, for the one who may most and for the one who may least: real ids and a body that is let in. */
async function thingsFor(own: readonly Entry[]): Promise<Thing[]> {
  const things: Thing[] = [];
  for (const entry of own) {
    for (const asker of ["ann", "bob"] as const) {
      const stage: Stage = stageFor(cast, asker);
      things.push({ asker, params: (await entry.params?.(stage)) ?? {}, body: await entry.body?.(stage) });
    }
  }
  return things;
}

/** Ids that stand at this name, in a place or a body; `user_ids` takes those of `user_id`. */
function realIds(things: readonly Thing[], name: string): string[] {
  const singular = name.replace(/s$/u, "");
  const bodies = things.flatMap(({ body }) =>
    typeof body === "object" && body !== null ? [Reflect.get(body, name), Reflect.get(body, singular)].flat() : [],
  );
  const people = singular === "user_id" ? [cast.world.ann.user_id, cast.world.cy.user_id, "mallory-id"] : [];
  return [...new Set([...things.map(({ params }) => params[singular]), ...bodies, ...people].filter((id) => typeof id === "string"))];
}

function bodySchema({ requestBody }: Told["operation"]): unknown {
  return (requestBody as { content: Record<string, { schema: unknown }> } | undefined)?.content["application/json"]?.schema; // operation.ts writes it so
}

const templateOf = ({ route }: Entry): string => {
  const [method = "", path = ""] = route.split(" ");
  return `${method} ${path.replace(/(?<=.)\/$/u, "").replace(/:(\w+)/gu, "{$1}")}`;
};

/** Asked of a world that is thrown away: tests are named before anything of theirs begins. */
async function shapeOfApi(): Promise<Document> {
  const passing = await matrixCast();
  const made = documentOf(passing.open.app);
  await passing.dispose();
  return made;
}
