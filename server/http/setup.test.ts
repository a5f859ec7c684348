import { afterEach, beforeEach, expect, test } from "bun:test";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

let here: World;
let open: OpenDoor;
beforeEach(async () => {
  here = await world();
  const { t, write } = here.chat.store;
  await write(async (tx) => {
    for (const table of [t.members, t.rooms, t.sign_ins, t.users, t.tenants]) await tx.delete(table);
  });
  open = openDoor(here, { config: { requests_by_address: { per_second: 1_000, burst: 1_000 } } });
});
afterEach(() => here.dispose());

const wish = (more: object = {}) => ({
  setup_token: here.chat.keys.setup_token,
  workspace: "Harbour",
  username: "Ann",
  password: "correct horse setup",
  ...more,
});

test("the printed token makes the workspace and its owner, who is signed in; afterwards there is no setup", async () => {
  const stranger = visit(open, null);
  expect((await stranger.get("/setup")).body).toEqual({ open: true });
  const made = await stranger.post("/setup", wish(), { origin: "http://localhost:3000" });
  expect([made.status, made.body.user.username, made.body.user.role]).toEqual([201, "ann", "owner"]);
  expect(made.headers.get("set-cookie")).toStartWith("snug=");
  const authorization = `Bearer ${made.body.access_token}`;
  expect((await stranger.get("/me", undefined, { authorization })).body.workspace).toBe("Harbour");
  expect((await stranger.get("/rooms", undefined, { authorization })).body.items.map(({ name }: { name: string }) => name)).toEqual(["general"]);
  expect((await stranger.get("/setup")).status).toBe(404);
  expect((await stranger.post("/setup", wish())).status).toBe(404);
});

test("fifty setups at once make one owner", async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => visit(open, null).post("/setup", wish({ username: `owner-${i}` }))));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 404]));
  const { t, read } = here.chat.store;
  expect(await read.select({ role: t.users.role }).from(t.users)).toEqual([{ role: "owner" }]);
});

test("another token makes nothing, and neither does what is wrong", async () => {
  const status = async (more: object) => (await visit(open, null).post("/setup", wish(more))).status;
  expect(await status({ setup_token: "f".repeat(64) })).toBe(401);
  expect(await status({ setup_token: here.chat.keys.operator_key })).toBe(401);
  expect(await status({ username: "!" })).toBe(422);
  expect(await status({ password: "password1" })).toBe(422);
  expect(await status({ password: "x".repeat(129) })).toBe(422);
  expect(await status({ password: "é".repeat(65) })).toBe(422);
  expect(await status({ workspace: " " })).toBe(422);
  expect((await visit(open, null).get("/setup")).body).toEqual({ open: true });
});

test("before setup nobody signs in", async () => {
  expect((await visit(open, null).post("/auth/login", { username: "ann", password: "correct horse setup" })).status).toBe(404);
});
