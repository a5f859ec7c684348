import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { postMessage } from "../chat/messages.ts";
import { patchConfig } from "../chat/tenant-config.ts";
import { patchTenant } from "../chat/tenancy.ts";
import { refusalOf } from "../testing/refusals.ts";
import { keyBy, serverOf } from "../testing/keys.ts";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { draftFor, type World, world } from "../testing/world.ts";

const PASSWORD = "correct horse config";
let here: World;
let open: OpenDoor;
beforeEach(async () => {
  here = await world();
  open = openDoor(here);
});
afterEach(() => here.dispose());

const anns = () => visit(open, here.ann);
const range = (least: number, most: number, usual: number | null = most) => ({ least, most, usual });
const usual = {
  name: "Harbour",
  accent: null,
  logo_id: null,
  registration: "invite",
  directory: true,
  receipts: false,
  retention_days: null,
  allowed_origins: [],
  limits: { content_points: 4_000, content_bytes: 16_384, meta_bytes: 16_384, file_bytes: 10_000_000 },
  requests_per_second: 20,
  sends_per_second: 10,
  webhook_attempts: null,
  webhook_first_retry_ms: null,
  webhook_longest_retry_ms: null,
  ranges: {
    retention_days: range(1, 36_500, null),
    "limits.content_points": range(1, 4_000),
    "limits.content_bytes": range(1, 16_384),
    "limits.meta_bytes": range(2, 16_384),
    "limits.file_bytes": range(1, 10_000_000),
    requests_per_second: range(1, 20),
    sends_per_second: range(1, 10),
    webhook_attempts: range(1, 100, 20),
    webhook_first_retry_ms: range(100, 3_600_000, 5_000),
    webhook_longest_retry_ms: range(1_000, 604_800_000, 21_600_000),
  },
};

test("a tenant's settings are the server's until it sets its own, each by itself; null gives one back", async () => {
  expect((await anns().get("/admin/config")).body).toEqual(usual);
  const wish = {
    receipts: true,
    retention_days: 30,
    allowed_origins: ["https://app.example.com", "http://localhost:5173"],
    limits: { content_points: 2_000 },
    requests_per_second: 5,
    webhook_attempts: 3,
    webhook_first_retry_ms: 1_000,
    webhook_longest_retry_ms: 60_000,
  };
  const set = { ...usual, ...wish, limits: { ...usual.limits, content_points: 2_000 } };
  expect((await anns().patch("/admin/config", wish)).body).toEqual(set);
  expect((await anns().patch("/admin/config", { directory: false, limits: { meta_bytes: 100 } })).body).toEqual({
    ...set,
    directory: false,
    limits: { ...set.limits, meta_bytes: 100 },
  });
  const back = { retention_days: null, limits: { content_points: null, meta_bytes: null }, requests_per_second: null, webhook_attempts: null };
  expect((await anns().patch("/admin/config", back)).body).toMatchObject({
    retention_days: null,
    limits: usual.limits,
    requests_per_second: 20,
    webhook_attempts: null,
    webhook_first_retry_ms: 1_000,
  });
  expect((await visit(open, here.mallory).get("/admin/config")).body).toEqual({ ...usual, name: "Elsewhere" });
  const { audit_log } = here.chat.store.t;
  const rows = await here.chat.store.read.select().from(audit_log).where(eq(audit_log.action, "config.changed")).orderBy(audit_log.id);
  expect(rows.map(({ tenant_id, actor_id, detail }) => [tenant_id, actor_id, detail.fields])[1]).toEqual([
    "tenant-one",
    "ann-id",
    "directory, limits",
  ]);
});

describe("a setting that could have no effect is refused by its name, and the others with it:", () => {
  const wrong: [name: string, body: object, fields: string[]][] = [
    ["more than the server's code points", { limits: { content_points: 4_001 } }, ["limits.content_points"]],
    ["more requests than the server allows", { requests_per_second: 21, receipts: true }, ["requests_per_second"]],
    ["more sends than the server allows", { sends_per_second: 11 }, ["sends_per_second"]],
    ["an origin with a path", { allowed_origins: ["https://app.example.com", "https://app.example.com/"] }, ["allowed_origins.1"]],
    ["every origin", { allowed_origins: ["*"] }, ["allowed_origins.0"]],
    ["no origin", { allowed_origins: ["null"] }, ["allowed_origins.0"]],
    ["an origin in capitals", { allowed_origins: ["https://App.example.com"] }, ["allowed_origins.0"]],
    ["a first retry after the longest", { webhook_first_retry_ms: 60_000, webhook_longest_retry_ms: 1_000 }, ["webhook_first_retry_ms"]],
    ["no days at all", { retention_days: 0 }, ["retention_days"]],
    ["a mode that is none", { registration: "ajar" }, ["registration"]],
    ["a setting that is none", { secret: "x" }, ["secret"]],
  ];
  for (const [name, body, fields] of wrong) {
    test(name, async () => {
      const { status, body: answer } = await anns().patch("/admin/config", body);
      expect([status, answer.error.code, answer.error.fields]).toEqual([422, "invalid", fields]);
      expect((await anns().get("/admin/config")).body).toEqual(usual);
    });
  }
});

test("what the operator has set for a tenant is its ceiling, and no wish of its own passes it, before or after", async () => {
  const { chat, ann, room } = here;
  const points = async () => (await anns().get("/admin/config")).body.limits.content_points;
  await patchConfig(chat, ann, { limits: { content_points: 200 } });
  await patchTenant(chat, { tenant_id: ann.tenant_id, limits: { content_points: 100, requests_per_second: 4 } });
  expect(await points()).toBe(100);
  expect(await refusalOf(postMessage(chat, ann, draftFor(room, "x".repeat(101))))).toBe("too_large");
  expect(await refusalOf(patchConfig(chat, ann, { limits: { content_points: 101 } }))).toBe("invalid");
  expect(await refusalOf(patchConfig(chat, ann, { requests_per_second: 5 }))).toBe("invalid");
  await patchTenant(chat, { tenant_id: ann.tenant_id, limits: { content_points: null } });
  expect(await points()).toBe(200);
  await patchConfig(chat, ann, { limits: { content_points: null } });
  expect(await points()).toBe(4_000);
  expect((await postMessage(chat, ann, draftFor(room, "x".repeat(4_000)))).duplicate).toBe(false);
});

test("a message is held to its tenant's limits as soon as they are set, also by who has just posted", async () => {
  const { chat, ann, mallory, room } = here;
  await postMessage(chat, ann, draftFor(room, "x".repeat(20)));
  await patchConfig(chat, ann, { limits: { content_points: 10 } });
  expect(await refusalOf(postMessage(chat, ann, draftFor(room, "x".repeat(11))))).toBe("too_large");
  expect((await postMessage(chat, ann, draftFor(room, "x".repeat(10)))).duplicate).toBe(false);
  expect((await visit(open, mallory).get("/admin/config")).body.limits.content_points).toBe(4_000);
});

test("who may register is what the tenant says", async () => {
  const register = async (username: string) => (await visit(open, null).post("/auth/register", { username, password: PASSWORD })).status;
  expect(await register("eve")).toBe(403);
  await anns().patch("/admin/config", { registration: "open" });
  expect(await register("eve")).toBe(201);
  await anns().patch("/admin/config", { registration: "closed" });
  expect(await register("adam")).toBe(403);
});

test("who finds whom is what the tenant says", async () => {
  const seen = async () => (await visit(open, here.cy).get(`/users/${here.ann.user_id}`)).status;
  expect(await seen()).toBe(200);
  await anns().patch("/admin/config", { directory: false });
  expect(await seen()).toBe(404);
});

test("a tenant may have its people ask less often, and they are told so; others ask as ever", async () => {
  await anns().patch("/admin/config", { requests_per_second: 1, sends_per_second: 1 });
  const bob = visit(open, here.bob);
  const first = await bob.get("/me");
  expect([first.headers.get("ratelimit-limit"), first.headers.get("ratelimit-remaining")]).toEqual(["2", "1"]);
  await bob.get("/me");
  const refused = await bob.get("/me");
  expect([refused.status, refused.body.error.retry_after_ms, refused.headers.get("ratelimit-limit")]).toEqual([429, 1_000, "2"]);
  here.clock.advance(1_000);
  expect((await bob.get("/me")).status).toBe(200);
  expect((await visit(open, here.mallory).get("/me")).headers.get("ratelimit-limit")).toBe("40");
});

test("its name and the hue of its pages are its admins' to change, and everybody's page is told both; a bad one is refused by name", async () => {
  const bobs = () => visit(open, here.bob).get("/me");
  expect((await bobs()).body).toMatchObject({ workspace: "Harbour" });
  expect((await bobs()).body.accent).toBeUndefined();
  expect((await anns().patch("/admin/config", { name: "  Pier 7 ", accent: 320 })).body).toMatchObject({ name: "Pier 7", accent: 320 });
  expect((await bobs()).body).toMatchObject({ workspace: "Pier 7", accent: 320 });
  expect((await visit(open, null).post("/invites/check", { code: "no code" })).body).toMatchObject({
    workspace: "Pier 7",
    accent: 320,
    valid: false,
  });
  for (const [wrong, field] of [
    [{ name: "   " }, "name"],
    [{ accent: 361 }, "accent"],
  ] as const) {
    const { status, body } = await anns().patch("/admin/config", wrong);
    expect([status, body.error.fields]).toEqual([422, [field]]);
  }
  expect((await visit(open, here.bob).patch("/admin/config", { name: "Bob's" })).status).toBe(403);
  expect((await anns().patch("/admin/config", { accent: null })).body.accent).toBeNull();
  expect((await bobs()).body).toMatchObject({ workspace: "Pier 7" });
});

test("… and its keys by the same share, whomever they act for; another tenant's ask as ever", async () => {
  open = openDoor(here, { config: { requests_by_key: { per_second: 10, burst: 40 } } });
  const [anns_key, mallorys_key] = [await keyBy(here.chat, here.ann), await keyBy(here.chat, here.mallory)];
  await anns().patch("/admin/config", { requests_per_second: 2 });
  const [sue, tom] = [serverOf(open, anns_key, "sue"), serverOf(open, anns_key, "tom")];
  expect((await sue("GET", "/me")).headers.get("ratelimit-limit")).toBe("4");
  for (const ask of [tom, sue, tom]) expect((await ask("GET", "/rooms")).status).toBe(200);
  const refused = await sue("GET", "/rooms");
  expect([refused.status, refused.body.error.retry_after_ms]).toEqual([429, 1_000]);
  expect((await serverOf(open, mallorys_key, "sue")("GET", "/me")).headers.get("ratelimit-limit")).toBe("40");
});

test("what is so already is not set again: no instance has to look, and nothing is logged; what is another is", async () => {
  const { tenants, audit_log } = here.chat.store.t;
  const rows = async () => {
    const [row] = await here.chat.store.read.select().from(tenants).where(eq(tenants.id, here.ann.tenant_id));
    return [row?.updated_at, await here.chat.store.read.$count(audit_log, eq(audit_log.action, "config.changed"))];
  };
  const before = await rows();
  for (const nothing of [{}, { receipts: null }, { registration: "invite", limits: { content_points: null } }, { retention_days: null }]) {
    here.clock.advance(1_000);
    expect((await anns().patch("/admin/config", nothing)).status).toBe("receipts" in nothing ? 422 : 200);
    expect(await rows()).toEqual(before);
  }
  const wish = { receipts: true, allowed_origins: ["https://app.example.com"], limits: { content_points: 2_000 } };
  expect((await anns().patch("/admin/config", wish)).body).toMatchObject({ receipts: true });
  const after = await rows();
  expect(after).toEqual([here.clock.now(), 1]);
  here.clock.advance(1_000);
  await anns().patch("/admin/config", wish);
  expect(await rows()).toEqual(after);
});
