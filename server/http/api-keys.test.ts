import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { hashOf } from "../chat/secrets.ts";
import { keyBy, serverOf } from "../testing/keys.ts";
import { type Answer, type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

let here: World;
let open: OpenDoor;
beforeEach(async () => {
  here = await world();
  open = openDoor(here, { config: { requests: { per_second: 1_000, burst: 1_000 } } });
});
afterEach(() => here.dispose());

const codeOf = ({ status, body }: Answer) => [status, body?.error?.code];
const NO = [403, "forbidden"];
const actions = async (): Promise<string[]> => {
  const { audit_log } = here.chat.store.t;
  const rows = await here.chat.store.read.select().from(audit_log).orderBy(audit_log.id);
  return rows.filter(({ action }) => /^(api_key|user)\./u.test(action)).map(({ actor_id, action }) => `${actor_id} ${action}`);
};

describe("keys are made and ended by who runs the workspace:", () => {
  test("the whole key is told once; the list shows what it begins with, and the database holds a hash", async () => {
    const ann = visit(open, here.ann);
    const made = await ann.post("/admin/api-keys", { name: " shop ", scope: "server" });
    expect(made.status).toBe(201);
    expect(made.body.key).toMatch(/^snug_[0-9a-z]{8}_[\w-]{43}$/u);
    const { key, ...told } = made.body;
    expect(told).toMatchObject({ name: "shop", scope: "server", impersonate: false, created_by: here.ann.user_id });
    expect(key).toStartWith(`${told.prefix}_`);
    const list = await ann.get("/admin/api-keys");
    expect(list.body.items).toEqual([told]);
    expect(list.text).not.toContain(key);
    const [row] = await here.chat.store.read.select().from(here.chat.store.t.api_keys);
    expect(row?.hash).toBe(hashOf(key));
    expect(JSON.stringify(row)).not.toContain(key.slice(-20));
    expect(await actions()).toEqual([`${here.ann.user_id} api_key.made`]);
  });

  test("an admin makes, renews and ends keys, but only the owner one that impersonates; a member and a stranger nothing", async () => {
    const dan = visit(open, await here.person("tenant-one", "dan", "admin"));
    const made = await dan.post("/admin/api-keys", { name: "one", scope: "admin" });
    expect(made.status).toBe(201);
    const mighty = await keyBy(here.chat, here.ann, { impersonate: true });
    expect(codeOf(await dan.post("/admin/api-keys", { name: "one", scope: "admin", impersonate: true }))).toEqual(NO);
    expect(codeOf(await dan.post(`/admin/api-keys/${mighty.id}/rotate`))).toEqual(NO);
    expect((await visit(open, here.ann).post(`/admin/api-keys/${mighty.id}/rotate`)).body.impersonate).toBe(true);
    const [bob, mallory] = [visit(open, here.bob), visit(open, here.mallory)];
    for (const answer of [
      await bob.get("/admin/api-keys"),
      await bob.post("/admin/api-keys", { name: "one", scope: "read" }),
      await bob.post(`/admin/api-keys/${made.body.id}/rotate`),
      await bob.delete(`/admin/api-keys/${made.body.id}`),
    ])
      expect(codeOf(answer)).toEqual(NO);
    expect((await mallory.get("/admin/api-keys")).body.items).toEqual([]);
    for (const answer of [await mallory.post(`/admin/api-keys/${made.body.id}/rotate`), await mallory.delete(`/admin/api-keys/${made.body.id}`)])
      expect(answer.status).toBe(404);
    expect((await serverOf(open, made.body)("GET", "/admin/api-keys")).status).toBe(200);
    expect((await dan.delete(`/admin/api-keys/${made.body.id}`)).status).toBe(204);
    expect((await dan.delete(`/admin/api-keys/${made.body.id}`)).status).toBe(204);
    expect(codeOf(await serverOf(open, made.body)("GET", "/admin/api-keys"))).toEqual([401, "unauthorized"]);
  });

  test("a key that is revoked takes the keys that it made with it, and theirs, a renewed one too; others stay", async () => {
    const admin = await keyBy(here.chat, here.ann, { scope: "admin" });
    const other = await keyBy(here.chat, here.ann);
    const made = (await serverOf(open, admin)("POST", "/admin/api-keys", { name: "child", scope: "admin" })).body;
    const grand = (await serverOf(open, made)("POST", "/admin/api-keys", { name: "grandchild", scope: "server" })).body;
    const renewed = (await visit(open, here.ann).post(`/admin/api-keys/${made.id}/rotate`)).body;
    const list = async (key: { key: string }) => (await serverOf(open, key, "sue")("GET", "/me")).status;
    expect(await Promise.all([admin, renewed, grand, other].map(list))).toEqual([200, 200, 200, 200]);
    expect((await visit(open, here.ann).delete(`/admin/api-keys/${admin.id}`)).status).toBe(204);
    expect(await Promise.all([admin, renewed, grand, other].map(list))).toEqual([401, 401, 401, 200]);
  });

  test("a key makes nobody with a password an admin, who would outlive it; the owner does", async () => {
    const { users } = here.chat.store.t;
    await here.chat.store.write((tx) => tx.update(users).set({ password_hash: "a hash" }).where(eq(users.id, here.bob.user_id)));
    const admin = await keyBy(here.chat, here.ann, { scope: "admin" });
    const rise = { role: "admin" };
    expect(codeOf(await serverOf(open, admin)("PATCH", `/admin/users/${here.bob.user_id}`, rise))).toEqual(NO);
    expect((await visit(open, here.ann).patch(`/admin/users/${here.bob.user_id}`, rise)).status).toBe(200);
  });

  test("a rotated key has another secret; the old one ends at once, or holds as long as it was given", async () => {
    const ann = visit(open, here.ann);
    const first = await keyBy(here.chat, here.ann);
    const second = (await ann.post(`/admin/api-keys/${first.id}/rotate`)).body;
    expect(second).toMatchObject({ name: first.name, scope: "server" });
    const asSue = (key: { key: string }) => serverOf(open, key, "sue")("GET", "/me");
    expect([(await asSue(first)).status, (await asSue(second)).status]).toEqual([401, 200]);
    expect((await ann.post(`/admin/api-keys/${first.id}/rotate`)).status).toBe(404);
    const third = (await ann.post(`/admin/api-keys/${second.id}/rotate`, { old_holds_seconds: 600 })).body;
    here.clock.advance(599_999);
    expect([(await asSue(second)).status, (await asSue(third)).status]).toEqual([200, 200]);
    here.clock.advance(1);
    expect([(await asSue(second)).status, (await asSue(third)).status]).toEqual([401, 200]);
    const { items } = (await ann.get("/admin/api-keys")).body;
    expect(items.map(({ id, revoked_at, expires_at }: Record<string, unknown>) => [id, revoked_at !== undefined, expires_at !== undefined])).toEqual([
      [third.id, false, false],
      [second.id, false, true],
      [first.id, true, false],
    ]);
  });

  test("a key of scope admin makes others and renews itself, but nothing that impersonates or outlives it; others make none", async () => {
    const brief = await keyBy(here.chat, here.ann, { scope: "admin", impersonate: true, expires_in_seconds: 3_600 });
    const ask = serverOf(open, brief);
    const made = await ask("POST", "/admin/api-keys", { name: "child", scope: "server", expires_in_seconds: 3_600 });
    expect([made.status, made.body.created_by]).toEqual([201, `key/${brief.id}`]);
    const lasting = await keyBy(here.chat, here.ann, { scope: "read" });
    for (const [path, body] of [
      ["", { name: "child", scope: "read" }],
      ["", { name: "child", scope: "read", expires_in_seconds: 3_601 }],
      ["", { name: "child", scope: "read", expires_in_seconds: 60, impersonate: true }],
      [`/${lasting.id}/rotate`, undefined],
    ] as const)
      expect(codeOf(await ask("POST", `/admin/api-keys${path}`, body))).toEqual(NO);
    const renewed = await ask("POST", `/admin/api-keys/${brief.id}/rotate`);
    expect(renewed.body).toMatchObject({ impersonate: true, expires_at: brief.expires_at });
    for (const scope of ["server", "read"] as const) {
      const other = serverOf(open, await keyBy(here.chat, here.ann, { scope }));
      expect(codeOf(await other("GET", "/admin/api-keys"))).toEqual(NO);
      expect(codeOf(await other("POST", "/admin/api-keys", { name: "child", scope: "read" }))).toEqual(NO);
    }
    here.clock.advance(3_600_000);
    for (const key of [renewed.body, made.body]) expect((await serverOf(open, key)("GET", "/admin/api-keys")).status).toBe(401);
  });
});

describe("a key acts for a user:", () => {
  test("whom nobody knows is brought into being once, by the name that was sent, as a member who is in no room", async () => {
    const key = await keyBy(here.chat, here.ann);
    const ask = serverOf(open, key, "sue@shop:1");
    const name = { "x-user-name": encodeURIComponent("Süe 🦀") };
    const answers = await Promise.all([1, 2, 3].map(() => ask("GET", "/me", undefined, name)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await ask("GET", "/me", undefined, { "x-user-name": "Another" })).body).toMatchObject({
      id: "sue@shop:1",
      display_name: "Süe 🦀",
      role: "member",
      kind: "person",
    });
    expect((await ask("GET", "/rooms")).body.items).toEqual([]);
    const dm = await ask("POST", "/rooms", { type: "dm", user_ids: [here.bob.user_id] });
    expect(dm.body.user_ids).toEqual([here.bob.user_id, "sue@shop:1"]);
    expect((await actions()).filter((one) => one.endsWith("user.brought"))).toEqual([`key/${key.id} user.brought`]);
    expect((await serverOf(open, key, "tom")("GET", "/me")).body.display_name).toBe("tom");
  });

  test("an equal id in another workspace is somebody else", async () => {
    const [ours, theirs] = [await keyBy(here.chat, here.ann), await keyBy(here.chat, here.mallory)];
    await serverOf(open, ours, "sue")("PATCH", "/me", { display_name: "Ours" });
    await serverOf(open, theirs, "sue")("PATCH", "/me", { display_name: "Theirs" });
    expect((await serverOf(open, ours, "sue")("GET", "/me")).body.display_name).toBe("Ours");
    expect((await serverOf(open, theirs, here.bob.user_id)("GET", `/rooms/${here.room.id}`)).status).toBe(404);
    expect((await serverOf(open, ours, here.bob.user_id)("GET", `/rooms/${here.room.id}`)).status).toBe(200);
  });

  test("an id that is none, `me`, and a name that cannot be read are refused", async () => {
    const key = await keyBy(here.chat, here.ann);
    for (const id of ["", "-a", "a b", "a/b", "x".repeat(129), "me"])
      expect(codeOf(await serverOf(open, key, id)("GET", "/me"))).toEqual([422, "invalid"]);
    for (const name of ["%zz", "x".repeat(81)])
      expect(codeOf(await serverOf(open, key, "sue")("GET", "/me", undefined, { "x-user-name": name }))).toEqual([422, "invalid"]);
    expect(codeOf(await serverOf(open, key)("GET", "/me"))).toEqual([422, "invalid"]);
    const keys = `${key.prefix}_${"x".repeat(43)}`;
    for (const wrong of ["", "snug", keys, `${key.key}x`, here.chat.keys.operator_key])
      expect(codeOf(await serverOf(open, { key: wrong }, "sue")("GET", "/me"))).toEqual([401, "unauthorized"]);
  });

  test("who has a password is acted for only where the owner gave that, and the audit log tells it, once an hour", async () => {
    const { users } = here.chat.store.t;
    await here.chat.store.write((tx) => tx.update(users).set({ password_hash: "a hash" }).where(eq(users.id, here.bob.user_id)));
    const [plain, mighty] = [await keyBy(here.chat, here.ann), await keyBy(here.chat, here.ann, { impersonate: true })];
    expect(codeOf(await serverOf(open, plain, here.bob.user_id)("GET", "/me"))).toEqual(NO);
    expect((await serverOf(open, plain, here.cy.user_id)("GET", "/me")).status).toBe(200);
    const asBob = serverOf(open, mighty, here.bob.user_id);
    for (let i = 0; i < 3; i += 1) expect((await asBob("GET", "/me")).body.id).toBe(here.bob.user_id);
    const told = async () => (await actions()).filter((one) => one.endsWith("impersonated"));
    expect(await told()).toEqual([`key/${mighty.id} user.impersonated`]);
    const refused = async () => (await actions()).filter((one) => one.endsWith("impersonation_refused"));
    expect(codeOf(await serverOf(open, plain, here.bob.user_id)("GET", "/me"))).toEqual(NO);
    expect(await refused()).toEqual([`key/${plain.id} user.impersonation_refused`]);
    here.clock.advance(3_600_000);
    await asBob("GET", "/me");
    expect(await told()).toHaveLength(2);
    expect(codeOf(await serverOf(open, plain, here.bob.user_id)("GET", "/me"))).toEqual(NO);
    expect(await refused()).toHaveLength(2);
  });

  test("what an admin does by a key is told as theirs, with the key beside it; without one, without", async () => {
    const dan = await here.person("tenant-one", "dan", "admin");
    const key = await keyBy(here.chat, here.ann, { scope: "admin" });
    const invite = { role: "member", expires_in_seconds: 60, max_uses: 1 };
    await serverOf(open, key, dan.user_id)("POST", "/admin/invites", invite);
    await visit(open, dan).post("/admin/invites", invite);
    const { audit_log } = here.chat.store.t;
    const rows = await here.chat.store.read.select().from(audit_log).where(eq(audit_log.action, "invite.made")).orderBy(audit_log.id);
    expect(rows.map(({ actor_id, detail }) => [actor_id, detail.key_id])).toEqual([
      [dan.user_id, key.id],
      [dan.user_id, undefined],
    ]);
  });

  test("who is disabled is acted for no more, and again when they are enabled", async () => {
    const ask = serverOf(open, await keyBy(here.chat, here.ann), here.bob.user_id);
    const disable = (disabled: boolean) => visit(open, here.ann).patch(`/admin/users/${here.bob.user_id}`, { disabled });
    expect((await ask("GET", "/me")).status).toBe(200);
    await disable(true);
    expect(codeOf(await ask("GET", "/me"))).toEqual(NO);
    await disable(false);
    expect((await ask("GET", "/me")).status).toBe(200);
  });

  test("while a workspace is closed its keys and their tokens open nothing, another's do", async () => {
    const { tenants } = here.chat.store.t;
    const [ours, theirs] = [await keyBy(here.chat, here.ann), await keyBy(here.chat, here.mallory)];
    const tokenOf = async (key: typeof ours): Promise<string> =>
      (await serverOf(open, key)("POST", "/auth/tokens", { user_id: "sue", ttl_seconds: 60 })).body.access_token;
    const [ourToken, theirToken] = [await tokenOf(ours), await tokenOf(theirs)];
    const byToken = async (token: string) => (await visit(open, null).get("/me", undefined, { authorization: `Bearer ${token}` })).status;
    const asked = async () => [
      (await serverOf(open, ours, "sue")("GET", "/me")).status,
      await byToken(ourToken),
      (await serverOf(open, theirs, "sue")("GET", "/me")).status,
      await byToken(theirToken),
    ];
    const closed = async (disabled_at: number | null) =>
      here.chat.store.write((tx) => tx.update(tenants).set({ disabled_at }).where(eq(tenants.id, "tenant-one")));
    await closed(here.clock.now());
    expect(await asked()).toEqual([401, 401, 200, 200]);
    await closed(null);
    expect(await asked()).toEqual([200, 200, 200, 200]);
  });

  test("the role is the user's, never more than the key's scope", async () => {
    const dan = await here.person("tenant-one", "dan", "admin");
    const invite = { role: "member", expires_in_seconds: 60, max_uses: 1 };
    const [server, admin] = [await keyBy(here.chat, here.ann), await keyBy(here.chat, here.ann, { scope: "admin", impersonate: true })];
    const invited = async (key: typeof admin, user_id?: string, role = "member") =>
      (await serverOf(open, key, user_id)("POST", "/admin/invites", { ...invite, role })).status;
    expect(await invited(server, dan.user_id)).toBe(403);
    expect(await invited(server)).toBe(403);
    expect(await invited(admin, dan.user_id)).toBe(201);
    expect(await invited(admin)).toBe(201);
    expect(await invited(admin, here.bob.user_id)).toBe(403);
    expect(await invited(admin, here.ann.user_id, "admin")).toBe(403); // an owner may, a key for an owner is no owner
  });

  test("a key that only reads changes nothing, by any route that could, and brings nobody into being", async () => {
    const key = await keyBy(here.chat, here.ann, { scope: "read" });
    const ask = serverOf(open, key, here.bob.user_id);
    expect((await ask("GET", `/rooms/${here.room.id}/messages`)).status).toBe(200);
    expect(codeOf(await serverOf(open, key, "sue")("GET", "/me"))).toEqual(NO);
    const server = serverOf(open, await keyBy(here.chat, here.ann), here.bob.user_id);
    const post = [`/rooms/${here.room.id}/messages`, { content: "hello" }] as const;
    expect((await server("POST", ...post)).status).toBe(201);
    expect(codeOf(await ask("POST", ...post))).toEqual(NO);
    expect(codeOf(await ask("PATCH", "/me", { display_name: "Bobby" }))).toEqual(NO);
    expect(codeOf(await ask("PUT", `/rooms/${here.room.id}/ack`, { seq: 0 }))).toEqual(NO);
    expect(codeOf(await ask("POST", "/ws/tickets"))).toEqual(NO);
  });
});
