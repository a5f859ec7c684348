import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { refusalOf } from "../testing/refusals.ts";
import { type Answer, type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";
import { createLimits } from "./limit.ts";

let here: World;
let open: OpenDoor;
beforeEach(async () => {
  here = await world();
  open = openDoor(here);
});
afterEach(() => here.dispose());

const times = async (count: number, ask: () => Promise<Answer>): Promise<number[]> => {
  const statuses: number[] = [];
  for (let i = 0; i < count; i += 1) statuses.push((await ask()).status);
  return statuses;
};
const leftOf = ({ headers }: Answer) => ["limit", "remaining", "reset"].map((name) => headers.get(`ratelimit-${name}`));

describe("one person and one route:", () => {
  test("forty at once, then twenty a second, and an honest word on when to come back", async () => {
    const bob = visit(open, here.bob);
    expect(leftOf(await bob.get("/me"))).toEqual(["40", "39", "1"]);
    expect(new Set(await times(39, () => bob.get("/me")))).toEqual(new Set([200]));
    const refused = await bob.get("/me");
    expect([refused.status, refused.body.error.code, refused.body.error.retry]).toEqual([429, "rate_limited", true]);
    expect([refused.body.error.retry_after_ms, refused.headers.get("retry-after"), ...leftOf(refused)]).toEqual([50, "1", "40", "0", "1"]);
    here.clock.advance(49);
    expect((await bob.get("/me")).status).toBe(429);
    here.clock.advance(1);
    expect(await times(2, () => bob.get("/me"))).toEqual([200, 429]);
    here.clock.advance(1_000);
    expect(await times(21, () => bob.get("/me"))).toEqual([...Array<number>(20).fill(200), 429]);
  });

  test("another person, another route and another method have their own; another id of the same route has not", async () => {
    const bob = visit(open, here.bob);
    await times(41, () => bob.get(`/users/${here.ann.user_id}`));
    expect((await bob.get(`/users/${here.ann.user_id}`)).status).toBe(429);
    expect((await bob.get(`/users/${here.cy.user_id}`)).status).toBe(429);
    expect((await bob.get("/users")).status).toBe(200);
    expect((await visit(open, here.ann).get(`/users/${here.bob.user_id}`)).status).toBe(200);
    await times(40, () => bob.get("/me"));
    expect((await bob.patch("/me", { display_name: "Bob" })).status).toBe(200);
  });

  test("an equal id in another workspace has its own", async () => {
    const twin = await here.person("tenant-one", "mallory");
    expect(twin.user_id).toBe(here.mallory.user_id);
    await times(40, () => visit(open, twin).get("/me"));
    expect((await visit(open, twin).get("/me")).status).toBe(429);
    expect((await visit(open, here.mallory).get("/me")).status).toBe(200);
  });
});

test("a person says twenty things at once and ten a second, in all rooms together", async () => {
  const bob = visit(open, here.bob);
  const post = () => bob.post(`/rooms/${here.room.id}/messages`, { content: "again" });
  expect(await times(21, post)).toEqual([...Array<number>(20).fill(201), 429]);
  const dm = (await bob.post("/rooms", { type: "dm", user_ids: [here.ann.user_id] })).body;
  const elsewhere = () => bob.post(`/rooms/${dm.id}/messages`, { content: "elsewhere" });
  expect((await elsewhere()).status).toBe(429);
  expect((await visit(open, here.ann).post(`/rooms/${here.room.id}/messages`, { content: "ann may" })).status).toBe(201);
  here.clock.advance(100);
  expect((await elsewhere()).status).toBe(201);
});

test("a workspace has so much for all its people together, and leaves the others theirs", async () => {
  open = openDoor(here, { config: { requests_by_tenant: { per_second: 10, burst: 30 } } });
  const [ann, bob, mallory] = [here.ann, here.bob, here.mallory].map((who) => visit(open, who));
  if (!ann || !bob || !mallory) throw new Error("Nobody is there");
  expect(await times(29, () => ann.get("/me"))).toEqual(Array<number>(29).fill(200));
  expect(leftOf(await bob.get("/users"))).toEqual(["30", "0", "3"]);
  const refused = await bob.get("/users");
  expect([refused.status, refused.body.error.retry_after_ms, ...leftOf(refused)]).toEqual([429, 100, "30", "0", "1"]);
  expect((await mallory.get("/me")).status).toBe(200);
  expect(await times(41, () => visit(open, null).get("/me"))).toContain(401); // strangers take from their address, never from the workspace
  here.clock.advance(100);
  expect((await ann.get("/me")).status).toBe(200);
});

describe("what is told is true:", () => {
  const few = { per_second: 3, burst: 7 };
  const asks: [string, () => Promise<Answer>][] = [
    ["the route's", () => visit(open, here.bob).get("/me")],
    ["what is said", () => visit(open, here.bob).post(`/rooms/${here.room.id}/messages`, { content: "again" })],
    ["the address's", () => visit(open, null).get("/me")],
    ["the workspace's", () => visit(openFew(), here.ann).get("/rooms")],
  ];
  let opened: OpenDoor | null = null;
  beforeEach(() => void (opened = null));
  const openFew = (): OpenDoor => (opened ??= openDoor(here, { config: { requests_by_tenant: few } }));
  for (const [name, ask] of asks) {
    test(`${name} limit lets as many through as it says, and after exactly the wait that it says one more`, async () => {
      const first = await ask();
      const left = Number(first.headers.get("ratelimit-remaining"));
      expect(await times(left, ask)).toEqual(Array<number>(left).fill(first.status));
      for (let round = 0; round < 3; round += 1) {
        const refused = await ask();
        expect([refused.status, refused.headers.get("ratelimit-remaining")]).toEqual([429, "0"]);
        const wait = refused.body.error.retry_after_ms;
        expect(refused.headers.get("retry-after")).toBe(String(Math.ceil(wait / 1_000)));
        here.clock.advance(wait - 1);
        expect((await ask()).status).toBe(429);
        here.clock.advance(1);
        expect((await ask()).status).toBe(first.status);
      }
      here.clock.advance(1_000 * Number((await ask()).headers.get("retry-after")));
      expect((await ask()).status).toBe(first.status);
    });
  }

  test("where two limits count, the one that leaves less is told", async () => {
    const post = (at: OpenDoor) => visit(at, here.bob).post(`/rooms/${here.room.id}/messages`, { content: "again" });
    expect(leftOf(await post(open)).slice(0, 2)).toEqual(["20", "19"]); // of what is said; the route leaves 39
    expect(leftOf(await post(openDoor(here, { config: { requests: few } }))).slice(0, 2)).toEqual(["7", "6"]);
  });
});

describe("without a credential the address counts:", () => {
  test("what strangers of one address use up costs nobody who is signed in there", async () => {
    const nobody = visit(open, null);
    expect(await times(41, () => nobody.get("/me"))).toEqual([...Array<number>(40).fill(401), 429]);
    expect((await visit(open, here.bob).get("/me")).status).toBe(200);
    expect((await nobody.get("/users")).status).toBe(401);
  });

  test("signing in, registering and asking for invites are each limited", async () => {
    const nobody = visit(open, null);
    const asked: [string, object][] = [
      ["/auth/register", { username: "new", password: "correct horse" }],
      ["/auth/refresh", { refresh_token: "x" }],
      ["/invites/check", { code: "x" }],
    ];
    for (const [path, body] of asked) expect((await times(41, () => nobody.post(path, body))).at(-1)).toBe(429);
  });

  test("behind a trusted proxy each sender has their own; nobody gets another by writing the header", async () => {
    const limits = createLimits(openDoor(here, { config: { trusted_proxies: ["10.0.0.1"] } }).door);
    const from = async (peer: string, forwarded: string): Promise<string> => {
      const request = new Request("http://localhost:3000/x", { headers: { "x-forwarded-for": forwarded } });
      const sender = limits.addressOf(request, { requestIP: () => ({ address: peer }), upgrade: () => false, timeout: () => {} });
      return refusalOf(Promise.try(() => limits.takeFromAddress(sender, { request, route: "/x" }, {})));
    };
    for (let i = 0; i < 40; i += 1) expect(await from("10.0.0.1", "203.0.113.7")).toBe("not refused");
    expect(await from("10.0.0.1", "203.0.113.7")).toBe("rate_limited");
    expect(await from("10.0.0.1", "1.1.1.1, 203.0.113.7")).toBe("rate_limited");
    expect(await from("10.0.0.1", "203.0.113.8")).toBe("not refused");
    for (let i = 0; i < 40; i += 1) expect(await from("203.0.113.9", `198.51.100.${i}`)).toBe("not refused");
    expect(await from("203.0.113.9", "198.51.100.99")).toBe("rate_limited");
  });
});

test("each of two instances counts for itself, as the guide says with what to do about it", async () => {
  const few = { config: { requests: { per_second: 1, burst: 2 } } };
  const [one, two] = [openDoor(here, few), openDoor(here, few)].map((door) => visit(door, here.bob));
  if (!one || !two) throw new Error("There are two doors");
  expect(await times(3, () => one.get("/me"))).toEqual([200, 200, 429]);
  expect(await times(3, () => two.get("/me"))).toEqual([200, 200, 429]);
  const guide = await Bun.file(new URL("../../docs/api.md", import.meta.url)).text();
  expect(guide).toMatch(/\*\*Each instance counts for itself\.\*\* With \*n\* instances[^.]*\*n\* times these numbers: divide/u);
});

test("who runs the server is told once of a proxy that is not believed, and never by a stranger's header", () => {
  const told: unknown[] = [];
  const log = { ...here.chat.log, warn: (event: string, fields?: Record<string, unknown>) => void told.push([event, fields?.peer]) };
  const ask = (peer: string, trusted_proxies: string[] = [], forwarded: Record<string, string> = { "x-forwarded-for": "198.51.100.1" }) => {
    const limits = createLimits({ ...open.door, chat: { ...here.chat, log }, config: { ...open.door.config, trusted_proxies } });
    const request = new Request("http://localhost:3000/", { headers: forwarded });
    for (let time = 0; time < 3; time += 1)
      limits.addressOf(request, { requestIP: () => ({ address: peer }), upgrade: () => false, timeout: () => {} });
    return told.splice(0);
  };
  for (const peer of ["127.0.0.1", "10.0.0.7", "::ffff:172.20.0.2", "fd00::1"]) expect(ask(peer)).toEqual([["proxy.not_trusted", peer]]);
  for (const stranger of ["192.0.1.7", "2620::7", "172.32.0.1"]) expect(ask(stranger)).toEqual([]);
  expect([ask("127.0.0.1", ["127.0.0.1"]), ask("127.0.0.1", [], {})]).toEqual([[], []]);
});
