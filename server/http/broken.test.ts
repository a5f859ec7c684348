/** Wherever a fault may come from while a route is answered: the asker learns nothing of it, and the next request is answered. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Store } from "../../db/store.ts";
import { type Answer, openDoor, visit } from "../testing/visitor.ts";
import { type Asker, askers, type Cast, matrixCast, stageFor } from "./matrix.cast.ts";
import { entries, type Entry } from "./matrix.entries.cast.ts";

const INSIDE = "SELECT inside_4e21 FROM secrets";
const generous = { per_second: 100_000, burst: 100_000 };
let cast: Cast;
let broken: ReturnType<typeof breaking>;
beforeAll(async () => {
  cast = await matrixCast();
  broken = breaking(cast.world.chat.store);
  Object.assign(cast.world.chat, { store: broken.store });
  cast.open = openDoor(cast.world, { config: { requests: generous, requests_by_address: generous, sends: generous } });
});
afterAll(() => cast.dispose());

/** These answer without the store, ask it for nothing that may throw, or refuse before they ask. */
const NEEDS_NO_STORE = [
  "GET /openapi.json",
  "GET /frames.json",
  "GET /openapi",
  "GET /openapi.css",
  "GET /openapi/migrating.md",
  "GET /health",
  "GET /healthz",
  "GET /ready",
  "GET /version",
  "GET /metrics",
  "POST /admin/reset-password",
  "POST /admin/conversations",
  "GET /ws",
];

/** What it let go of is collected after its COMMIT, and where that fails by the sweep. */
const SWEPT_LATER = ["DELETE /api/v1/admin/config/logo/"];
const STREAMED = ["GET /api/v1/me/export"];
const TEN_MINUTES_MS = 600_000;

test("a fault at any question that any route asks the store is a 500 that says nothing, under every header, and the next request is answered", async () => {
  const untouched: string[] = [];
  for (const entry of entries) {
    const faults = await breakEverywhere(entry);
    if (faults === 0) untouched.push(entry.route);
  }
  expect(untouched).toEqual(NEEDS_NO_STORE);
});

/** How many questions to the store stand behind the route; each of them has failed once. */
async function breakEverywhere(entry: Entry): Promise<number> {
  const asker = askerOf(entry);
  for (let nth = 1; nth < 40; nth += 1) {
    broken.at(null);
    const ask = await prepare(entry, asker);
    if (STREAMED.includes(entry.route)) cast.world.clock.advance(TEN_MINUTES_MS); // one may ask for it again
    cast.world.faults.length = 0;
    broken.at(nth);
    const answer = await ask().catch((fault: unknown) => {
      if (STREAMED.includes(entry.route)) return null;
      return expect.unreachable(`${entry.route} threw past the door: ${String(fault)}`);
    });
    broken.at(null);
    if (answer === null) continue; // it was under way already: what is broken off lacks its last line
    const wanted = entry.operator ?? Number(entry.answers.trim().split(/\s+/u)[askers.indexOf(asker)]);
    if (!broken.hasBroken()) {
      expect([entry.route, answer.status]).toEqual([entry.route, wanted]);
      return nth - 1;
    }
    if (wanted === 403 && answer.status === 403) continue; // a refused right is written down beside the answer, which does not wait for it
    if (SWEPT_LATER.includes(entry.route) && answer.status === wanted) {
      expect(cast.world.faults.map(String).join()).toContain(INSIDE);
      continue;
    }
    expect([entry.route, answer.status, answer.body.error]).toEqual([
      entry.route,
      500,
      { code: "internal", message: "The server could not do that.", retry: true, request_id: answer.headers.get("x-request-id") },
    ]);
    expect(answer.text).not.toContain(INSIDE);
    expect(Object.fromEntries(answer.headers)).toMatchObject(entry.route.includes("/api/") ? { ...always, "cache-control": "no-store" } : always);
    expect(cast.world.faults.map(String).join()).toContain(INSIDE);
  }
  return expect.unreachable(`${entry.route} asks the store without end`);
}

const always = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** Who is allowed to, so that the route is asked to its end. */
function askerOf({ answers }: Entry): Asker {
  const statuses = answers.trim().split(/\s+/u);
  const signedIn = statuses[askers.indexOf("bob")] !== statuses[askers.indexOf("nobody")] ? "bob" : "nobody";
  return (["bob", "ann"] as const).find((one) => Number(statuses[askers.indexOf(one)]) < 300) ?? signedIn;
}

async function prepare(entry: Entry, asker: Asker): Promise<() => Promise<Answer>> {
  const [method = "", template = ""] = entry.route.split(" ");
  const stage = stageFor(cast, asker);
  const params = (await entry.params?.(stage)) ?? {};
  const path = template.replace(/:(\w+)/gu, (_whole, name: string) => params[name] ?? "").replace(/(?<=.)\/$/u, "");
  const bearer = await cast.bearer(asker);
  const body = await entry.body?.(stage);
  const address = entry.query === undefined ? path : `${path}?${entry.query}`;
  const key = entry.operator === undefined ? {} : { "x-api-key": cast.world.chat.keys.operator_key };
  return () => visit(cast.open, null).ask(method, address, body, bearer === null ? key : { ...key, authorization: `Bearer ${bearer}` });
}

/** A store whose nth question, read or write, throws what no asker may read. */
function breaking(store: Store) {
  let left: number | null = null;
  let done = false;
  const breaks = (): boolean => {
    if (left === null || done) return false;
    left -= 1;
    done = left === 0;
    return done;
  };
  const read = new Proxy(store.read, {
    get(target, name, receiver) {
      if (["select", "selectDistinct", "$count", "ask"].includes(String(name)) && breaks()) throw new Error(INSIDE);
      const value: unknown = Reflect.get(target, name, receiver);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const write: Store["write"] = (work) => (breaks() ? Promise.reject(new Error(INSIDE)) : store.write(work));
  const once: Store["once"] = async (island, values) => {
    if (breaks()) throw new Error(INSIDE);
    return (await store.once?.(island, values)) ?? [];
  };
  return {
    store: { ...store, read, write, ...(store.once && { once }) },
    at: (nth: number | null) => {
      if (nth !== null) done = false;
      left = nth;
    },
    hasBroken: () => done,
  };
}
