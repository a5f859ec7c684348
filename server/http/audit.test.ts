import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { audit } from "../chat/audit.ts";
import { removeMember, setMemberRole } from "../chat/membership.ts";
import { postMessage, removeMessage } from "../chat/messages.ts";
import type { SignedInPrincipal } from "../chat/principal.ts";
import { patchRoom } from "../chat/rooms.ts";
import { patchConfig } from "../chat/tenant-config.ts";
import { hashPassword } from "../chat/passwords.ts";
import type { Message } from "../protocol.ts";
import { openDoors } from "../testing/doors.ts";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { draftFor, type World, world } from "../testing/world.ts";

const PASSWORD = "correct horse audit";
let here: World;
let open: OpenDoor;
beforeEach(async () => {
  here = await world();
  open = openDoor(here);
});
afterEach(() => here.dispose());

type Entry = { id: string; tenant_id?: string; actor_id: string | null; action: string; detail: Record<string, unknown> };
type Page = { items: Entry[]; next_cursor?: string };
const anns = async (query = ""): Promise<Page> => (await visit(open, here.ann).get(`/admin/audit${query}`)).body;
const operators = async (query = ""): Promise<Page> =>
  (await visit(open, null).get(`/audit${query}`, undefined, { "x-api-key": here.chat.keys.operator_key })).body;
const entry = (tenant_id: string, action: `x.${string}`, actor_id = "ann-id") =>
  here.chat.store.write((tx) => audit(here.chat, tx, { tenant_id, actor_id, action }));
const refusals = async () => (await anns("?action=right.refused")).items.map(({ actor_id, detail }) => [actor_id, detail.deed]);

test("admins read their own tenant's log, newest first, page by page, and no other's", async () => {
  for (let i = 0; i < 5; i += 1) await entry("tenant-one", `x.${i}`);
  await entry("tenant-two", "x.hers", "mallory-id");
  const seen: string[] = [];
  for (let cursor = "", more = true; more;) {
    const { items, next_cursor } = await anns(`?limit=2${cursor}`);
    expect(items.length).toBeLessThanOrEqual(2);
    seen.push(...items.map(({ action }) => action));
    more = next_cursor !== undefined;
    cursor = `&before=${next_cursor}`;
  }
  expect(seen).toEqual(["x.4", "x.3", "x.2", "x.1", "x.0"]);
  const hers: Page = (await visit(open, here.mallory).get("/admin/audit")).body;
  expect(hers.items.map(({ action }) => action)).toEqual(["x.hers"]);
  expect((await visit(open, here.bob).get("/admin/audit")).status).toBe(403);
});

test("entries are found by action and by actor, also one that is far back: by asking on", async () => {
  const { audit_log } = here.chat.store.t;
  await entry("tenant-one", "x.rare", "bob-id");
  const rows = Array.from({ length: 5_100 }, () => ({
    tenant_id: "tenant-one",
    id: here.chat.newId(),
    at: here.chat.now(),
    actor_id: "ann-id",
    action: "x.often",
    detail: {},
  }));
  await here.chat.store.write(async (tx) => {
    for (let from = 0; from < rows.length; from += 850) await tx.insert(audit_log).values(rows.slice(from, from + 850));
  });
  expect((await anns("?action=x.often&limit=3")).items.length).toBe(3);
  expect((await anns("?action=x&limit=2")).items.map(({ action }) => action)).toEqual(["x.often", "x.often"]); // all of a kind
  expect((await anns("?action=x.o&limit=2")).items).toEqual([]);
  const first = await anns("?actor_id=bob-id");
  expect([first.items, typeof first.next_cursor]).toEqual([[], "string"]);
  const next = await anns(`?actor_id=bob-id&before=${first.next_cursor}`);
  expect([next.items.map(({ action }) => action), next.next_cursor]).toEqual([["x.rare"], undefined]);
  expect((await anns("?actor_id=bob-id&action=x.often")).items).toEqual([]);
});

test("the operator reads all of them, each with its tenant, in the order of time", async () => {
  await entry("tenant-one", "x.first");
  await entry("tenant-two", "x.second");
  here.clock.advance(1);
  await entry("tenant-one", "x.third");
  const seen: [string | undefined, string][] = [];
  for (let cursor = "", more = true; more;) {
    const { items, next_cursor } = await operators(`?limit=1${cursor}`);
    seen.push(...items.map(({ tenant_id, action }): [string | undefined, string] => [tenant_id, action]));
    more = next_cursor !== undefined;
    cursor = `&before=${next_cursor}`;
  }
  expect(seen).toEqual([
    ["tenant-one", "x.third"],
    ["tenant-two", "x.second"],
    ["tenant-one", "x.first"],
  ]);
  const wrong = await visit(open, null).get("/audit?before=nothing", undefined, { "x-api-key": here.chat.keys.operator_key });
  expect([wrong.status, wrong.body.error.fields]).toEqual([422, ["before"]]);
});

describe("a refused right is in the log", () => {
  test("by whom and for what, once a minute for each; what is allowed, not there or only wrong is not", async () => {
    const bob = visit(open, here.bob);
    const patch = () => bob.patch(`/rooms/${here.room.id}`, { description: "mine" });
    for (let i = 0; i < 3; i += 1) expect((await patch()).status).toBe(403);
    expect((await bob.get("/admin/config")).status).toBe(403);
    expect((await visit(open, here.cy).get("/admin/config")).status).toBe(403);
    expect((await visit(open, here.cy).get(`/rooms/${here.room.id}`)).status).toBe(404);
    expect((await bob.put("/auth/password", { current_password: "x", password: PASSWORD })).status).toBe(403);
    expect((await bob.get("/me")).status).toBe(200);
    const all = [
      ["cy-id", "GET /api/v1/admin/config/"],
      ["bob-id", "GET /api/v1/admin/config/"],
      ["bob-id", "PATCH /api/v1/rooms/:room_id"],
    ];
    expect(await refusals()).toEqual(all);
    here.clock.advance(59_999);
    await patch();
    expect((await refusals()).length).toBe(3);
    here.clock.advance(1);
    await patch();
    expect(await refusals()).toEqual([["bob-id", "PATCH /api/v1/rooms/:room_id"], ...all]);
  });

  test("also by a frame, and by a page that the tenant has not listed", async () => {
    const doors = await openDoors(here);
    const anns = await visit(open, here.ann).post(`/rooms/${here.room.id}/messages`, { content: "hers" });
    const bobs = await doors.socketOf(here.bob);
    await bobs.exchange({ type: "remove", id: "one", room_id: here.room.id, message_id: anns.body.message?.id ?? anns.body.id });
    await visit(open, here.bob).get("/me", undefined, { origin: "https://evil.test" });
    for (const until = performance.now() + 5_000; (await refusals()).length < 2 && performance.now() < until;); // written beside the answers
    bobs.destroy();
    await doors.stop();
    expect(new Set((await refusals()).map((one) => one.join()))).toEqual(new Set(["bob-id,GET /api/v1/me/", "bob-id,frame remove"]));
  });

  test("and the answer is the same where the log cannot be written", async () => {
    const { store } = here.chat;
    Object.assign(here.chat, { store: { ...store, write: () => Promise.reject(new Error("no disk")) } });
    expect((await visit(open, here.bob).get("/admin/config")).status).toBe(403);
    Object.assign(here.chat, { store });
    expect(here.faults).toEqual([]);
  });
});

test("what those who run a room do to what is another's is in the log, once; what is one's own is not", async () => {
  const { chat, ann, bob, room } = here;
  const room_id = room.id;
  const post = async (who: SignedInPrincipal, text: string): Promise<Pick<Message, "id">> =>
    (await postMessage(chat, who, draftFor(room, text))).message;
  const [hers, his] = [await post(ann, "hers"), await post(bob, "his")];
  for (const { id } of [hers, his, his]) await removeMessage(chat, ann, { room_id, message_id: id });
  const refused = await removeMember(chat, bob, { room_id, user_id: ann.user_id }).catch((fault: unknown) => fault);
  expect(refused).toMatchObject({ reason: "forbidden" });
  await removeMember(chat, ann, { room_id, user_id: bob.user_id });
  for (const archived of [true, true, false]) await patchRoom(chat, ann, { room_id, archived });
  await patchRoom(chat, ann, { room_id, description: "otherwise" });
  const rows = await chat.store.read.select().from(chat.store.t.audit_log).orderBy(chat.store.t.audit_log.id);
  expect(rows.map(({ actor_id, action, target_id, detail }) => ({ actor_id, action, target_id, detail }))).toEqual([
    { actor_id: ann.user_id, action: "message.removed", target_id: bob.user_id, detail: { room_id, message_id: his.id } },
    { actor_id: ann.user_id, action: "member.removed", target_id: bob.user_id, detail: { room_id } },
    { actor_id: ann.user_id, action: "room.archived", target_id: room_id, detail: { room_id } },
    { actor_id: ann.user_id, action: "room.restored", target_id: room_id, detail: { room_id } },
  ]);
});

test("administration and sign-ins are in the log, and no secret is", async () => {
  const password_hash = await hashPassword(PASSWORD, "a test");
  await here.chat.store.write(async (tx) => void (await tx.update(here.chat.store.t.users).set({ password_hash })));
  const stranger = visit(open, null);
  const login = (password: string) => stranger.post("/auth/login", { username: "ann", password });
  const { refresh_token } = (await login(PASSWORD)).body;
  await stranger.post("/auth/logout", { refresh_token });
  for (let i = 0; i < 6; i += 1) await login(`wrong ${PASSWORD}`);
  const ann = visit(open, here.ann);
  await ann.patch(`/admin/users/${here.cy.user_id}`, { role: "admin" });
  const { body: invite } = await ann.post("/admin/invites", { role: "member", expires_in_seconds: 60, max_uses: 1 });
  await ann.delete(`/admin/invites/${invite.id}`);
  await patchConfig(here.chat, here.ann, { receipts: true });
  await setMemberRole(here.chat, here.ann, { room_id: here.room.id, user_id: here.bob.user_id, role: "admin" }); // a room's own affair
  const answer = await ann.get("/admin/audit");
  const actions = new Set(answer.body.items.map(({ action }: Entry) => action));
  expect(actions).toEqual(
    new Set(["config.changed", "invite.revoked", "invite.made", "user.changed", "sign_in.failing", "sign_in.ended", "sign_in.made"]),
  );
  for (const secret of [PASSWORD, refresh_token, invite.code, password_hash]) expect(answer.text).not.toContain(secret);
});
