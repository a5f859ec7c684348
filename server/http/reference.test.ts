import { afterAll, beforeAll, expect, test } from "bun:test";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

let here: World;
let open: OpenDoor;
beforeAll(async () => {
  here = await world();
  open = openDoor(here);
});
afterAll(() => here.dispose());

type Operation = {
  operationId: string;
  parameters?: { name: string; in: string; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }>; required: boolean };
  responses: Record<string, object>;
  security: object[];
};
const document = async (): Promise<{ openapi: string; paths: Record<string, Record<string, Operation>> }> =>
  (await visit(open, null).ask("GET", "/openapi.json")).body;
const told = async () =>
  Object.entries((await document()).paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

test("/openapi.json tells every route but the page and the socket, under the path it is asked by", async () => {
  const served = open.app.routes.filter(({ path }) => !["/*", "/ws", "/openapi.json"].includes(path));
  const wanted = served.map(({ method, path }) => `${method} ${path.replace(/(?<=.)\/$/u, "").replace(/:(\w+)/gu, "{$1}")}`);
  expect((await told()).map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(wanted.toSorted());
  expect((await document()).openapi).toStartWith("3.1");
});

test("every route that reads a body tells its shape, every parameter its own, every operation has a name and says who may ask", async () => {
  const operations = await told();
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  for (const { method, path, operation } of operations) {
    const route = open.app.routes.find((one) => one.method === method && one.path.replace(/(?<=.)\/$/u, "").replace(/:(\w+)/gu, "{$1}") === path);
    if (route?.hooks.body) expect(operation.requestBody?.content["application/json"]?.schema).toBeDefined();
    const inPath = operation.parameters?.filter((one) => one.in === "path").map(({ name }) => name) ?? [];
    expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name ?? ""));
    expect(operation.responses.default).toBeDefined();
    if (path.startsWith("/api/")) expect(Object.keys(operation.responses).some((status) => status.startsWith("2"))).toBe(true);
    expect(operation.security).toBeArray();
  }
});

test("numbers in a query are told as numbers, an optional body as optional", async () => {
  const { paths } = await document();
  const limit = paths["/api/v1/rooms/{room_id}/messages"]?.get?.parameters?.find(({ name }) => name === "limit");
  expect(limit?.schema).toEqual({ type: "integer", minimum: 1, maximum: 200 });
  expect(paths["/api/v1/ws/tickets"]?.post?.requestBody?.required).toBe(false);
  expect(paths["/api/v1/rooms"]?.post?.requestBody?.required).toBe(true);
});

test("who may ask: a token for the API, nobody's leave for signing in, the operator's key for metrics", async () => {
  const { paths } = await document();
  expect(paths["/api/v1/me"]?.get?.security).toEqual([{ access_token: [] }]);
  expect(paths["/api/v1/auth/login"]?.post?.security).toEqual([]);
  expect(paths["/api/v1/auth/password"]?.put?.security).toEqual([{ access_token: [] }]);
  expect(paths["/metrics"]?.get?.security).toEqual([{ operator_key: [] }]);
});

test("the document stands by itself: every reference is found in it, and no page of it loads anything from elsewhere", async () => {
  const text = (await visit(open, null).ask("GET", "/openapi.json")).text;
  expect([...new Set([...text.matchAll(/"\$ref":"[^"]*"/gu)].map(([found]) => found))]).toEqual(['"$ref":"#/components/responses/refusal"']);
  expect(JSON.parse(text).components.responses.refusal).toBeDefined();
  expect(text).not.toContain('"$id"');
  expect((await visit(open, null).ask("GET", "/openapi")).status).toBe(404);
});
