import { afterEach, beforeEach, expect, test } from "bun:test";
import { createRoom } from "../chat/rooms.ts";
import { type House, house } from "../testing/seat.ts";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";

let here: House;
let open: OpenDoor;
beforeEach(async () => {
  here = await house();
  open = openDoor(here);
});
afterEach(() => here.dispose());

const YEARS_AGO = Date.UTC(2004, 10, 15);
const piece = {
  channel: "old days",
  description: "from elsewhere",
  born_at: YEARS_AGO,
  speakers: [
    ["glad_vole", YEARS_AGO],
    ["bob", YEARS_AGO],
  ],
  lines: [
    ["a-line-of-old-01", YEARS_AGO, "glad_vole", "is @bob here?"],
    ["a-line-of-old-02", YEARS_AGO + 1_000, "bob", "always"],
  ],
};
const put = (more: object = {}, headers: Record<string, string> = { "x-api-key": here.chat.keys.operator_key }) =>
  visit(open, null).ask("POST", "/admin/conversations", { ...piece, ...more }, headers);

test("the operator puts a conversation into a running server: who is named in it and here hears it without asking, once", async () => {
  const seat = await here.seat(here.bob);
  const stranger = await here.seat(here.mallory);
  const first = await put({ lines: piece.lines.slice(0, 1) });
  expect([first.status, first.body]).toEqual([200, { room_id: first.body.room_id, joined: 2, stored: 1 }]);
  expect((await put()).body).toEqual({ room_id: first.body.room_id, joined: 0, stored: 1 });
  here.clock.advance(6_000);
  await here.live.look();
  await seat.until("always");
  expect((await put()).body.stored).toBe(0);
  here.clock.advance(6_000);
  await here.live.look();
  expect([...new Set(await seat.contents())]).toEqual(["is @bob here?", "always"]); // a row may be sent twice around a join, and is told apart by its rev
  expect((await visit(open, here.bob).get(`/rooms/${first.body.room_id}`)).body).toMatchObject({
    name: "old days",
    last_seq: 2,
    me: { acked_seq: 2 },
  });
  expect((await visit(open, here.cy).get(`/rooms/${first.body.room_id}/messages`)).status).toBe(404); // a public channel: listed, and joined first
  expect(await stranger.contents()).toEqual([]);
});

test("not without the operator's key, nor for who runs the workspace, nor by a proxy", async () => {
  expect((await put({}, {})).status).toBe(401);
  expect((await put({}, { "x-api-key": here.chat.keys.setup_token })).status).toBe(401);
  expect((await visit(open, here.ann).ask("POST", "/admin/conversations", piece)).status).toBe(401);
  const server = open.app.listen({ port: 0, hostname: "127.0.0.1" }).server ?? expect.unreachable();
  try {
    const headers = { "content-type": "application/json", "x-api-key": here.chat.keys.operator_key, "x-forwarded-for": "127.0.0.1" };
    const ask = { method: "POST", headers, body: JSON.stringify(piece) };
    expect((await fetch(`http://127.0.0.1:${server.port}/admin/conversations`, ask)).status).toBe(403);
  } finally {
    await server.stop(true);
  }
  expect(await here.chat.store.read.select().from(here.chat.store.t.messages)).toEqual([]);
});

test("a piece that is none is refused whole: who was not seated, a name that is none, a channel that people talk in, too much at once", async () => {
  const nobody = [...piece.lines, ["a-line-of-old-03", YEARS_AGO, "mallory", "let me in"]];
  expect([(await put({ lines: nobody })).status, (await put({ channel: "?!" })).status]).toEqual([422, 422]);
  expect((await put({ lines: [["a-line-of-old-03", YEARS_AGO, "bob", "x".repeat(4_001)]] })).status).toBe(413);
  expect((await put({ speakers: Array.from({ length: 501 }, (_, i) => [`someone-${i}`, YEARS_AGO]) })).status).toBe(422);
  await createRoom(here.chat, here.ann, { type: "channel", name: "Taken", visibility: "public" });
  expect((await put({ channel: "taken" })).status).toBe(409);
  expect(await here.chat.store.read.select().from(here.chat.store.t.messages)).toEqual([]);
});
