import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { type RefusalCode, refusalCodes } from "../chat/refusal.ts";
import { ErrorBody } from "../protocol.ts";
import { type Answer, visit } from "../testing/visitor.ts";
import { type Asker, askers, CANARY, type Cast, matrixCast, stageFor } from "./matrix.cast.ts";
import { entries, type Entry } from "./matrix.entries.cast.ts";
import { type Document, documentOf } from "./document.ts";
import { statuses } from "./refusals.ts";

let cast: Cast;
let document: Document;
beforeAll(async () => {
  cast = await matrixCast();
  document = documentOf(cast.open.app);
});
afterAll(() => cast.dispose());

const routeOf = ({ route }: Entry): string => route.split(" ").slice(0, 2).join(" ");
/** Nobody's thing: well-formed, and in no table. */
const ABSENT = "0000000000000000000nothere";

test("every route has its entry in the rights matrix, and every entry its route", () => {
  const served = cast.open.app.routes
    .filter(({ path, method }) => path !== "/*" && method !== "OPTIONS")
    .map(({ method, path }) => `${method} ${path}`);
  const entered = new Set(entries.map(routeOf));
  expect(served.filter((route) => !entered.has(route))).toEqual([]);
  expect([...entered].filter((route) => !served.includes(route))).toEqual([]);
});

describe("each route gives each of the eight what the rights matrix says:", () => {
  for (const entry of entries) {
    test(entry.route, async () => {
      const wanted = entry.answers.trim().split(/\s+/u);
      const answers = new Map<Asker, Answer>();
      for (const asker of askers) answers.set(asker, await ask(entry, asker));
      expect([...answers.values()].map(({ status }) => String(status))).toEqual(wanted);
      for (const [asker, answer] of answers) {
        checkBody(entry, answer);
        if (asker === "mallory" && !isForStrangers(entry)) expect(answer.text).not.toContain(CANARY);
        if (answer.status >= 400) expect(answer.text).not.toContain(CANARY);
      }
      const [nobody, revoked, expired] = [answers.get("nobody"), answers.get("revoked"), answers.get("expired")].map(
        (answer) => answer && told(answer),
      );
      if (nobody?.status === 401) expect([revoked, expired]).toEqual([nobody, nobody]);
    });
  }
});

describe("what is the operator's opens with the operator's key:", () => {
  for (const entry of entries.filter(({ operator }) => operator !== undefined)) {
    test(entry.route, async () => {
      const answer = await ask(entry, "nobody", undefined, { "x-api-key": cast.world.chat.keys.operator_key });
      expect(answer.status).toBe(entry.operator ?? 0);
      checkBody(entry, answer);
    });
  }
});

describe("a thing that is forbidden and a thing that does not exist are the same answer, byte for byte but the request's id:", () => {
  for (const entry of entries.filter(({ route, answers }) => route.includes("/:") && answers.includes("404"))) {
    test(entry.route, async () => {
      const wanted = entry.answers.trim().split(/\s+/u);
      const foreign = askers.filter((_asker, column) => wanted[column] === "404");
      expect(foreign.length).toBeGreaterThan(0);
      for (const asker of foreign) expect(told(await ask(entry, asker, ABSENT))).toEqual(told(await ask(entry, asker)));
    });
  }
});

test("a room that is forbidden takes as long as one that does not exist", async () => {
  const stage = stageFor(cast, "cy");
  const cy = visit(cast.open, cast.whoIs.cy);
  const times: Record<string, number[]> = { [await stage.room()]: [], [ABSENT]: [] };
  for (let round = 0; round < 200; round += 1) {
    cast.world.clock.advance(1_000);
    for (const [room_id, taken] of Object.entries(times)) {
      const begun = performance.now();
      expect((await cy.get(`/rooms/${room_id}`)).status).toBe(404);
      taken.push(performance.now() - begun);
    }
  }
  const [there = 0, absent = 0] = Object.values(times).map((taken) => taken.toSorted((a, b) => a - b)[100]);
  expect(Math.abs(there - absent)).toBeLessThan(0.25 * Math.max(there, absent) + 0.1);
});

async function ask(entry: Entry, asker: Asker, id?: string, headers: Record<string, string> = {}): Promise<Answer> {
  const [method = "", template = ""] = entry.route.split(" ");
  const stage = stageFor(cast, asker);
  const params = (await entry.params?.(stage)) ?? {};
  const path = template.replace(/:(\w+)/gu, (_whole, name: string) => id ?? params[name] ?? "").replace(/(?<=.)\/$/u, "");
  const bearer = await cast.bearer(asker);
  const body = await entry.body?.(stage);
  return visit(cast.open, null).ask(
    method,
    entry.query === undefined ? path : `${path}?${entry.query}`,
    body,
    bearer === null ? headers : { ...headers, authorization: `Bearer ${bearer}` },
  );
}

/** All that an asker can see of an answer, but what is each request's own. */
function told({ status, headers, text, body }: Answer): { status: number; text: string; headers: [string, string][] } {
  const own = ["x-request-id", "ratelimit-remaining", "ratelimit-reset"];
  const id: unknown = body?.error?.request_id;
  return { status, text: typeof id === "string" ? text.replace(id, "") : text, headers: [...headers].filter(([name]) => !own.includes(name)) };
}

/** A refusal is the closed table's; anything else is what /openapi.json says of the route. */
function checkBody(entry: Entry, { status, text, body, headers }: Answer): void {
  const [method = "", template = ""] = entry.route.split(" ");
  const operation = document.paths[template.replace(/(?<=.)\/$/u, "").replace(/:(\w+)/gu, "{$1}")]?.[method.toLowerCase()];
  if (operation) expect(Object.keys(operation.responses ?? {})).toContain(String(status));
  if (status >= 400) {
    expect(Value.Check(ErrorBody, body)).toBe(true);
    const code: RefusalCode | undefined = refusalCodes.find((one) => one === body.error.code);
    expect(code && statuses[code]).toBe(status);
    expect(body.error.request_id).toBe(headers.get("x-request-id"));
    return;
  }
  if (!routeOf(entry).includes("/api/")) return;
  const schema = schemaOf(entry, status);
  if (schema === null) return expect(text).toBe("");
  if (schema === undefined) return expect(body).toBeUndefined();
  expect([...Value.Errors(schema, body)].map(({ path, message }) => `${path}: ${message}`)).toEqual([]);
}

function schemaOf(entry: Entry, status: number): TSchema | null | undefined {
  const route = cast.open.app.routes.find(({ method, path }) => `${method} ${path}` === routeOf(entry));
  const told = route?.hooks.detail?.responses?.[status];
  expect(told).toBeDefined();
  const other = Object.keys(told?.content ?? {}).find((type) => type !== "application/json"); // lines, say: no JSON of ours to be looked at
  return other === undefined ? (told?.content?.["application/json"]?.schema ?? null) : undefined;
}

/** These belong to the workspace of the request's Host, whoever asks. */
const isForStrangers = ({ route }: Entry): boolean => /\/(setup|invites\/check|auth\/(register|login|refresh|logout))/u.test(route);
