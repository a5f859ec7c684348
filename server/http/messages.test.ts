import { afterAll, beforeAll, expect, test } from "bun:test";
import { removeMember } from "../chat/membership.ts";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

let here: World;
let open: OpenDoor;
beforeAll(async () => {
  here = await world();
  open = openDoor(here, { config: { sends: { per_second: 1_000, burst: 1_000 }, requests: { per_second: 1_000, burst: 1_000 } } });
});
afterAll(() => here.dispose());

const bob = () => visit(open, here.bob);
const place = () => `/rooms/${here.room.id}/messages`;
const key = (name: string) => name.padEnd(16, "-");

test("a post is answered with what was stored, and a retry with the very same, whatever it says", async () => {
  const first = await bob().post(place(), { client_id: key("first"), content: "hello" });
  expect([first.status, first.body.content, first.body.sender_id]).toEqual([201, "hello", here.bob.user_id]);
  const retry = await bob().post(place(), { client_id: key("first"), content: "hello?" });
  expect([retry.status, retry.body]).toEqual([201, first.body]);
  const { items } = (await bob().get(place())).body;
  expect(items.filter(({ client_id }: { client_id: string }) => client_id === key("first"))).toEqual([first.body]);
});

test("Idempotency-Key is client_id by another name; the body's goes before it", async () => {
  const keyed = await bob().post(place(), { content: "keyed" }, { "idempotency-key": key("keyed") });
  expect(keyed.body.client_id).toBe(key("keyed"));
  expect((await bob().post(place(), { content: "again" }, { "idempotency-key": key("keyed") })).body).toEqual(keyed.body);
  expect((await bob().post(place(), { client_id: key("keyed"), content: "again" })).body).toEqual(keyed.body);
  const both = await bob().post(place(), { client_id: key("body"), content: "both" }, { "idempotency-key": key("keyed") });
  expect(both.body.client_id).toBe(key("body"));
  const refused = await bob().post(place(), { content: "x" }, { "idempotency-key": "too short" });
  expect([refused.status, refused.body.error.fields]).toEqual([422, ["idempotency-key"]]);
});

test("without either the server names it, and two such posts are two messages", async () => {
  const [one, two] = [await bob().post(place(), { content: "twice" }), await bob().post(place(), { content: "twice" })];
  expect([one.status, two.status, one.body.client_id === two.body.client_id, two.body.seq - one.body.seq]).toEqual([201, 201, false, 1]);
});

test("who was put out after posting learns on a retry that it was stored, and nothing more", async () => {
  const rob = await here.person("tenant-one", "rob");
  await visit(open, here.ann).post(`/rooms/${here.room.id}/members`, { user_id: rob.user_id });
  const stored = await visit(open, rob).post(place(), { client_id: key("rob"), content: "mine" });
  await removeMember(here.chat, here.ann, { room_id: here.room.id, user_id: rob.user_id });
  const retry = await visit(open, rob).post(place(), { client_id: key("rob"), content: "mine" });
  expect([retry.status, retry.body]).toEqual([201, { id: stored.body.id, seq: stored.body.seq }]);
  expect((await visit(open, rob).post(place(), { client_id: key("rob-2"), content: "mine" })).status).toBe(404);
});

test("what is too long is refused by the same bounds as at door two", async () => {
  const status = async (body: object) => (await bob().post(place(), body)).status;
  expect(await status({ content: "x".repeat(4_000) })).toBe(201);
  expect(await status({ content: "x".repeat(4_001) })).toBe(413);
  expect(await status({ content: "😀".repeat(4_000) })).toBe(201);
  expect(await status({ content: "" })).toBe(422);
  expect(await status({ content: "a\u0000b" })).toBe(422);
  expect(await status({ content: "meta", meta: { text: "x".repeat(16_000) } })).toBe(201);
  expect(await status({ content: "meta", meta: { text: "x".repeat(17_000) } })).toBe(413);
});
