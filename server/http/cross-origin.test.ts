import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

const LISTED = "https://app.example.com";
let here: World;
let listed: OpenDoor;
let closed: OpenDoor;
beforeAll(async () => {
  here = await world();
  closed = openDoor(here);
  listed = openDoor(here, { config: { allowed_origins: [LISTED, "https://two.example.com:8443"] } });
});
afterAll(() => here.dispose());

const preflight = (open: OpenDoor, origin: string, path = "/api/v1/rooms") =>
  visit(open, null).ask("OPTIONS", path, undefined, {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization, content-type, x-evil",
  });
const corsOf = (headers: Headers) => Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-")));

test("a listed page is told what it may send, exactly, and never with the browser's own credentials", async () => {
  const { status, headers } = await preflight(listed, LISTED);
  expect(status).toBe(204);
  expect(corsOf(headers)).toEqual({
    "access-control-allow-origin": LISTED,
    "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
    "access-control-allow-headers": "authorization, content-type, idempotency-key, x-file-name",
    "access-control-expose-headers": "x-request-id, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset, deprecation, sunset, link",
    "access-control-max-age": "600",
  });
  expect(headers.get("vary")).toBe("Origin");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

test("a listed page writes with a token of its own, and reads its refusals", async () => {
  const made = await visit(listed, here.bob).post("/rooms", { type: "dm", user_ids: [here.ann.user_id] }, { origin: LISTED });
  expect([made.status, made.headers.get("access-control-allow-origin"), made.headers.get("vary")]).toEqual([201, LISTED, "Origin"]);
  const refused = await visit(listed, null).get("/me", undefined, { origin: LISTED });
  expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([401, LISTED]);
  expect(refused.headers.get("access-control-allow-credentials")).toBeNull();
});

describe("a page that is not listed is told nothing and writes nothing:", () => {
  const tricky = [
    "https://evil.test",
    "null",
    "http://app.example.com",
    "https://app.example.com.evil.test",
    "https://evilapp.example.com",
    "https://app.example.com:8443",
    "https://two.example.com",
    "https://sub.app.example.com",
    "https://app-example.com",
    "app.example.com",
    "constructor",
    "__proto__",
    "toString",
  ];
  for (const origin of tricky) {
    test(origin, async () => {
      const { headers } = await preflight(listed, origin);
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("vary")).toBe("Origin");
      const read = await visit(listed, here.bob).get("/me", undefined, { origin });
      expect([read.headers.get("access-control-allow-origin"), read.headers.get("access-control-allow-credentials")]).toEqual([null, null]);
      const write = await visit(listed, here.bob).post("/rooms", { type: "dm", user_ids: [here.ann.user_id] }, { origin });
      expect([write.status, write.body.error.code]).toEqual([403, "forbidden"]);
    });
  }
});

test("where no page is listed there is no preflight at all", async () => {
  const { status, headers } = await preflight(closed, LISTED);
  expect([status, corsOf(headers)]).toEqual([405, {}]);
  expect((await visit(closed, here.bob).patch("/me", {}, { origin: LISTED })).status).toBe(403);
  expect((await visit(closed, here.bob).patch("/me", {}, { origin: "http://localhost:3000" })).status).toBe(200);
});
