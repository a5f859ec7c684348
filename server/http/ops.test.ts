import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { hashPassword } from "../chat/passwords.ts";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

let here: World;
let open: OpenDoor;
beforeEach(async () => {
  here = await world();
  open = openDoor(here);
});
afterEach(() => here.dispose());

const nobody = () => visit(open, null);
const operator = () => ({ "x-api-key": here.chat.keys.operator_key });

test("probes are answered to anybody, by any name", async () => {
  here.clock.advance(90_000);
  const health = await nobody().ask("GET", "/health", undefined, { host: "10-1-2-3.pods.cluster.local" });
  expect([health.status, health.body]).toEqual([
    200,
    { status: "ok", service: "snug", timestamp: new Date(here.clock.now()).toISOString(), uptime: 90, db_writable: true },
  ]);
  expect((await nobody().ask("GET", "/healthz")).body).toEqual({ status: "ok" });
  expect((await nobody().ask("GET", "/ready")).body).toEqual({ status: "ready", checks: { database: true, accepting: true } });
  expect(Object.keys((await nobody().ask("GET", "/version")).body)).toEqual(["version", "commit", "built_at"]);
});

test("while it drains it is alive, and not ready", async () => {
  const draining = openDoor(here, { live: { draining: true, upgrade: () => false } });
  const ready = await visit(draining, null).ask("GET", "/ready");
  expect([ready.status, ready.body]).toEqual([503, { status: "not ready", checks: { database: true, accepting: false } }]);
  expect((await visit(draining, null).ask("GET", "/health")).status).toBe(200);
});

test("while it drains whoever asks is told to come back, and is answered otherwise", async () => {
  const draining = openDoor(here, { live: { draining: true, upgrade: () => false } });
  const told = await visit(draining, here.bob).get("/rooms");
  expect([told.status, told.headers.get("retry-after"), told.body.error]).toEqual([
    503,
    "1",
    expect.objectContaining({ code: "unavailable", retry: true, retry_after_ms: 1_000 }),
  ]);
  const posted = await visit(draining, here.bob).post(`/rooms/${here.room.id}/messages`, { content: "too late" });
  expect(posted.status).toBe(503);
  expect((await visit(open, here.bob).get("/rooms")).status).toBe(200);
});

test("a database that does not answer at all keeps no liveness probe waiting", async () => {
  const never = Promise.withResolvers<boolean>().promise;
  Object.assign(here.chat.store, { ready: () => never });
  expect((await nobody().ask("GET", "/health")).body).toMatchObject({ status: "ok", db_writable: false });
});

describe("metrics", () => {
  test("are told to the operator's key and to no other credential", async () => {
    const told = await nobody().ask("GET", "/metrics", undefined, operator());
    expect([told.status, told.headers.get("content-type")]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
    for (const key of ["", "x", here.chat.keys.setup_token, `${here.chat.keys.operator_key}0`]) {
      expect((await nobody().ask("GET", "/metrics", undefined, { "x-api-key": key })).status).toBe(401);
    }
    expect((await visit(open, here.ann).ask("GET", "/metrics")).status).toBe(401);
    expect((await nobody().ask("GET", `/metrics?api_key=${here.chat.keys.operator_key}`)).status).toBe(401);
  });

  test("count requests by route template: no id, no invented path and no invented method becomes a label", async () => {
    const ann = visit(open, here.ann);
    await ann.get(`/rooms/${here.room.id}`);
    await ann.get("/rooms/0000000000000000000nothere");
    await ann.ask("GET", "/invented-path-1");
    await ann.ask("POST", "/invented-path-2");
    await ann.ask("PROPFIND", "/invented-path-3");
    await ann.get("/me", undefined, { host: "invented.test" });
    await new Promise(setImmediate); // counted once the answers have gone
    const { text } = await nobody().ask("GET", "/metrics", undefined, operator());
    expect(text).toContain('http_requests_total{method="GET",route="/api/v1/rooms/:room_id",status="200"} 1');
    expect(text).toContain('http_requests_total{method="GET",route="/api/v1/rooms/:room_id",status="404"} 1');
    expect(text).toContain('http_requests_total{method="other",route="none",status="405"} 1');
    expect(text).toContain('http_requests_total{method="GET",route="none",status="421"} 1');
    expect(text).toContain('http_request_duration_seconds_count{method="GET",route="/api/v1/rooms/:room_id"} 2');
    expect(text.toLowerCase()).not.toContain("invented");
    expect(text).not.toContain("PROPFIND");
    expect(text).not.toContain(here.room.id);
  });
});

describe("the operator gives a person another password,", () => {
  const body = { username: "bob", password: "a new one for bob" };
  const login = (password: string) => nobody().post("/auth/login", { username: "bob", password });
  beforeEach(async () => {
    const password_hash = await hashPassword("bob's old one", "a test");
    await here.chat.store.write(async (tx) => void (await tx.update(here.chat.store.t.users).set({ password_hash })));
  });

  test("which ends all their sign-ins", async () => {
    expect((await visit(open, here.bob).get("/me")).status).toBe(200);
    expect((await nobody().ask("POST", "/admin/reset-password", body, operator())).status).toBe(204);
    expect((await visit(open, here.bob).get("/me")).status).toBe(401);
    expect([(await login("bob's old one")).status, (await login(body.password)).status]).toEqual([401, 200]);
  });

  test("not without the key, not for who is not there, and not a weak one", async () => {
    const status = async (more: object, headers: Record<string, string>) =>
      (await nobody().ask("POST", "/admin/reset-password", { ...body, ...more }, headers)).status;
    expect(await status({}, {})).toBe(401);
    expect(await status({}, { "x-api-key": here.chat.keys.setup_token })).toBe(401);
    expect(await status({ username: "nobody-here" }, operator())).toBe(404);
    expect(await status({ username: "mallory" }, operator())).toBe(404);
    expect(await status({ password: "password" }, operator())).toBe(422);
    expect((await login("bob's old one")).status).toBe(200);
  });

  test("on this machine alone: not through a proxy on it, and not from another", async () => {
    const server = open.app.listen({ port: 0, hostname: "127.0.0.1" }).server ?? expect.unreachable();
    try {
      const ask = (headers: Record<string, string>) =>
        fetch(`http://127.0.0.1:${server.port}/admin/reset-password`, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify(body),
        });
      expect((await ask({ ...operator(), "x-forwarded-for": "127.0.0.1" })).status).toBe(403);
      expect((await ask(operator())).status).toBe(204);
    } finally {
      await server.stop(true);
    }
  });
});
