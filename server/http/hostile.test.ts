import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { TSchema } from "@sinclair/typebox";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

const generous = { per_second: 100_000, burst: 100_000 };
const ECHO = "echo-5d1f0c"; // stands in every value below: no answer may repeat it
const AT_ONCE_MS = 1_000;
const RSS_MAX = 50 << 20;
let here: World;
let open: OpenDoor;
let rss: number | null = null;
beforeAll(async () => {
  here = await world();
  open = openDoor(here, { config: { requests: generous, requests_by_address: generous, sends: generous } });
});
afterAll(() => here.dispose());

/** Another person is answered at once, nothing was a fault, and all so far has not cost what one may. */
async function unharmed(what: string): Promise<void> {
  const begun = performance.now();
  const { status } = await visit(open, here.bob).get("/me");
  const taken = performance.now() - begun;
  if (status !== 200 || taken > AT_ONCE_MS || here.faults.length > 0) throw new Error(`${what}: ${status} after ${taken} ms, ${here.faults.join()}`);
  rss ??= resident(); // what the first requests cost is not the input's
  if (process.memoryUsage.rss() - rss < RSS_MAX) return; // garbage counts only if it is too much
  const grown = resident() - rss;
  if (grown >= RSS_MAX) throw new Error(`${what}: all so far has cost ${grown >> 20} MB`);
}

function resident(): number {
  Bun.gc(true);
  return process.memoryUsage.rss();
}

/** As JSON text, because half of it cannot be written as a value. */
const values = [
  "null",
  "true",
  "0",
  "-1",
  "-0",
  "1.5",
  "1e999",
  "9007199254740993",
  '""',
  '" "',
  `"${ECHO}"`,
  `"${ECHO}\\u0000"`,
  `"${ECHO}\\ud800"`,
  `"\\u202e${ECHO}"`,
  `"../../${ECHO}"`,
  `"<img src=x onerror=alert(1)>${ECHO}"`,
  `"' OR 1=1 --${ECHO}"`,
  `"${ECHO.repeat(2_000)}"`,
  "[]",
  `["${ECHO}"]`,
  `[["${ECHO}"]]`,
  "{}",
  `{"an odd ${ECHO}":1}`,
  `{"__proto__":{"role":"owner"}}`,
  `{"constructor":{"prototype":{"role":"owner"}}}`,
  `{"length":-1,"then":"${ECHO}"}`,
];

/** Field names of a schema, those of all alternatives of a choice. */
function fieldsOf(schema: TSchema): string[] {
  const alternatives: TSchema[] = Array.isArray(schema.anyOf) ? schema.anyOf : [schema];
  return [...new Set(alternatives.flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

const ids: Record<string, () => string> = {
  room_id: () => here.room.id,
  user_id: () => here.cy.user_id,
  message_id: () => "0000000000000000000nothere",
  invite_id: () => "0000000000000000000nothere",
  sign_in_id: () => "0000000000000000000nothere",
  key_id: () => "0000000000000000000nothere",
};

describe("whatever stands in a body, the answer is a known one and repeats nothing of it:", () => {
  test("every route with a body is asked with every value in every field", async () => {
    const asked = open.app.routes.filter(({ hooks, method, path }) => hooks.body && !(method === "POST" && path.startsWith("/api/v1/setup")));
    expect(asked.length).toBeGreaterThan(15);
    let count = 0;
    for (const { method, path, hooks } of asked) {
      const address = path.replace(/:(\w+)/gu, (_whole, name: string) => ids[name]?.() ?? "");
      const inFields = fieldsOf(hooks.body).flatMap((name) => values.map((value) => `{"${name}":${value}}`));
      for (const body of [...values, ...inFields]) {
        const { status, text } = await visit(open, here.ann).ask(method, address, body);
        const stored = status < 300; // a room may well be called so
        if (status >= 500 || (!stored && text.includes(ECHO)))
          throw new Error(`${method} ${path} ${body.slice(0, 200)}: ${status} ${text.slice(0, 300)}`);
        await unharmed(`${method} ${path} ${body.slice(0, 200)}`);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(1_000);
    expect((await visit(open, here.bob).get("/me")).body.role).toBe("member");
    expect(Object.keys({})).toEqual([]);
  }, 60_000);
});

describe("whatever stands in an address, the answer is a known one and repeats nothing of it:", () => {
  const odd = [
    "%00",
    "%20",
    "%2e%2e",
    "..%2f..%2fetc",
    "%ff",
    "%zz",
    "'",
    "%27%20OR%201=1",
    "me",
    "-1",
    "0",
    "1e3",
    "null",
    "undefined",
    "__proto__",
    "constructor",
    "a:b",
    "a:b:c",
    "*",
    "%25",
    ECHO,
    "x".repeat(128),
    "x".repeat(129),
    "x".repeat(4_000),
    "%F0%9F%98%80",
    "%ED%A0%80",
    "％",
  ];
  test("every route with a parameter is asked with every oddity", async () => {
    const asked = open.app.routes.filter(({ path }) => path.includes("/:"));
    for (const { method, path } of asked) {
      for (const name of [...path.matchAll(/:(\w+)/gu)].map(([, found]) => found ?? "")) {
        for (const value of odd) {
          const address = path.replace(/:(\w+)/gu, (_whole, one: string) => (one === name ? value : (ids[one]?.() ?? "")));
          const { status, text } = await visit(open, here.cy).ask(method, address, method === "GET" || method === "DELETE" ? undefined : {});
          if (status >= 500 || text.includes(ECHO)) throw new Error(`${method} ${address.slice(0, 200)}: ${status} ${text.slice(0, 300)}`);
          await unharmed(`${method} ${address.slice(0, 200)}`);
        }
      }
    }
  }, 60_000);

  test("cursors and queries are read or refused, never a fault", async () => {
    const ann = visit(open, here.ann);
    const lists = ["/users", "/rooms?scope=public", "/admin/invites", `/rooms/${here.room.id}/members`, `/rooms/${here.room.id}/messages`];
    for (const list of lists) {
      for (const name of ["cursor", "limit", "ids", "scope", "before_seq", "around_time", "since_rev", "__proto__"]) {
        for (const value of [...odd, "2026-01-02T03:04:05.000Z", "9999-99-99", "+275760-09-13T00:00:00.001Z", "-1"]) {
          const { status, text } = await ann.get(`${list}${list.includes("?") ? "&" : "?"}${name}=${value}`);
          if (status >= 500 || (status >= 400 && text.includes(ECHO))) throw new Error(`${list} ${name}=${value}: ${status} ${text.slice(0, 300)}`);
          await unharmed(`${list} ${name}=${value.slice(0, 200)}`);
        }
      }
    }
  }, 60_000);
});
