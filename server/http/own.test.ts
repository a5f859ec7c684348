import { afterEach, beforeEach, expect, test } from "bun:test";
import { postMessage } from "../chat/messages.ts";
import { leaveRoom } from "../chat/membership.ts";
import { hashPassword } from "../chat/passwords.ts";
import { createRoom } from "../chat/rooms.ts";
import { saveMessage } from "../chat/saved.ts";
import { endSignIn } from "../chat/sign-ins.ts";
import { type OpenDoor, openDoor, tokenOf, visit } from "../testing/visitor.ts";
import { draftFor, type World, world } from "../testing/world.ts";

const PASSWORD = "correct horse leaving";
let here: World;
let open: OpenDoor;
beforeEach(async () => {
  here = await world();
  open = openDoor(here);
});
afterEach(() => here.dispose());

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line): Record<string, unknown> => JSON.parse(line));

test("bob takes along his profile, his rooms and his own messages, and nothing that others wrote", async () => {
  const { chat, ann, bob, room } = here;
  for (const [who, text] of [
    [bob, "mine one"],
    [ann, "not his"],
    [bob, "mine two"],
  ] as const)
    await postMessage(chat, who, draftFor(room, text));
  const answer = await visit(open, bob).get("/me/export");
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
  expect(answer.headers.get("content-disposition")).toContain("attachment");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  const lines = linesOf(answer.text);
  expect(lines.map(({ type }) => type)).toEqual(["profile", "room", "message", "message", "end"]);
  expect(lines[0]).toMatchObject({ username: "bob", settings: {} });
  expect(lines[1]).toMatchObject({ id: room.id, name: "quay", role: "member" });
  expect(lines.filter(({ type }) => type === "message").map(({ content }) => content)).toEqual(["mine one", "mine two"]);
  expect(answer.text).not.toContain("not his");
  expect(answer.text).not.toContain("password");
});

test("what he has saved he takes along by its address, and not its words", async () => {
  const { chat, ann, bob, room } = here;
  const { message } = await postMessage(chat, ann, draftFor(room, "not his"));
  await saveMessage(chat, bob, { message_id: message.id });
  await saveMessage(chat, ann, { message_id: message.id });
  const { text } = await visit(open, bob).get("/me/export");
  const saved = linesOf(text).filter(({ type }) => type === "saved");
  expect(saved).toEqual([{ type: "saved", room_id: room.id, message_id: message.id, saved_at: expect.any(String) }]);
  expect(text).not.toContain("not his");
});

test("what he wrote in a room he has left is his still; what the room is called now is not", async () => {
  const { chat, ann, bob } = here;
  const { room } = await createRoom(chat, ann, { type: "channel", name: "vault", visibility: "private", user_ids: [bob.user_id] });
  await postMessage(chat, bob, draftFor(room, "left behind"));
  await leaveRoom(chat, bob, { room_id: room.id });
  const { text } = await visit(open, bob).get("/me/export");
  expect(text).toContain("left behind");
  expect(text).not.toContain("vault");
});

test("nobody takes along what is another's, and nobody asks without end", async () => {
  expect((await visit(open, null).get("/me/export")).status).toBe(401);
  const mallory = await visit(open, here.mallory).get("/me/export");
  expect(mallory.text).not.toContain(here.room.id);
  const bob = visit(open, here.bob);
  for (let i = 0; i < 3; i += 1) expect((await bob.get("/me/export")).status).toBe(200);
  const refused = await bob.get("/me/export");
  expect([refused.status, refused.body.error.code]).toEqual([429, "rate_limited"]);
  here.clock.advance(600_000);
  expect((await bob.get("/me/export")).status).toBe(200);
  expect((await visit(open, here.ann).get("/me/export")).status).toBe(200);
});

test("a page at a time is read, and when the right ends the lines end, without the one that says they are whole", async () => {
  const { chat, bob, room } = here;
  await postMessage(chat, bob, draftFor(room, "never sent"));
  const request = new Request("http://localhost:3000/api/v1/me/export", { headers: { authorization: `Bearer ${await tokenOf(open, bob)}` } });
  const reader = (await open.app.handle(request)).body?.getReader();
  const first = new TextDecoder().decode((await reader?.read())?.value);
  expect(linesOf(first).map(({ type }) => type)).toEqual(["profile"]);
  await endSignIn(chat, bob, { sign_in_id: bob.via.sign_in_id });
  await reader?.read(); // the room, which was to be told already
  expect(reader?.read()).rejects.toThrow();
});

test("bob leaves by his password: he is out, comes in no more, and what he wrote stays under his name", async () => {
  const { chat, ann, bob, room } = here;
  const { users } = chat.store.t;
  const password_hash = await hashPassword(PASSWORD, "a test");
  await chat.store.write(async (tx) => void (await tx.update(users).set({ password_hash })));
  await postMessage(chat, bob, draftFor(room, "bye"));
  const leave = (who: typeof bob, password: string) => visit(open, who).post("/me/deactivation", { password });
  const wrong = await leave(bob, "not this one");
  expect([wrong.status, wrong.body.error.fields]).toEqual([403, ["password"]]);
  expect((await visit(open, bob).get("/me")).status).toBe(200);
  expect((await leave(bob, PASSWORD)).status).toBe(204);
  expect((await visit(open, bob).get("/me")).status).toBe(401);
  const again = await visit(open, null).post("/auth/login", { username: "bob", password: PASSWORD });
  expect(again.status).toBe(401);
  const { items } = (await visit(open, ann).get(`/rooms/${room.id}/messages`)).body;
  expect(items.map(({ content }: { content: string }) => content)).toEqual(["bye"]);
  const { body } = await visit(open, ann).get("/admin/users?state=disabled");
  expect(body.items).toMatchObject([{ username: "bob", disabled_why: "deactivated" }]);
});

test("the last owner cannot leave; handing the workspace over comes first", async () => {
  const { chat, ann, bob } = here;
  const { users } = chat.store.t;
  const password_hash = await hashPassword(PASSWORD, "a test");
  await chat.store.write(async (tx) => void (await tx.update(users).set({ password_hash })));
  expect((await visit(open, ann).post("/me/deactivation", { password: PASSWORD })).status).toBe(409);
  expect((await visit(open, ann).put("/admin/owner", { user_id: bob.user_id })).body).toMatchObject({ id: bob.user_id, role: "owner" });
  expect((await visit(open, ann).post("/me/deactivation", { password: PASSWORD })).status).toBe(204);
});
