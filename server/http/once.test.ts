import { afterAll, beforeAll, expect, test } from "bun:test";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";
import { documentOf } from "./document.ts";

let here: World;
let open: OpenDoor;
beforeAll(async () => {
  here = await world();
  open = openDoor(here);
});
afterAll(() => here.dispose());

const ann = () => visit(open, here.ann);
const keyed = (key: string) => ({ "idempotency-key": key });
const channel = (name: string) => ({ type: "channel", name, visibility: "private" });

test("a room asked for twice by one key is one room; without a key its name is taken", async () => {
  const first = await ann().post("/rooms", channel("orders"), keyed("orders-0000000001"));
  const again = await ann().post("/rooms", { visibility: "private", name: "orders", type: "channel" }, keyed("orders-0000000001"));
  expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
  expect((await ann().post("/rooms", channel("orders"))).status).toBe(409);
  const other = await ann().post("/rooms", channel("other"), keyed("orders-0000000001"));
  expect([other.status, other.body.error.code, other.body.error.fields]).toEqual([409, "conflict", ["idempotency-key"]]);
  expect((await ann().get("/rooms")).body.items.filter(({ name }: { name: string }) => name === "other")).toEqual([]);
});

test("a key belongs to its route: under another path it is another request", async () => {
  const { body: room } = await ann().post("/rooms", channel("parcels"), keyed("parcels-000000001"));
  const added = await ann().post(`/rooms/${room.id}/members`, { user_id: here.cy.user_id }, keyed("parcels-000000002"));
  const again = await ann().post(`/rooms/${room.id}/members`, { user_id: here.cy.user_id }, keyed("parcels-000000002"));
  expect([added.status, again.status, again.body]).toEqual([201, 201, added.body]);
  expect((await ann().post(`/rooms/${here.room.id}/members`, { user_id: here.cy.user_id }, keyed("parcels-000000002"))).status).toBe(409);
});

test("a notification and a subscription asked for twice by one key are one, and nobody hears it twice", async () => {
  const [{ length: before }, tide] = [(await visit(open, here.bob).get("/notifications")).body.items, { topic: "tide", payload: { height: 4 } }];
  const notify = (payload: object) =>
    ann().post("/notifications", { ...tide, payload, targets: { user_ids: [here.bob.user_id] } }, keyed("tide-00000000001"));
  const [first, again, other] = [await notify({ height: 4 }), await notify({ height: 4 }), await notify({ height: 5 })];
  expect([first.status, again.status, again.body, other.status]).toEqual([202, 202, first.body, 409]);
  expect((await visit(open, here.bob).get("/notifications")).body.items.length).toBe(before + 1);
  const subscribe = (topic: string) => ann().post("/subscriptions", { topic }, keyed("subscribe-0000001"));
  const [made, found] = [await subscribe("tide"), await subscribe("tide")];
  expect([made.status, found.status, found.body, (await subscribe("ebb")).status]).toEqual([201, 201, made.body, 409]);
});

test("on a message it is the client_id: another text under it is the first message, and no answer is kept", async () => {
  const post = (content: string) => ann().post(`/rooms/${here.room.id}/messages`, { content }, keyed("message-000000001"));
  const first = await post("once");
  expect([first.status, first.body.client_id]).toEqual([201, "message-000000001"]);
  expect((await post("again")).body.id).toBe(first.body.id);
  const { store } = here.chat;
  expect((await store.read.select().from(store.t.idempotency_keys)).filter(({ key }) => key.startsWith("message-"))).toEqual([]);
});

test("what is no key is refused, and nothing is made", async () => {
  for (const key of ["short", "x".repeat(65), "has a space in it!"]) {
    const { status, body } = await ann().post("/rooms", channel("never"), keyed(key));
    expect([status, body.error.fields]).toEqual([422, ["idempotency-key"]]);
  }
  expect((await ann().post("/rooms", channel("never"))).status).toBe(201);
});

test("no route that answers with a secret honours it, and the document says who does", async () => {
  const told = Object.entries(documentOf(open.app).paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters = [] }]) =>
      parameters.some(({ name }) => name === "Idempotency-Key") ? [`${method} ${path}`] : [],
    ),
  );
  expect(told).toContain("post /api/v1/rooms");
  expect(told.filter((route) => /invites|tickets|tokens|login|refresh|register|setup|api-keys|webhooks$|secret/u.test(route))).toEqual([]);
  const invite = { role: "member", expires_in_seconds: 60, max_uses: 1 };
  const codes = [
    await ann().post("/admin/invites", invite, keyed("invite-0000000001")),
    await ann().post("/admin/invites", invite, keyed("invite-0000000001")),
  ];
  expect(new Set(codes.map(({ body }) => body.code)).size).toBe(2);
  const { store } = here.chat;
  expect(JSON.stringify(await store.read.select().from(store.t.idempotency_keys))).not.toContain(codes[0]?.body.code);
});
