import { afterAll, beforeAll, expect, test } from "bun:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { refusalCodes } from "../chat/refusal.ts";
import { clientFrames } from "../protocol.ts";
import { serverFrames } from "../protocol/server-frames.ts";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";
import type { Document } from "./document.ts";
import { statuses } from "./refusals.ts";
import { summaries } from "./summaries.ts";

let here: World;
let open: OpenDoor;
beforeAll(async () => {
  here = await world();
  open = openDoor(here);
});
afterAll(() => here.dispose());

const document = async (): Promise<Document> => (await visit(open, null).ask("GET", "/openapi.json")).body;
const told = async () =>
  Object.entries((await document()).paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
/** As it is asked: without the slash that a group leaves. */
const asked = (path: string): string => path.replace(/(?<=.)\/$/u, "").replace(/:(\w+)/gu, "{$1}");
const HIDDEN = ["/*", "/ws", "/openapi.json", "/openapi", "/openapi.css", "/frames.json", "/openapi/migrating.md"];

test("/openapi.json tells every route but the page, the socket and itself, under the path it is asked by", async () => {
  const served = open.app.routes.filter(({ path, method }) => !HIDDEN.includes(path) && method !== "OPTIONS");
  const wanted = served.map(({ method, path }) => `${method} ${asked(path)}`);
  expect((await told()).map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(wanted.toSorted());
});

test("it is valid OpenAPI 3.1 to a validator that is not ours, and what is not is found", async () => {
  const validator = new Validator();
  const given = await document();
  expect([(await validator.validate(structuredClone(given))).errors, validator.version]).toEqual([undefined, "3.1"]);
  const broken = { ...structuredClone(given), paths: { "/x": { get: { responses: { 200: {} } } } } };
  expect((await new Validator().validate(broken)).valid).toBe(false);
});

test("every route that reads a body tells its shape, every parameter its own, every operation has a name and says who may ask", async () => {
  const operations = await told();
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  for (const { method, path, operation } of operations) {
    const route = open.app.routes.find((one) => one.method === method && asked(one.path) === path);
    if (route?.hooks.body) expect(operation.requestBody).toMatchObject({ content: { "application/json": { schema: expect.anything() } } });
    const inPath = operation.parameters?.filter((one) => one.in === "path").map(({ name }) => name) ?? [];
    expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name ?? ""));
    expect(operation.security).toBeArray();
  }
});

test("every operation says what it answers when it does not refuse, and with which codes it may", async () => {
  const { responses } = (await document()).components;
  expect(Object.keys(responses ?? {}).toSorted()).toEqual([...refusalCodes].toSorted());
  for (const { method, path, operation } of await told()) {
    const given = Object.keys(operation.responses ?? {});
    expect([method, path, given.some((status) => status.startsWith("2") || path === "/ready")]).toEqual([method, path, true]);
    expect([method, path, given.includes("500"), given.includes("default")]).toEqual([method, path, true, false]);
  }
  const { paths } = await document();
  const edit = Object.keys(paths["/api/v1/rooms/{room_id}/messages/{message_id}"]?.patch?.responses ?? {});
  for (const code of ["archived", "gone", "not_found", "forbidden", "rate_limited", "storage_full"] as const)
    expect(edit).toContain(String(statuses[code]));
  expect(edit).not.toContain(String(statuses.conflict));
});

test("a sentence about a route is about one that is there", async () => {
  const there = (await told()).map(({ method, path }) => `${method} ${path}`);
  expect(Object.keys(summaries).filter((route) => !there.includes(route))).toEqual([]);
});

test("numbers in a query are told as numbers, an optional body as optional, a pair as a pair", async () => {
  const { paths, components } = await document();
  const limit = paths["/api/v1/rooms/{room_id}/messages"]?.get?.parameters?.find(({ name }) => name === "limit");
  expect(limit?.schema).toEqual({ type: "integer", minimum: 1, maximum: 200 });
  expect(paths["/api/v1/ws/tickets"]?.post?.requestBody).toMatchObject({ required: false });
  expect(paths["/api/v1/rooms"]?.post?.requestBody).toMatchObject({ required: true });
  expect(components.schemas.User?.properties).toMatchObject({ role: { type: "string", enum: ["owner", "admin", "member"] } });
  expect(JSON.stringify(paths["/admin/conversations"])).toContain('"prefixItems":[{"maxLength":128');
});

test("who may ask: a token for the API, nobody's leave for signing in, the operator's key for metrics", async () => {
  const { paths } = await document();
  expect(paths["/api/v1/me"]?.get?.security).toContainEqual({ access_token: [] });
  expect(paths["/api/v1/auth/login"]?.post?.security).toEqual([]);
  expect(paths["/api/v1/auth/password"]?.put?.security).toContainEqual({ access_token: [] });
  expect(paths["/metrics"]?.get?.security).toEqual([{ operator_key: [] }]);
});

test("/frames.json has every frame of both ways as JSON Schema, and both documents hold all that they point at", async () => {
  const frames = (await visit(open, null).ask("GET", "/frames.json")).body;
  expect(frames.$schema).toContain("2020-12");
  expect(frames.$defs.ClientFrame.oneOf.length).toBe(Object.keys(clientFrames).length);
  expect(frames.$defs.ServerFrame.oneOf.length).toBe(Object.keys(serverFrames).length);
  expect(frames.$defs.ClientSync.properties.rooms.items.prefixItems).toHaveLength(2);
  for (const whole of [frames, await document()]) {
    const text = JSON.stringify(whole);
    expect(text).not.toContain('"$id"');
    for (const [, pointer = ""] of text.matchAll(/"\$ref":"#\/([^"]*)"/gu)) {
      expect([pointer, pointer.split("/").reduce((at, piece) => at?.[piece], whole) !== undefined]).toEqual([pointer, true]);
    }
  }
});

test("/openapi shows each operation, shape and frame without a script, and its links lead somewhere in it", async () => {
  const { text, headers } = await visit(open, null).ask("GET", "/openapi");
  expect(headers.get("content-type")).toStartWith("text/html");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(text).not.toMatch(/<script|<img|https?:|style=| on\w+=/iu);
  const ids = [...text.matchAll(/ id="([^"]*)"/gu)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, to = ""] of text.matchAll(/href="#([^"]*)"/gu)) expect(ids).toContain(to);
  for (const { operation } of await told()) expect(ids).toContain(operation.operationId ?? "");
  expect(ids).toContain("shape-Message");
  expect(ids).toContain("frame-ServerHello");
  const sheet = await visit(open, null).ask("GET", "/openapi.css");
  expect([sheet.status, sheet.headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
});
