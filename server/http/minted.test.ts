import { afterEach, beforeEach, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { createAccessTokens } from "./access-tokens.ts";
import { revokeApiKey } from "../chat/api-keys.ts";
import { createRoom } from "../chat/rooms.ts";
import { patchUser } from "../chat/users.ts";
import type { Principal } from "../chat/principal.ts";
import { byKey, keyBy, serverOf } from "../testing/keys.ts";
import { type Answer, type OpenDoor, openDoor, signing, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

let here: World;
let open: OpenDoor;
let opened: Principal[];
beforeEach(async () => {
  here = await world();
  opened = [];
  const live = { draining: false, upgrade: (_request: Request, _server: unknown, who: Principal) => opened.push(who) > 0 };
  open = openDoor(here, { live, config: { requests: { per_second: 1_000, burst: 1_000 } } });
});
afterEach(() => here.dispose());

const codeOf = ({ status, body }: Answer) => [status, body?.error?.code];
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const me = (token: string): Promise<Answer> => visit(open, null).get("/me", undefined, bearer(token));
const wish = { user_id: "sue", ttl_seconds: 600 };

test("a server mints a token for a user of its own: it opens what the user may, for as long as was asked", async () => {
  const key = await keyBy(here.chat, here.ann);
  const made = await serverOf(open, key)("POST", "/auth/tokens", { ...wish, display_name: "Sue" });
  expect([made.status, made.body.token_type, made.body.expires_in]).toEqual([201, "Bearer", 600]);
  expect(made.body.user).toMatchObject({ id: "sue", display_name: "Sue", role: "member" });
  expect((await me(made.body.access_token)).body.id).toBe("sue");
  here.clock.advance(600_000);
  expect(codeOf(await me(made.body.access_token))).toEqual([401, "unauthorized"]);
});

test("its holder is nobody's application: a notification is the key's to send, not theirs", async () => {
  const key = await keyBy(here.chat, here.ann);
  const { access_token } = (await serverOf(open, key)("POST", "/auth/tokens", wish)).body;
  const all = { topic: "tide.high", payload: {}, targets: { user_ids: [here.bob.user_id] } };
  expect(codeOf(await visit(open, null).post("/notifications", all, bearer(access_token)))).toEqual([403, "forbidden"]);
  expect((await serverOf(open, key, "sue")("POST", "/notifications", all)).status).toBe(202);
});

test("from a minute to a day, and no longer than the key itself", async () => {
  const [key, brief] = [await keyBy(here.chat, here.ann), await keyBy(here.chat, here.ann, { expires_in_seconds: 3_600 })];
  const mint = (one: typeof key, ttl_seconds: number) => serverOf(open, one)("POST", "/auth/tokens", { user_id: "sue", ttl_seconds });
  expect([(await mint(key, 60)).body.expires_in, (await mint(key, 86_400)).body.expires_in]).toEqual([60, 86_400]);
  for (const wrong of [0, 59, 86_401]) expect((await mint(key, wrong)).status).toBe(422);
  const { access_token, expires_in } = (await mint(brief, 86_400)).body;
  expect(expires_in).toBe(3_600);
  here.clock.advance(3_599_000);
  expect((await me(access_token)).status).toBe(200);
  here.clock.advance(1_000);
  expect((await me(access_token)).status).toBe(401);
});

test("only a key mints, one that does not only read, and for whom it may act", async () => {
  const { users } = here.chat.store.t;
  await here.chat.store.write((tx) => tx.update(users).set({ password_hash: "a hash" }).where(eq(users.id, here.bob.user_id)));
  const [server, reading] = [await keyBy(here.chat, here.ann), await keyBy(here.chat, here.ann, { scope: "read" })];
  const mighty = await keyBy(here.chat, here.ann, { impersonate: true });
  const mint = async (key: typeof server, user_id: string) => codeOf(await serverOf(open, key)("POST", "/auth/tokens", { ...wish, user_id }));
  expect(await mint(server, "sue")).toEqual([201, undefined]);
  expect(await mint(mighty, here.bob.user_id)).toEqual([201, undefined]);
  expect(await mint(server, here.bob.user_id)).toEqual([403, "forbidden"]);
  expect(await mint(reading, "sue")).toEqual([403, "forbidden"]);
  expect(await mint(server, "me")).toEqual([422, "invalid"]);
  for (const who of [here.ann, here.bob]) expect(codeOf(await visit(open, who).post("/auth/tokens", wish))).toEqual([403, "forbidden"]);
  const { access_token } = (await serverOf(open, server)("POST", "/auth/tokens", wish)).body;
  expect(codeOf(await visit(open, null).post("/auth/tokens", wish, bearer(access_token)))).toEqual([403, "forbidden"]);
});

test("it dies with its key and with its user, and another's lives on", async () => {
  const [key, other] = [await keyBy(here.chat, here.ann), await keyBy(here.chat, here.ann)];
  const mint = async (one: typeof key, user_id: string): Promise<string> =>
    (await serverOf(open, one)("POST", "/auth/tokens", { ...wish, user_id })).body.access_token;
  const [sues, toms, others] = [await mint(key, "sue"), await mint(key, "tom"), await mint(other, "sue")];
  await patchUser(here.chat, here.ann, { user_id: "tom", disabled: true });
  expect(await Promise.all([sues, toms, others].map(async (token) => (await me(token)).status))).toEqual([200, 401, 200]);
  await revokeApiKey(here.chat, here.ann, { key_id: key.id });
  expect(await Promise.all([sues, others].map(async (token) => (await me(token)).status))).toEqual([401, 200]);
});

test("its holder is a page: what it asks may name our origin, is counted as the user's, and has no more right than the key", async () => {
  const dan = await here.person("tenant-one", "dan", "admin");
  const few = openDoor(here, { config: { requests: { per_second: 1, burst: 2 } } });
  const [server, admin] = [await keyBy(here.chat, here.ann), await keyBy(here.chat, here.ann, { scope: "admin" })];
  const tokenBy = async (key: typeof server, user_id: string): Promise<string> =>
    (await serverOf(few, key)("POST", "/auth/tokens", { ...wish, user_id })).body.access_token;
  const [sues, weak, strong] = [await tokenBy(server, "sue"), await tokenBy(server, dan.user_id), await tokenBy(admin, dan.user_id)];
  const page = { origin: "http://localhost:3000", "sec-fetch-site": "same-origin" };
  const patched = () => visit(few, null).patch("/me", { display_name: "Sue" }, { ...bearer(sues), ...page });
  expect([(await patched()).status, (await patched()).status, (await patched()).status]).toEqual([200, 200, 429]);
  expect((await visit(few, null).get("/admin/api-keys", undefined, bearer(weak))).status).toBe(403);
  expect((await visit(few, null).get("/admin/api-keys", undefined, bearer(strong))).status).toBe(200);
  const outliving = await visit(few, null).post("/admin/api-keys", { name: "mine", scope: "read" }, bearer(strong));
  expect(codeOf(outliving)).toEqual([403, "forbidden"]);
});

test("what it says it is, it is: claims of the other kind, of another user, workspace or key open nothing", async () => {
  const [key, theirs] = [await keyBy(here.chat, here.ann), await keyBy(here.chat, here.mallory)];
  const tokens = createAccessTokens(signing, here.chat.now);
  const { tenant_id: tid, user_id: sub, via } = here.bob;
  const right = { typ: "minted", tid, sub, key_id: key.id } as const;
  expect((await me(await tokens.sign(right, 600))).body.id).toBe(sub);
  for (const wrong of [
    { ...right, tid: "tenant-two" },
    { ...right, key_id: theirs.id },
    { ...right, key_id: via.sign_in_id },
    { ...right, key_id: "0000000000000000000nothere" },
    { ...right, sub: "nobody-knows" },
    { ...right, sub: `key/${key.id}` },
    { ...right, sid: via.sign_in_id },
  ])
    expect(codeOf(await me(await tokens.sign(wrong, 600)))).toEqual([401, "unauthorized"]);
  expect(codeOf(await me(await tokens.sign({ typ: "access", tid, sub, sid: key.id }, 600)))).toEqual([401, "unauthorized"]);
  expect(codeOf(await me(await tokens.sign(right, 86_401)))).toEqual([401, "unauthorized"]);
});

test("a token for one room opens that room and no other, by either door; for a room its user is not in, there is none", async () => {
  const { room: other } = await createRoom(here.chat, here.bob, { type: "channel", name: "pier", visibility: "private" });
  const { room: square } = await createRoom(here.chat, here.ann, { type: "channel", name: "square", visibility: "public" });
  const key = await keyBy(here.chat, here.ann);
  const mint = (more: object) => serverOf(open, key)("POST", "/auth/tokens", { user_id: here.bob.user_id, ttl_seconds: 600, ...more });
  const [narrow, wide] = [await mint({ room_id: here.room.id }), await mint({})];
  const ask = async ({ body }: Answer, method: "get" | "post" | "put" | "patch", path: string, sent?: object) =>
    (await visit(open, null)[method](path, sent, bearer(body.access_token))).status;
  for (const token of [narrow, wide]) {
    expect(await ask(token, "post", `/rooms/${here.room.id}/messages`, { content: "hello" })).toBe(201);
    expect(await ask(token, "get", `/rooms/${here.room.id}/members`)).toBe(200);
    expect(await ask(token, "get", "/me")).toBe(200);
    expect(await ask(token, "post", "/ws/tickets", {})).toBe(201);
    expect((await visit(open, null).ask("POST", "/ws/tickets", {}, bearer(token.body.access_token))).status).toBe(201);
  }
  const asked = [
    ["get", `/rooms/${other.id}`],
    ["post", `/rooms/${other.id}/messages`, { content: "hello" }],
    ["put", `/rooms/${square.id}/members/me`, {}],
    ["post", "/ws/tickets", { room_id: other.id }],
  ] as const;
  for (const [method, path, sent] of asked) {
    expect([path, await ask(narrow, method, path, sent)]).toEqual([path, 404]);
    expect([path, await ask(wide, method, path, sent)]).toEqual([path, method === "post" ? 201 : 200]);
  }
  for (const path of ["/rooms", "/users", "/auth/sign-ins"]) {
    expect([path, await ask(narrow, "get", path)]).toEqual([path, 403]);
    expect([path, await ask(wide, "get", path)]).toEqual([path, 200]);
  }
  expect(await ask(narrow, "post", "/rooms", { type: "channel", name: "mine", visibility: "private" })).toBe(403);
  await visit(open, null).ask("GET", "/ws", undefined, { upgrade: "websocket", ...bearer(narrow.body.access_token) });
  expect(opened.pop()?.room_id).toBe(here.room.id);
  for (const room_id of [
    "0000000000000000000nothere",
    (await createRoom(here.chat, here.ann, { type: "group", user_ids: [here.cy.user_id] })).room.id,
  ])
    expect((await mint({ room_id })).status).toBe(404);
});

test("a ticket carries the key, and the token's end with it", async () => {
  const key = await keyBy(here.chat, here.ann);
  const { access_token } = (await serverOf(open, key)("POST", "/auth/tokens", wish)).body;
  const opens = async (headers: Record<string, string>) => {
    const { ticket } = (await visit(open, null).post("/ws/tickets", {}, headers)).body;
    await visit(open, null).ask("GET", `/ws?ticket=${ticket}`, undefined, { upgrade: "websocket" });
    return opened.pop()?.via;
  };
  const until = Math.floor(here.clock.now() / 1_000) * 1_000 + 600_000;
  expect(await opens(bearer(access_token))).toEqual({ key_id: key.id, scope: "server", until });
  expect(await opens(byKey(key, "sue"))).toEqual({ key_id: key.id, scope: "server" });
});
