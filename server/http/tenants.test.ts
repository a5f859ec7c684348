import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { knownTenants } from "../chat/known-tenants.ts";
import { issueTicket, redeemTicket } from "../chat/tickets.ts";
import { type Answer, type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { refusalOf } from "../testing/refusals.ts";
import { type World, world } from "../testing/world.ts";
import { createHosts } from "./hosts.ts";

const PASSWORD = "correct horse tenant";
let here: World;
let open: OpenDoor;
beforeAll(async () => {
  here = await world();
  open = openDoor(here, { hosts: createHosts(here.chat), config: { requests_by_address: { per_second: 1_000, burst: 10_000 } } });
});
afterAll(() => here.dispose());

const key = () => ({ "x-api-key": here.chat.keys.operator_key });
const operator = (method: string, path: string, body?: unknown): Promise<Answer> =>
  visit(open, null).ask(method, `/api/v1/tenants${path}`, body, key());
const at = (host: string, path: string, body: unknown) => visit(open, null).post(path, body, { host });
const signInAt = (host: string, username = "olga") => at(host, "/auth/login", { username, password: PASSWORD });

describe("the operator", () => {
  test("makes a tenant that is apart from all others, finds it, and changes it", async () => {
    const made = await operator("POST", "", { name: " Yard ", receipts: true, limits: { content_points: 500, sends_per_second: 2 } });
    const yard = {
      id: made.body.id,
      name: "Yard",
      host: null,
      registration: "invite",
      directory: false,
      receipts: true,
      limits: { content_points: 500, sends_per_second: 2 },
      created_at: expect.any(String),
    };
    expect([made.status, made.body]).toEqual([201, yard]);
    expect((await operator("GET", `/${made.body.id}`)).body).toEqual(yard);
    const patch = { name: "Shipyard", host: "Yard.Example", directory: true, registration: "open", limits: { content_points: null } };
    const changed = { ...yard, name: "Shipyard", host: "yard.example", directory: true, registration: "open", limits: { sends_per_second: 2 } };
    expect((await operator("PATCH", `/${made.body.id}`, patch)).body).toEqual(changed);
    expect((await operator("PATCH", `/${made.body.id}`, { host: null })).body).toEqual({ ...changed, host: null });
    expect((await operator("GET", "/nowhere")).status).toBe(404);
    expect((await operator("PATCH", "/nowhere", { name: "x" })).status).toBe(404);
  });

  test("pages through them all, by id", async () => {
    const ids: string[] = [];
    for (let cursor = "", more = true; more;) {
      const { body } = await operator("GET", `?limit=1${cursor}`);
      ids.push(...body.items.map(({ id }: { id: string }) => id));
      more = body.next_cursor !== undefined;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(ids).toEqual([...new Set(ids)].toSorted());
    expect(ids).toContain("tenant-one");
    expect(ids.length).toBe((await operator("GET", "")).body.items.length);
  });

  test("is whoever holds the key, from wherever, and never a page", async () => {
    expect((await visit(open, null).get("/tenants", undefined, { ...key(), "x-forwarded-for": "203.0.113.7" })).status).toBe(200);
    for (const wrong of ["", here.chat.keys.setup_token, `${here.chat.keys.operator_key}0`])
      expect((await visit(open, here.ann).get("/tenants", undefined, { "x-api-key": wrong })).status).toBe(401);
    for (const page of [{ origin: "http://localhost:3000" }, { "sec-fetch-site": "none" }, { "sec-fetch-site": "same-origin" }])
      expect((await visit(open, null).get("/tenants", undefined, { ...key(), ...page })).status).toBe(403);
  });

  test("is limited by address while they guess", async () => {
    const strict = openDoor(here, { config: { requests_by_address: { per_second: 1, burst: 3 } } });
    const guess = async () => (await visit(strict, null).get("/tenants", undefined, { "x-api-key": "guess" })).status;
    expect([await guess(), await guess(), await guess(), await guess()]).toEqual([401, 401, 401, 429]);
    expect((await visit(strict, null).get("/tenants", undefined, key())).status).toBe(200);
    openDoor(here, { config: open.door.config }); // the chat is one and the same
  });

  test("is told what is taken or not valid, and then nothing is made", async () => {
    const before = (await operator("GET", "")).body.items.length;
    expect((await operator("POST", "", { name: "Twin", host: "ELSEWHERE.test" })).body.error).toMatchObject({ code: "conflict", fields: ["host"] });
    for (const host of ["a b", "x:3000", "https://x.example", "[::1]", "-x", ""])
      expect([host, (await operator("POST", "", { name: "Odd", host })).status]).toEqual([host, 422]);
    expect((await operator("POST", "", { name: "Large", limits: { sends_per_second: 11 } })).body.error.fields).toEqual(["limits.sends_per_second"]);
    expect((await operator("POST", "", { name: " " })).status).toBe(422);
    expect((await operator("POST", "", { name: "Weak", owner: { username: "olga", password: "password1" } })).status).toBe(422);
    expect((await operator("GET", "")).body.items.length).toBe(before);
  });

  test("reads each deed of theirs in the log of the tenant it was done to", async () => {
    const { id } = (await operator("POST", "", { name: "Logged" })).body;
    await operator("PATCH", `/${id}`, { name: "Well logged" });
    await operator("DELETE", `/${id}`);
    const { audit_log } = here.chat.store.t;
    const rows = await here.chat.store.read.select().from(audit_log).where(eq(audit_log.tenant_id, id)).orderBy(audit_log.id);
    expect(rows.map(({ action, actor_id, detail }) => [action, actor_id, detail])).toEqual(
      ["tenant.made", "tenant.changed", "tenant.closed"].map((action) => [action, null, { by: "operator" }]),
    );
  });
});

describe("a tenant's first key", () => {
  test("is told in the answer that makes the tenant, and administers that tenant from then on, and no other", async () => {
    const wish = { name: "Shop", api_key: { name: "shop", scope: "admin" } };
    const { status, body: made } = await operator("POST", "", wish);
    expect([status, made.api_key.scope, made.api_key.created_by]).toEqual([201, "admin", undefined]);
    expect((await operator("GET", `/${made.id}`)).text).not.toContain("api_key");
    const shop = { "x-api-key": made.api_key.key };
    expect((await visit(open, null).patch("/admin/config", { receipts: true }, shop)).body.receipts).toBe(true);
    const log = (await visit(open, null).get("/admin/audit", undefined, shop)).body.items;
    expect(log.map(({ action, actor_id }: { action: string; actor_id: string | null }) => [action, actor_id])).toEqual([
      ["config.changed", `key/${made.api_key.id}`],
      ["api_key.made", null],
      ["tenant.made", null],
    ]);
    expect((await visit(open, null).get("/me", undefined, { ...shop, "x-user-id": "sue" })).body.id).toBe("sue");
    await operator("DELETE", `/${made.id}`);
    expect((await visit(open, null).get("/admin/config", undefined, shop)).status).toBe(401);
  });
});

describe("people of a tenant", () => {
  test("sign in at its host, and nowhere while it has none: the first tenant's host is not theirs", async () => {
    const { id } = (await operator("POST", "", { name: "Pier", owner: { username: "Olga", password: PASSWORD } })).body;
    for (const host of ["localhost", "pier.example", "127.0.0.1"]) expect([401, 421]).toContain((await signInAt(host)).status);
    await operator("PATCH", `/${id}`, { host: "pier.example" });
    const signed = await signInAt("pier.example");
    expect([signed.status, signed.body.user.role]).toEqual([200, "owner"]);
    const authorization = `Bearer ${signed.body.access_token}`;
    const mine = await visit(open, null).get("/rooms", undefined, { authorization });
    expect(mine.body.items.map(({ name }: { name: string }) => name)).toEqual(["general"]);
    expect((await signInAt("localhost")).status).toBe(401);
  });

  test("may bear the names and ids of another tenant's", async () => {
    const hosts = ["one.example", "two.example"];
    for (const host of hosts) await operator("POST", "", { name: "Same", host, owner: { username: "same", password: PASSWORD } });
    const tokens = await Promise.all(hosts.map(async (host) => (await signInAt(host, "same")).body.access_token));
    const made = await Promise.all(
      tokens.map((token) =>
        visit(open, null).post("/rooms", { type: "channel", name: "same", visibility: "public" }, { authorization: `Bearer ${token}` }),
      ),
    );
    expect(made.map(({ status }) => status)).toEqual([201, 201]);
    const theirs = await visit(open, null).get(`/rooms/${made[0]?.body.id}`, undefined, { authorization: `Bearer ${tokens[1]}` });
    expect(theirs.status).toBe(404);
  });
});

describe("a tenant that is closed", () => {
  test("holds no credential any more, by any way in; opened again it does", async () => {
    const { mallory, chat } = here;
    const seen = async () => (await visit(open, mallory).get("/me")).status;
    const { ticket } = await issueTicket(chat, mallory, { origin: null });
    expect(await seen()).toBe(200);
    expect((await operator("DELETE", "/tenant-two")).status).toBe(204);
    expect(await seen()).toBe(401);
    expect(await refusalOf(redeemTicket(chat, { ticket, origin: null }))).toBe("unauthorized");
    for (const [path, body] of [
      ["/auth/login", { username: "mallory", password: PASSWORD }],
      ["/auth/refresh", { refresh_token: "x" }],
      ["/auth/register", { username: "newcomer", password: PASSWORD }],
      ["/invites/check", { code: "x" }],
    ] as const)
      expect([path, (await at("elsewhere.test", path, body)).status]).toEqual([path, 404]);
    expect((await visit(open, here.ann).get("/me")).status).toBe(200);
    expect((await operator("GET", "/tenant-two")).body.disabled_at).toBeString();
    expect((await operator("PATCH", "/tenant-two", { disabled: false })).body.disabled_at).toBeUndefined();
    expect(await seen()).toBe(200);
  });

  test("is never the first: everybody else's host would be nobody's", async () => {
    expect((await operator("DELETE", "/tenant-one")).status).toBe(403);
    expect((await operator("PATCH", "/tenant-one", { disabled: true })).status).toBe(403);
    expect((await visit(open, here.ann).get("/me")).status).toBe(200);
  });
});

test("before setup a tenant of the operator's is not the first, and setup stays open", async () => {
  const empty = await world();
  const { t, write } = empty.chat.store;
  await write(async (tx) => {
    for (const table of [t.members, t.rooms, t.sign_ins, t.users, t.tenants]) await tx.delete(table);
  });
  const door = openDoor(empty);
  const made = await visit(door, null).ask("POST", "/api/v1/tenants", { name: "Early", owner: { username: "olga", password: PASSWORD } }, key());
  expect(made.status).toBe(201);
  expect((await visit(door, null).post("/auth/login", { username: "olga", password: PASSWORD })).status).toBe(404);
  expect((await visit(door, null).get("/setup")).body).toEqual({ open: true });
  const wish = { setup_token: empty.chat.keys.setup_token, workspace: "Harbour", username: "ann", password: PASSWORD };
  expect((await visit(door, null).post("/setup", wish)).status).toBe(201);
  expect((await visit(door, null).post("/auth/login", { username: "ann", password: PASSWORD })).status).toBe(200);
  await empty.dispose();
});

test("a host is ours as soon as it is given, on this instance at once", async () => {
  expect(knownTenants(here.chat).hasHost("quick.example")).toBe(false);
  await operator("POST", "", { name: "Quick", host: "quick.example" });
  expect(knownTenants(here.chat).hasHost("quick.example")).toBe(true);
});

test("a ticket's address is at the host of the tenant it was asked for at, by the public address's scheme", async () => {
  const public_url = "https://chat.example.org";
  const door = openDoor(here, { config: { ...open.door.config, public_url } });
  const urlAt = async (host: string) => (await visit(door, here.mallory).post("/ws/tickets", {}, { host })).body.url;
  await operator("PATCH", "/tenant-two", { host: "elsewhere.test" });
  expect([await urlAt("elsewhere.test"), await urlAt("chat.example.org")]).toEqual(["wss://elsewhere.test/ws", "wss://chat.example.org/ws"]);
  expect((await visit(door, null).ask("POST", "/api/v1/tenants", { name: "Thief", host: "chat.example.org" }, key())).status).toBe(409);
});
