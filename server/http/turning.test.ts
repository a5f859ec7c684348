/** What is right about this version of Bun and Elysia, and might turn: if one of these fails after an upgrade, the promise beside it is open. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect } from "node:net";
import { Elysia, t } from "elysia";
import { openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";
import { refusals } from "./refusals.ts";

let here: World;
let port: number;
let stop: () => Promise<void>;
beforeAll(async () => {
  here = await world();
  const { app } = openDoor(here);
  const { server } = app.listen({ port: 0, hostname: "127.0.0.1" });
  port = server?.port ?? expect.unreachable();
  stop = async () => void (await server?.stop(true));
});
afterAll(async () => {
  await stop();
  await here.dispose();
});

/** The status line of the answer to these bytes. */
const statusOf = (head: readonly string[], body: Uint8Array | string = ""): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write([...head, "", ""].join("\r\n"));
      socket.write(body);
    });
    socket.on("data", (bytes) => resolve(Number(/^HTTP\/1\.1 (\d{3})/u.exec(bytes.toString("latin1"))?.[1])));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("no answer")));
  });

test("an upgrade without a Host is refused before anything asks for it; with one it is asked who comes", async () => {
  const upgrade = [
    "GET /ws HTTP/1.1",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  expect(await statusOf(upgrade)).toBe(400);
  expect(await statusOf([...upgrade, "Host: localhost"])).toBe(401);
});

test("a compressed body is no body that is read, so none can swell", async () => {
  const body = Bun.gzipSync(Buffer.from(JSON.stringify({ username: "bob", password: "x".repeat(10_000) })));
  const head = ["POST /api/v1/auth/login HTTP/1.1", "Host: localhost", "Content-Type: application/json"];
  expect(await statusOf([...head, "Content-Encoding: gzip", `Content-Length: ${body.length}`], body)).toBe(400);
  const plain = JSON.stringify({ username: "bob", password: "x" });
  expect(await statusOf([...head, `Content-Length: ${plain.length}`], plain)).toBe(401);
});

test("what a plugin answers by a bare text obeys what is asked before each request", async () => {
  const app = new Elysia()
    .onRequest(({ request, status }) => (request.headers.has("x-stop") ? status(403, "stopped") : undefined))
    .get("/text", "bare");
  const { server } = app.listen({ port: 0, hostname: "127.0.0.1" });
  const ask = async (headers: Record<string, string> = {}) => (await fetch(`http://127.0.0.1:${server?.port}/text`, { headers })).status;
  expect([await ask(), await ask({ "x-stop": "1" })]).toEqual([200, 403]);
  await server?.stop(true);
});

test("an answer that is not what its schema says is a 500 that names nothing, and is logged", async () => {
  const app = new Elysia()
    .use(refusals({ chat: here.chat, log: here.chat.log }, () => []))
    .get("/right", () => ({ id: "one" }), { response: t.Object({ id: t.String() }) })
    .get("/wrong", () => JSON.parse('{"id":5,"inside":"hunter2"}'), { response: t.Object({ id: t.String() }) });
  here.faults.length = 0;
  const [right, wrong] = await Promise.all(["/right", "/wrong"].map((path) => app.handle(new Request(`http://localhost${path}`))));
  expect([right?.status, wrong?.status]).toEqual([200, 500]);
  const text = (await wrong?.text()) ?? "";
  expect([text.includes("hunter2"), text.includes('"id"'), JSON.parse(text).error.code]).toEqual([false, false, "internal"]);
  expect(here.faults).toHaveLength(1);
  here.faults.length = 0;
});

test("names that objects are born with are values like others, as keys of settings and in queries", async () => {
  const bob = visit(openDoor(here), here.bob);
  const odd = '{"settings":{"constructor":{"prototype":{"polluted":true}},"toString":"text"}}';
  expect((await bob.patch("/me", odd)).body.settings).toEqual(JSON.parse(odd).settings);
  expect((await bob.patch("/me", '{"settings":{"__proto__":{"polluted":true}}}')).status).toBeLessThan(500);
  for (const query of ["ids=__proto__", "ids=constructor,toString", "__proto__[polluted]=1&ids=one", "constructor.prototype.polluted=1"]) {
    const { status } = await bob.get(`/users?${query}`);
    expect([query, status < 500]).toEqual([query, true]);
  }
  expect((await bob.get("/me", undefined, { cookie: "__proto__=x; constructor=y; snug=z" })).status).toBe(200);
  expect([Reflect.get({}, "polluted"), Object.keys(Object.prototype)]).toEqual([undefined, []]);
});
