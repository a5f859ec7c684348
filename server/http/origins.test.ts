/** Pages of other origins, tenant by tenant: mallory's workspace has listed hers, ann's has listed another, and neither may use the other's. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { knownTenants } from "../chat/known-tenants.ts";
import type { Principal } from "../chat/principal.ts";
import { patchConfig } from "../chat/tenant-config.ts";
import { closeTenant, patchTenant } from "../chat/tenancy.ts";
import { issueTicket } from "../chat/tickets.ts";
import { type Doors, openDoors } from "../testing/doors.ts";
import { dialRaw, type RawSocket } from "../testing/raw-socket.ts";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

const ANNS = "https://app.example.com";
const MALLORYS = "https://other.example.com";
const EVERYBODYS = "https://operator.example.com";
let here: World;
let doors: Doors;
let open: OpenDoor;
beforeAll(async () => {
  here = await world();
  doors = await openDoors(here);
  open = openDoor(here, { live: doors.live, config: { ...doors.open.door.config, allowed_origins: [EVERYBODYS] } });
});
afterAll(async () => {
  await doors.stop();
  await here.dispose();
});
beforeEach(async () => {
  await patchConfig(here.chat, here.ann, { allowed_origins: [ANNS] });
  await patchConfig(here.chat, here.mallory, { allowed_origins: [MALLORYS] });
});

const told = (origin: string) => visit(open, null).ask("OPTIONS", "/api/v1/me", undefined, { origin, "access-control-request-method": "GET" });
const reads = async (who: Principal, origin: string) => (await visit(open, who).get("/me", undefined, { origin })).status;
const writes = async (who: Principal, origin: string) => (await visit(open, who).patch("/me", {}, { origin })).status;

describe("a page", () => {
  test("that any tenant or the operator has listed is told so before it asks; no other is", async () => {
    for (const origin of [ANNS, MALLORYS, EVERYBODYS]) {
      const { status, headers } = await told(origin);
      expect([origin, status, headers.get("access-control-allow-origin"), headers.get("vary")]).toEqual([origin, 204, origin, "Origin"]);
      expect(headers.get("access-control-allow-credentials")).toBeNull();
    }
    expect((await told("https://evil.test")).headers.get("access-control-allow-origin")).toBeNull();
  });

  test("uses the credentials of the tenant that has listed it, and of no other; the operator's uses everybody's, ours too", async () => {
    for (const [who, own, others] of [
      [here.bob, ANNS, MALLORYS],
      [here.mallory, MALLORYS, ANNS],
    ] as const) {
      for (const origin of [own, EVERYBODYS, "http://localhost:3000"])
        expect([origin, await reads(who, origin), await writes(who, origin)]).toEqual([origin, 200, 200]);
      expect([await reads(who, others), await writes(who, others)]).toEqual([403, 403]);
    }
    const { body, headers } = await visit(open, here.mallory).get("/rooms", undefined, { origin: ANNS });
    expect([body.error.code, headers.get("access-control-allow-origin")]).toEqual(["forbidden", ANNS]);
  });

  test("that somebody has listed still signs nobody in, and uses no operator's key", async () => {
    const login = { username: "ann", password: "x" };
    expect((await visit(open, null).post("/auth/login", login, { origin: ANNS })).status).toBe(403);
    expect((await visit(open, null).get("/tenants", undefined, { origin: ANNS, "x-api-key": here.chat.keys.operator_key })).status).toBe(403);
  });

  test("is struck off, and neither told nor served any more; so are those of a tenant that is closed", async () => {
    await patchConfig(here.chat, here.ann, { allowed_origins: [] });
    expect([await reads(here.bob, ANNS), await writes(here.bob, ANNS)]).toEqual([403, 403]);
    expect((await told(ANNS)).headers.get("access-control-allow-origin")).toBeNull();
    await closeTenant(here.chat, { tenant_id: "tenant-two" });
    expect((await told(MALLORYS)).headers.get("access-control-allow-origin")).toBeNull();
    await patchTenant(here.chat, { tenant_id: "tenant-two", disabled: false });
    expect(await reads(here.mallory, MALLORYS)).toBe(200);
  });
});

describe("what only looks like a listed page is none of them, with a credential of the tenant that has listed it:", () => {
  const tricky = [
    "null",
    "http://app.example.com",
    "https://app.example.com.evil.test",
    "https://evilapp.example.com",
    "https://app.example.com:8443",
    "https://sub.app.example.com",
    "https://APP.example.com",
    "app.example.com",
    "https://app.example.com/",
    "https://user@app.example.com",
    "constructor",
    "__proto__",
  ];
  for (const origin of tricky) {
    test(origin, async () => {
      expect([await reads(here.bob, ANNS), await reads(here.bob, origin), await writes(here.bob, origin)]).toEqual([200, 403, 403]);
      expect((await told(origin)).headers.get("access-control-allow-origin")).toBeNull();
    });
  }
});

describe("a ticket", () => {
  const dial = async (who: Principal, asked_by: string | null, opened_by: string | null) => {
    const { ticket } = await issueTicket(here.chat, who, { origin: asked_by });
    const answer = await dialRaw(doors.port, {
      "sec-websocket-protocol": `snug.v1, ticket.${ticket}`,
      ...(opened_by !== null && { origin: opened_by }),
    });
    return typeof answer === "string" ? Number(answer.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length)) : answer;
  };
  const end = (socket: RawSocket | number) => (typeof socket === "number" ? socket : (socket.destroy(), "open"));

  test("opens a socket for a page of its tenant's list, whoever fetched it, and for no other tenant's page", async () => {
    expect(end(await dial(here.bob, ANNS, ANNS))).toBe("open");
    expect(end(await dial(here.bob, null, ANNS))).toBe("open");
    expect(end(await dial(here.bob, null, null))).toBe("open");
    expect(end(await dial(here.bob, null, MALLORYS))).toBe(403);
    expect(end(await dial(here.mallory, ANNS, ANNS))).toBe(403);
    expect(end(await dial(here.bob, ANNS, "https://evil.test"))).toBe(403);
  });

  test("ends with its page's place on the list, and so does the socket; those of others stay", async () => {
    const [bobs, pageless, mallorys] = [await dial(here.bob, ANNS, ANNS), await dial(here.bob, null, null), await dial(here.mallory, null, MALLORYS)];
    if (typeof bobs === "number" || typeof pageless === "number" || typeof mallorys === "number") throw new Error("They have no sockets");
    await patchConfig(here.chat, here.ann, { receipts: true });
    expect((await bobs.exchange({ type: "ping", id: "still" })).length).toBe(1);
    await patchConfig(here.chat, here.ann, { allowed_origins: ["https://new.example.com"] });
    expect(await bobs.closing).toBe(4201);
    for (const socket of [pageless, mallorys]) {
      expect((await socket.exchange({ type: "ping", id: "here" })).length).toBe(1);
      socket.destroy();
    }
    expect(end(await dial(here.bob, ANNS, ANNS))).toBe(403);
    expect(end(await dial(here.bob, ANNS, "https://new.example.com"))).toBe(401); // listed by now, and not the page that asked
  });
});

test("another instance knows the list from its next look", async () => {
  const there = { ...here.chat }; // its own memory over the same database
  const known = knownTenants(there);
  await known.look();
  expect(known.origins().has(ANNS)).toBe(true);
  await patchConfig(here.chat, here.ann, { allowed_origins: ["https://next.example.com"] });
  expect(known.origins().has("https://next.example.com")).toBe(false);
  await known.look();
  expect([known.origins().has("https://next.example.com"), known.origins().has(ANNS)]).toEqual([true, false]);
});

test("who is no page is told nothing of pages", async () => {
  const { headers } = await visit(open, here.bob).get("/me");
  expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
});
