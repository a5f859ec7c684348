import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Type as t } from "@sinclair/typebox";
import { refuse } from "../chat/refusal.ts";
import type { RouteFor, ServedPlugin } from "../plugin-routes.ts";
import { defineRoute } from "../plugins/plugin.ts";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";
import { askers, type Cast, matrixCast } from "./matrix.cast.ts";

const Said = t.Object({ said: t.String() });

const routeFor = (who: RouteFor) =>
  defineRoute({
    method: "GET",
    path: `/${who}/:thing_id`,
    for: who,
    params: t.Object({ thing_id: t.String({ maxLength: 8 }) }),
    answers: { 200: Said },
    handle: ({ who: asker, params }) => ({ said: `${asker?.tenant_id ?? "nobody"} ${params.thing_id}` }),
  });
const shelf: ServedPlugin = {
  name: "shelf",
  routes: [
    routeFor("anybody"),
    routeFor("user"),
    routeFor("admin"),
    defineRoute({
      method: "POST",
      path: "/things",
      for: "user",
      body: t.Object({ name: t.String({ minLength: 1 }) }, { additionalProperties: false }),
      answers: { 201: Said },
      handle: ({ body }) => ({ said: body.name }),
    }),
    defineRoute({ method: "DELETE", path: "/things", for: "user", answers: { 204: null }, handle: () => "forgotten" }),
    defineRoute({ method: "GET", path: "/taken", for: "user", answers: { 200: Said }, noes: ["conflict"], handle: () => refuse("conflict") }),
    defineRoute({
      method: "GET",
      path: "/broken",
      for: "user",
      answers: { 200: Said },
      handle: () => Promise.reject(new Error("a secret of the shelf")),
    }),
    defineRoute({ method: "GET", path: "/chatty", for: "user", answers: { 200: Said }, handle: () => ({ said: 7 }) }),
  ],
};

describe("what a plugin's route says of who may ask is its row of the rights matrix:", () => {
  //                                    nobody mallory cy bob dan ann revoked expired
  const rows: Record<RouteFor, string> = {
    anybody: "200 200 200 200 200 200 200 200",
    user: "   401 200 200 200 200 200 401 401",
    admin: "  401 200 403 403 200 200 401 401",
  };
  let cast: Cast;
  beforeEach(async () => void (cast = await matrixCast({ plugins: [shelf] })));
  afterEach(() => cast.dispose());

  test.each(Object.entries(rows))("%s", async (who, row) => {
    const found: string[] = [];
    for (const asker of askers) {
      const bearer = await cast.bearer(asker);
      const headers: Record<string, string> = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
      const { status, body } = await visit(cast.open, null).ask("GET", `/plugins/shelf/${who}/one`, undefined, headers);
      found.push(String(status));
      if (status === 200 && who !== "anybody") expect(body.said).toBe(asker === "mallory" ? "tenant-two one" : "tenant-one one");
    }
    expect(found).toEqual(row.trim().split(/\s+/u));
  });
});

describe("a plugin at door one:", () => {
  let here: World;
  beforeEach(async () => void (here = await world()));
  afterEach(() => here.dispose());
  const ask = (open: OpenDoor, method: string, path: string, body?: unknown) => visit(open, here.bob).ask(method, `/plugins/shelf${path}`, body);

  test("what is asked of its route has the shape it tells, what it answers too, and a no is of the closed table", async () => {
    const open = openDoor(here, { plugins: [shelf] });
    expect(await ask(open, "POST", "/things", { name: "lamp" })).toMatchObject({ status: 201, body: { said: "lamp" } });
    expect(await ask(open, "POST", "/things", { name: "lamp", more: 1 })).toMatchObject({ status: 422, body: { error: { code: "invalid" } } });
    expect(await ask(open, "DELETE", "/things")).toMatchObject({ status: 204, text: "" });
    expect((await ask(open, "GET", "/user/longer-than-eight")).status).toBe(422);
    expect((await ask(open, "PUT", "/things")).status).toBe(405);
    expect(await ask(open, "GET", "/taken")).toMatchObject({ status: 409, body: { error: { code: "conflict" } } });
    expect(here.faults).toEqual([]);
  });

  test("a fault of it, and an answer that it does not tell, are logged and told to nobody", async () => {
    const open = openDoor(here, { plugins: [shelf] });
    const broken = await ask(open, "GET", "/broken");
    expect([broken.status, broken.body.error.code, broken.text.includes("secret")]).toEqual([500, "internal", false]);
    expect((await ask(open, "GET", "/chatty")).status).toBe(500);
    expect(here.faults).toHaveLength(2);
  });

  test("its routes stand in /openapi.json with their shapes and who may ask", async () => {
    const { body } = await visit(openDoor(here, { plugins: [shelf] }), null).ask("GET", "/openapi.json");
    const made = body.paths["/plugins/shelf/things"].post;
    expect(made.security).toEqual([{ access_token: [] }]);
    expect(JSON.stringify(made.requestBody)).toContain('"minLength":1');
    expect(Object.keys(made.responses)).toEqual(expect.arrayContaining(["201", "401", "422", "429"]));
    expect(Object.keys(body.paths["/plugins/shelf/taken"].get.responses)).toContain("409");
    expect(Object.keys(made.responses)).not.toContain("409");
    expect(body.paths["/plugins/shelf/anybody/{thing_id}"].get.security).toEqual([]);
    expect((await visit(openDoor(here), null).ask("GET", "/openapi.json")).body.paths["/plugins/shelf/things"]).toBeUndefined();
  });

  test("it looks at each request but the probes, and may refuse it; what it writes into the headers it shows to nobody", async () => {
    const looked: string[] = [];
    const gate: ServedPlugin = {
      name: "gate",
      request({ method, path, headers }) {
        looked.push(`${method} ${path}`);
        headers.delete("authorization");
        if (headers.get("x-blocked") === "yes") refuse("rate_limited", { retry_after_ms: 1_000 });
      },
    };
    const bob = visit(openDoor(here, { plugins: [gate] }), here.bob);
    expect((await bob.get("/me")).status).toBe(200);
    expect((await bob.ask("GET", "/health")).status).toBe(200);
    const refused = await bob.get("/me", undefined, { "x-blocked": "yes" });
    expect([refused.status, refused.body.error.retry_after_ms, refused.body.error.request_id]).toEqual([
      429,
      1_000,
      refused.headers.get("x-request-id"),
    ]);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(looked).toEqual(["GET /api/v1/me", "GET /api/v1/me"]);
  });

  test("a look that fails lets the request go on and is logged; that of one who is required does not", async () => {
    const broken: ServedPlugin = { name: "gate", request: () => Promise.reject(new Error("oh")) };
    expect((await visit(openDoor(here, { plugins: [broken] }), here.bob).get("/me")).status).toBe(200);
    expect((await visit(openDoor(here, { plugins: [{ ...broken, required: true }] }), here.bob).get("/me")).status).toBe(503);
    expect(here.faults).toHaveLength(2);
  });
});
