import { afterEach, beforeEach, expect, test } from "bun:test";
import { keyBy, serverOf } from "../testing/keys.ts";
import { type Answer, type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

let here: World;
let open: OpenDoor;
beforeEach(async () => {
  here = await world();
  open = openDoor(here);
});
afterEach(() => here.dispose());

const make = (more: object = {}, headers: Record<string, string> = {}) =>
  visit(open, here.ann).post("/admin/users", { kind: "bot", id: "courier", username: "Courier", display_name: "The courier", ...more }, headers);
const noOf = ({ status, body }: Answer) => [status, body.error?.code, body.error?.fields];

test("an admin makes a bot, a key says something as it, and the room sees who it was", async () => {
  const { status, body: bot } = await make();
  expect([status, bot]).toEqual([201, { id: "courier", username: "courier", display_name: "The courier", role: "member", kind: "bot" }]);
  await visit(open, here.ann).post(`/rooms/${here.room.id}/members`, { user_id: bot.id });
  const asBot = serverOf(open, await keyBy(here.chat, here.ann), bot.id);
  expect((await asBot("GET", "/me")).body).toMatchObject({ id: bot.id, kind: "bot" });
  expect((await asBot("POST", `/rooms/${here.room.id}/messages`, { content: "your parcel is here" })).status).toBe(201);
  const page = (await visit(open, here.bob).get(`/rooms/${here.room.id}/messages`)).body;
  expect([page.items[0].sender_id, page.users.find(({ id }: { id: string }) => id === bot.id)]).toEqual([bot.id, bot]);
  const { items } = (await visit(open, here.ann).get("/admin/audit")).body;
  expect(items.find(({ action }: { action: string }) => action === "user.made")).toMatchObject({
    actor_id: here.ann.user_id,
    target_id: bot.id,
    detail: { kind: "bot" },
  });
});

test("nobody signs in as it, a minted token of it does not outlive its being disabled, and then no key acts for it", async () => {
  const key = await keyBy(here.chat, here.ann);
  await make();
  expect((await visit(open, null).post("/auth/login", { username: "courier", password: "correct horse battery" })).status).toBe(401);
  const token = (await serverOf(open, key)("POST", "/auth/tokens", { user_id: "courier", ttl_seconds: 600 })).body.access_token;
  const me = () => visit(open, null).get("/me", undefined, { authorization: `Bearer ${token}` });
  expect((await me()).body.id).toBe("courier");
  await visit(open, here.ann).patch("/admin/users/courier", { disabled: true });
  expect([(await me()).status, (await serverOf(open, key, "courier")("GET", "/me")).status]).toEqual([401, 403]);
});

test("whose id or name is another's is not made, nor what is no name; one of ours is given where none is chosen", async () => {
  await make();
  expect(noOf(await make({ username: "other" }))).toEqual([409, "conflict", ["id"]]);
  expect(noOf(await make({ id: "other", username: "BOB" }))).toEqual([409, "conflict", ["username"]]);
  expect(noOf(await make({ id: "me" }))).toEqual([422, "invalid", ["id"]]);
  expect(noOf(await make({ id: "other", display_name: " " }))).toEqual([422, "invalid", ["display_name"]]);
  expect(noOf(await make({ id: "other", kind: "person" }))).toEqual([422, "invalid", ["kind"]]);
  const { body } = await visit(open, here.ann).post("/admin/users", { kind: "bot", display_name: "Nameless" });
  expect([body.kind, body.username, typeof body.id]).toEqual(["bot", undefined, "string"]);
  expect((await visit(open, here.mallory).post("/admin/users", { kind: "bot", id: "courier", display_name: "Theirs" })).status).toBe(201);
});

test("asked twice by one Idempotency-Key it is one bot", async () => {
  const keyed = { "idempotency-key": "courier-000000001" };
  const [first, again] = [await make({}, keyed), await make({}, keyed)];
  expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
});
