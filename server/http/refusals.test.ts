import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { ErrorBody } from "../protocol.ts";
import { type Answer, type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

const generous = { per_second: 10_000, burst: 10_000 };
let here: World;
let open: OpenDoor;
beforeAll(async () => {
  here = await world();
  open = openDoor(here, { config: { requests: generous, requests_by_address: generous } });
});
afterAll(() => here.dispose());

const codeOf = ({ status, body }: Answer): [number, string] => [status, body?.error?.code];
const ann = () => visit(open, here.ann);

describe("every no is one of the closed table, told in its own words:", () => {
  const asked: Record<string, [number, string, () => Promise<Answer>]> = {
    "a body that is no JSON": [400, "bad_request", () => ann().patch("/me", "{")],
    "a body that is no UTF-8": [400, "bad_request", () => bytes(new Uint8Array([34, 0xff, 34]))],
    "a body 17 deep": [400, "bad_request", () => ann().patch("/me", "[".repeat(17) + "]".repeat(17))],
    "a body of 201 keys": [
      400,
      "bad_request",
      () => ann().patch("/me", JSON.stringify(Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`k${i}`, 1])))),
    ],
    "no credential": [401, "unauthorized", () => visit(open, null).get("/me")],
    "no right": [403, "forbidden", () => visit(open, here.bob).get("/admin/invites")],
    "no such route": [404, "not_found", () => ann().get("/nope")],
    "no such route for a write": [404, "not_found", () => ann().post("/nope", {})],
    "no such file": [404, "not_found", () => ann().ask("GET", "/robots.txt")],
    "another method than the route's": [405, "bad_method", () => ann().put("/me", {})],
    "reading what is only written": [405, "bad_method", () => ann().get("/auth/login")],
    "a method nobody uses": [405, "bad_method", () => ann().ask("PROPFIND", "/api/v1/me")],
    "asking for options where no other page may call": [405, "bad_method", () => ann().ask("OPTIONS", "/api/v1/me")],
    "a name that is taken": [409, "conflict", () => ann().post("/rooms", { type: "channel", name: "quay", visibility: "private" })],
    "a body over 64 KiB": [413, "too_large", () => ann().patch("/me", JSON.stringify({ display_name: "x".repeat(65_536) }))],
    "a body that says it is over 64 KiB": [413, "too_large", () => ann().patch("/me", "{}", { "content-length": "65537" })],
    "a form": [
      415,
      "unsupported_type",
      () => ann().patch("/me", "a=b", { "content-type": "application/x-www-form-urlencoded", "content-length": "3" }),
    ],
    "another host": [421, "misdirected", () => ann().get("/me", undefined, { host: "evil.test" })],
    "a field of another type": [422, "invalid", () => ann().patch("/me", { display_name: 5 })],
    "a body where an object is due": [422, "invalid", () => ann().patch("/me", "[]")],
    "a text with NUL, which no table keeps": [422, "invalid", () => ann().patch("/me", '{"display_name":"a\\u0000b"}')],
    "a text with half a character": [422, "invalid", () => ann().patch("/me", '{"settings":{"a":["\\ud800"]}}')],
    "no body where one is due": [422, "invalid", () => ann().post("/rooms")],
    "a query out of range": [422, "invalid", () => ann().get(`/rooms/${here.room.id}/messages?limit=201`)],
    "an id that cannot be one": [422, "invalid", () => ann().get("/rooms/%20")],
  };
  for (const [name, [status, code, ask]] of Object.entries(asked)) {
    test(`${name}: ${status} ${code}`, async () => {
      const answer = await ask();
      expect(codeOf(answer)).toEqual([status, code]);
      expect(Value.Check(ErrorBody, answer.body)).toBe(true);
      expect(answer.body.error.request_id).toBe(answer.headers.get("x-request-id"));
      expect(answer.body.error.retry).toBe(false);
    });
  }

  const bytes = async (body: Uint8Array<ArrayBuffer>): Promise<Answer> => {
    const request = new Request("http://localhost:3000/api/v1/auth/login", { method: "POST", headers: { "content-type": "application/json" }, body });
    const response = await open.app.handle(request);
    return { status: response.status, headers: response.headers, text: "", body: await response.json() };
  };
});

test("a body of 64 KiB, 16 deep and of 200 keys is read", async () => {
  const settings = Object.fromEntries(Array.from({ length: 199 }, (_, i) => [`k${i}`, 1]));
  expect((await ann().patch("/me", { settings })).status).toBe(200);
  const deep = JSON.parse(`${'{"a":'.repeat(14)}1${"}".repeat(14)}`);
  expect((await ann().patch("/me", { settings: deep })).status).toBe(200); // with the body itself 15
  expect((await ann().patch("/me", { settings: { a: deep } })).status).toBe(200);
  expect((await ann().patch("/me", { settings: { a: { a: deep } } })).status).toBe(400);
  const body = JSON.stringify({ display_name: "Ann" });
  expect((await ann().patch("/me", body.padEnd(65_536))).status).toBe(200);
  expect((await ann().patch("/me", body.padEnd(65_537))).status).toBe(413);
});

test("405 says which methods there are", async () => {
  expect((await ann().put("/me", {})).headers.get("allow")).toBe("GET, PATCH");
  expect((await ann().get("/auth/login")).headers.get("allow")).toBe("POST");
  expect((await ann().post(`/rooms/${here.room.id}`, {})).headers.get("allow")).toBe("GET, PATCH, DELETE");
});

test("422 names the fields and never their values", async () => {
  const secret = "hunter2-hunter2-hunter2";
  const { status, text, body } = await visit(open, null).post("/auth/register", { username: "new", password: [secret], display_name: { secret } });
  expect([status, body.error.fields.toSorted()]).toEqual([422, ["display_name", "password"]]);
  expect(text).not.toContain(secret);
  const query = await ann().get(`/rooms/${here.room.id}/messages?before_seq=${secret}`);
  expect([query.status, query.body.error.fields]).toEqual([422, ["before_seq"]]);
  expect(query.text).not.toContain(secret);
});

test("of a choice, 422 names the fields of the alternative that was nearly met", async () => {
  const fields = async (body: object) => (await ann().post("/rooms", body)).body.error.fields;
  expect(await fields({ type: "channel", name: "", visibility: "private" })).toEqual(["name"]);
  expect(await fields({ type: "channel", name: "x", visibility: "secret" })).toEqual(["visibility"]);
  expect(await fields({ type: "dm", user_ids: [] })).toEqual(["user_ids"]);
});

test("what the body holds beyond the schema is refused, not dropped: nobody believes that they made themselves an owner", async () => {
  const bob = visit(open, here.bob);
  for (const more of [`"role":"owner"`, `"__proto__":{"role":"owner"}`, `"id":"ann-id"`]) {
    expect(codeOf(await bob.patch("/me", `{"display_name":"Bob",${more}}`))).toEqual([422, "invalid"]);
  }
  const { body } = await bob.patch("/me", `{"display_name":"Bob"}`);
  expect([body.id, body.role, body.display_name]).toEqual([here.bob.user_id, "member", "Bob"]);
});

describe("numbers in a query are digits within their bounds:", () => {
  const page = (query: string) => ann().get(`/rooms/${here.room.id}/messages?${query}`);
  for (const text of ["1", "50", "200"]) test(`limit=${text} is read`, async () => expect((await page(`limit=${text}`)).status).toBe(200));
  for (const text of [
    "",
    "0",
    "201",
    "-1",
    "-0",
    "+1",
    "1.0",
    "5.5",
    "1e2",
    "0x10",
    "%205",
    "5%00",
    "Infinity",
    "NaN",
    "null",
    "٣",
    "9007199254740993",
  ]) {
    test(`limit=${text} is refused`, async () => {
      const { status, body } = await page(`limit=${text}`);
      expect([status, body.error.fields]).toEqual([422, ["limit"]]);
    });
  }
  for (const name of ["before_seq", "after_seq", "around_seq", "since_rev"]) {
    test(`${name} is a count`, async () => {
      expect((await page(`${name}=0`)).status).toBe(200);
      for (const text of ["-1", "1e3", "9007199254740993", "x"]) expect((await page(`${name}=${text}`)).body.error.fields).toEqual([name]);
    });
  }
  test("a page goes one way: two ways at once are refused", async () => {
    expect((await page("before_seq=1&after_seq=1")).status).toBe(422);
    expect((await page("since_rev=0&before_seq=1")).body.error.fields).toEqual(["before_seq"]);
    expect((await page("since_rev=0&limit=5")).body.error.fields).toEqual(["limit"]);
  });
});

describe("a fault", () => {
  let broken: World;
  beforeEach(async () => void (broken = await world()));
  afterEach(() => broken.dispose());

  test("is logged and counted; the asker reads that the server could not, and nothing else", async () => {
    const door = openDoor(broken);
    broken.chat.newSecret = () => {
      throw new Error("SELECT secret FROM the_inside");
    };
    const { status, text, body, headers } = await visit(door, broken.ann).post("/ws/tickets", {});
    expect([status, body.error]).toEqual([
      500,
      { code: "internal", message: "The server could not do that.", retry: true, request_id: headers.get("x-request-id") },
    ]);
    expect(text).not.toContain("inside");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(broken.faults).toHaveLength(1);
    await new Promise(setImmediate); // counted once the answer has gone
    expect(await door.door.metrics.text()).toContain('route="/api/v1/ws/tickets",status="500"} 1');
  });

  test("of a store that is away is told as such, with when to come back", async () => {
    const door = openDoor(broken);
    const visitor = visit(door, broken.ann);
    await broken.chat.store.close();
    const { status, body, headers } = await visitor.get("/me");
    expect([status, body.error.code, body.error.retry, headers.get("retry-after")]).toEqual([503, "unavailable", true, "1"]);
    expect((await visitor.ask("GET", "/healthz")).status).toBe(200);
    expect((await visitor.ask("GET", "/health")).body).toMatchObject({ status: "ok", db_writable: false });
    expect((await visitor.ask("GET", "/ready")).status).toBe(503);
  });
});

describe("on every answer stand the headers that keep browsers from guessing, telling and keeping:", () => {
  const asked: Record<string, () => Promise<Answer>> = {
    "200": () => ann().get("/me"),
    "201": () => ann().post("/ws/tickets", {}),
    "204": () => ann().post(`/rooms/${here.room.id}/typing`, { is_typing: true }),
    "400": () => ann().patch("/me", "{"),
    "401": () => visit(open, null).get("/me"),
    "403 of the guard": () => ann().patch("/me", {}, { origin: "https://evil.test" }),
    "404": () => ann().get("/nope"),
    "405": () => ann().get("/auth/login"),
    "421": () => ann().get("/me", undefined, { host: "evil.test" }),
    "422": () => ann().patch("/me", { display_name: 5 }),
  };
  for (const [name, ask] of Object.entries(asked)) {
    test(name, async () => {
      const { status, headers } = await ask();
      expect(String(status)).toBe(name.slice(0, 3));
      expect(Object.fromEntries(headers)).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
        "x-request-id": expect.stringMatching(/^[0-9a-v]{26}$/u),
      });
    });
  }
  test("behind https it is said that nothing else will do from then on, and by no redirect that would carry what was asked over plain http", async () => {
    const secured = openDoor(here, { config: { public_url: "https://chat.example.org" } });
    for (const path of ["/api/v1/me", "/api/v1/nope", "/health"]) {
      const { status, headers } = await visit(secured, null).ask("GET", path);
      expect([path, headers.get("strict-transport-security")]).toEqual([path, "max-age=63072000"]);
      expect([status < 300 || status >= 400, headers.get("location")]).toEqual([true, null]);
    }
    const refused = await visit(secured, null).ask("GET", "/api/v1/me", undefined, { host: "evil.test" });
    expect([refused.status, refused.headers.get("strict-transport-security")]).toEqual([421, "max-age=63072000"]);
    expect((await ann().get("/me")).headers.get("strict-transport-security")).toBeNull(); // on plain http it would mean nothing
  });

  test("no two requests share an id, and nobody chooses theirs", async () => {
    const ids = [await ann().get("/me", undefined, { "x-request-id": "mine" }), await ann().get("/me")].map(({ headers }) =>
      headers.get("x-request-id"),
    );
    expect(new Set(ids).size).toBe(2);
    expect(ids).not.toContain("mine");
  });
});
