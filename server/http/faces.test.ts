import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Principal } from "../chat/principal.ts";
import { byKey, keyBy } from "../testing/keys.ts";
import { pngOf } from "../testing/pictures.ts";
import { type OpenDoor, openDoor, tokenOf } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

let here: World;
let open: OpenDoor;
let port: number;
beforeAll(async () => {
  here = await world();
  open = openDoor(here);
  port = open.app.listen({ port: 0, hostname: "127.0.0.1" }).server?.port ?? expect.unreachable();
});
afterAll(async () => {
  await open.app.server?.stop(true);
  await here.dispose();
});

const asked = async (who: Principal | null, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://localhost:${port}/api/v1${path}`, {
    ...init,
    headers: { ...(who && { authorization: `Bearer ${await tokenOf(open, who)}` }), ...init.headers },
  });
const bytes = (type = "application/octet-stream", body: Bun.BodyInit = pngOf(30, 20)): RequestInit => ({
  method: "PUT",
  body,
  headers: { "content-type": type },
});
const told = async (answer: Response): Promise<Record<string, string>> => (await answer.json()) as Record<string, string>;

test("a picture comes as bytes, is told at once, and is kept by browsers for ever, as what it is and to be run nowhere", async () => {
  const put = await asked(here.bob, "/me/avatar", bytes());
  expect(put.status).toBe(200);
  const { avatar_id } = await told(put);
  const answer = await asked(here.ann, `/files/${avatar_id}`);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "image/webp",
    "content-disposition": `inline; filename="avatar.webp"; filename*=UTF-8''avatar.webp`,
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, max-age=31536000, immutable",
  });
  expect((await asked(here.mallory, `/files/${avatar_id}`)).status).toBe(404);
  expect((await asked(null, `/files/${avatar_id}`)).status).toBe(401);
  expect((await asked(null, `/logos/${avatar_id}`)).status).toBe(404);
});

test("bytes of any other type are not read, and what is no picture is refused by name", async () => {
  for (const type of ["image/png", "application/json", "multipart/form-data; boundary=x", "text/plain"])
    expect([type, (await asked(here.bob, "/me/avatar", bytes(type))).status]).toEqual([type, 415]);
  const refused = await asked(here.bob, "/me/avatar", bytes(undefined, "<html>"));
  expect([refused.status, await refused.json()]).toMatchObject([422, { error: { code: "invalid", fields: ["picture"] } }]);
});

test("an application's key sets a bot's picture, by acting for the bot", async () => {
  const key = await keyBy(here.chat, here.ann);
  const headers = { ...byKey(key, "bot-1"), "content-type": "application/octet-stream" };
  const { avatar_id } = await told(await asked(null, "/me/avatar", { ...bytes(), headers }));
  expect(await told(await asked(here.ann, "/users/bot-1"))).toMatchObject({ id: "bot-1", avatar_id });
});

test("the logo is shown to who has not signed in, under the address of its own workspace alone", async () => {
  const { logo_id } = await told(await asked(here.ann, "/admin/config/logo", bytes()));
  const door = await told(
    await asked(null, "/invites/check", { method: "POST", body: '{"code":"none"}', headers: { "content-type": "application/json" } }),
  );
  expect(door["logo_id"]).toBe(logo_id);
  const answer = await asked(null, `/logos/${logo_id}`);
  expect([answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")]).toEqual([
    200,
    "image/webp",
    "private, max-age=31536000, immutable",
  ]);
  const elsewhere = { headers: { host: `elsewhere.test:${port}` } };
  expect((await asked(null, `/logos/${logo_id}`, elsewhere)).status).not.toBe(200);
  expect((await asked(here.ann, "/admin/config/logo", { method: "DELETE" })).status).toBe(200);
  expect((await asked(null, `/logos/${logo_id}`)).status).toBe(404);
});
