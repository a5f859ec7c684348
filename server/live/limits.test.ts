/** The limits of both doors, each at the last that fits and one beyond it: a limit of one door alone would be none. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { createRoom } from "../chat/rooms.ts";
import { raiseRights } from "../chat/rights.ts";
import type { Principal } from "../chat/principal.ts";
import { type House, house } from "../testing/seat.ts";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { draft } from "../testing/world.ts";

const generous = { per_second: 100_000, burst: 100_000 };
let here: House;
let open: OpenDoor;
beforeAll(async () => {
  here = await house();
  open = openDoor(here, { config: { requests: generous, requests_by_address: generous, sends: generous } });
});
afterAll(() => here.dispose());

/** What either door says to this draft: `ok` or the refusal's code. */
async function atBothDoors(more: { content?: string; meta?: Record<string, unknown> }): Promise<[rest: string, socket: string]> {
  const said = { content: "x", ...more };
  const rest = await visit(open, here.bob).post(`/rooms/${here.room.id}/messages`, { ...draft(""), ...said });
  const seat = await here.seat(here.bob);
  const answer = await seat.ask({ type: "message", room_id: here.room.id, ...draft(""), ...said });
  await seat.close();
  return [rest.status === 201 ? "ok" : rest.body.error.code, answer.type === "ok" ? "ok" : answer.code];
}
const both = (outcome: string): [rest: string, socket: string] => [outcome, outcome];
const fits = both("ok");
const tooLarge = both("too_large");

describe("at both doors", () => {
  test("a message of 3,999 and of 4,000 code points is stored, one of 4,001 is too large", async () => {
    for (const letter of ["x", "é", "漢", "🙂"]) {
      expect(await atBothDoors({ content: letter.repeat(3_999) })).toEqual(fits);
      expect(await atBothDoors({ content: letter.repeat(4_000) })).toEqual(fits);
      expect(await atBothDoors({ content: letter.repeat(4_001) })).toEqual(tooLarge);
    }
  });

  test("where the operator allows fewer bytes than code points would take, the last byte counts", async () => {
    const { limits } = here.chat.config;
    Object.assign(limits, { content_bytes: 100 });
    expect(await atBothDoors({ content: "é".repeat(49) + "x" })).toEqual(fits); // 99
    expect(await atBothDoors({ content: "é".repeat(50) })).toEqual(fits);
    expect(await atBothDoors({ content: "é".repeat(50) + "x" })).toEqual(tooLarge);
    Object.assign(limits, { content_bytes: 16_384 });
    expect(await atBothDoors({ content: "é".repeat(50) + "x" })).toEqual(fits);
  });

  test("meta of 16,383 and of 16,384 bytes is stored, a byte more is too large", async () => {
    const meta = (bytes: number) => ({ meta: { k: "x".repeat(bytes - '{"k":""}'.length) } });
    expect(await atBothDoors(meta(16_383))).toEqual(fits);
    expect(await atBothDoors(meta(16_384))).toEqual(fits);
    expect(await atBothDoors(meta(16_385))).toEqual(tooLarge);
  });

  test("16 levels are read, 17 are not", async () => {
    const nested = (depth: number): Record<string, unknown> => JSON.parse('{"a":'.repeat(depth) + "1" + "}".repeat(depth));
    expect(await atBothDoors({ meta: nested(14) })).toEqual(fits); // 15 with the body or the frame around it
    expect(await atBothDoors({ meta: nested(15) })).toEqual(fits);
    expect(await atBothDoors({ meta: nested(16) })).toEqual(both("bad_request"));
  });

  test("200 keys are read, 201 are not", async () => {
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 1]));
    const rest = async (count: number) =>
      (await visit(open, here.bob).post(`/rooms/${here.room.id}/messages`, { ...draft("x"), meta: keys(count - 3) })).status; // client_id, content, meta
    expect([await rest(199), await rest(200), await rest(201)]).toEqual([201, 201, 400]);
    const seat = await here.seat(here.bob);
    const socket = async (count: number) =>
      seat.ask({ type: "message", room_id: here.room.id, ...draft("x"), meta: keys(count - 6) }).then((one) => (one.type === "ok" ? "ok" : one.code));
    expect([await socket(199), await socket(200), await socket(201)]).toEqual(["ok", "ok", "bad_request"]); // type, id, room_id beside those three
    await seat.close();
  });

  test("a body and a frame of 65,535 and of 65,536 bytes are read, a byte more is not", async () => {
    const rest = async (bytes: number) => (await visit(open, here.bob).patch("/me", '{"display_name":"bob"}'.padEnd(bytes))).status;
    expect([await rest(65_535), await rest(65_536), await rest(65_537)]).toEqual([200, 200, 413]);
    const seat = await here.seat(here.bob);
    for (const bytes of [65_535, 65_536]) seat.text(`{"type":"ping","id":"bytes-${bytes}"}`.padEnd(bytes));
    expect((await seat.heard("pong")).map(({ id }) => id)).toEqual(expect.arrayContaining(["bytes-65535", "bytes-65536"]));
    seat.text('{"type":"ping"}'.padEnd(65_537));
    expect([1006, 1009]).toContain(await seat.closed); // the parser of the protocol ends it before anything of ours is asked
  });
});

describe("sockets and rooms:", () => {
  test("of nine and of ten sockets of one user each stays open; the eleventh closes the one that was silent for longest, and nobody else's", async () => {
    const ann = await here.seat(here.ann);
    const seats = [];
    for (let i = 0; i < 10; i += 1) {
      here.clock.advance(100);
      seats.push(await here.seat(here.bob));
    }
    for (const seat of seats) expect((await seat.ask({ type: "ack", room_id: here.room.id, seq: 0 })).type).toBe("ok");
    here.clock.advance(100);
    await seats[0]?.heard("pong"); // no longer the most silent
    const eleventh = await here.seat(here.bob);
    expect(await seats[1]?.closed).toBe(4002);
    for (const seat of [...seats.filter((_, i) => i !== 1), eleventh, ann]) {
      expect((await seat.ask({ type: "ack", room_id: here.room.id, seq: 0 })).type).toBe("ok");
      await seat.close();
    }
  });

  test("a socket is told and joins 1,000 rooms, and none beyond them, also when its rights are read again", async () => {
    const cy = here.cy;
    await manyRooms(cy, 999);
    expect(await roomsHeard(cy)).toEqual([999, 999]);
    await createRoom(here.chat, cy, { type: "channel", name: "the thousandth", visibility: "private" });
    expect(await roomsHeard(cy)).toEqual([1_000, 1_000]);
    await createRoom(here.chat, cy, { type: "channel", name: "one too many", visibility: "private" });
    expect(await roomsHeard(cy)).toEqual([1_000, 1_000]);
    const seat = await here.seat(cy);
    await here.chat.store.write((tx) => raiseRights(here.chat, tx, cy.tenant_id, [cy.user_id]));
    here.clock.advance(1_000);
    await here.live.look();
    expect(await seat.heard("room")).toEqual([]);
    expect((await seat.heard("synced")).length).toBe(1_000);
    await seat.close();
  }, 60_000);
});

/** How many rooms a new socket is told of, and how many it joins. */
async function roomsHeard(who: Principal): Promise<[told: number, joined: number]> {
  const seat = await here.seat(who);
  const told = [...(await seat.heard("hello")), ...(await seat.heard("rooms"))].flatMap(({ rooms }) => rooms);
  const joined = await seat.heard("synced");
  await seat.close();
  return [new Set(told.map(({ id }) => id)).size, new Set(joined.map(({ room_id }) => room_id)).size];
}

/** Rooms of one person, written straight into the store: a thousand verbs would take longer than all other tests here. */
async function manyRooms(who: Principal, count: number): Promise<void> {
  const { chat } = here;
  const { room } = await createRoom(chat, who, { type: "channel", name: "the first of many", visibility: "private" });
  const { rooms, members } = chat.store.t;
  const [[like], [mine]] = await Promise.all([
    chat.store.read.select().from(rooms).where(eq(rooms.id, room.id)),
    chat.store.read.select().from(members).where(eq(members.room_id, room.id)),
  ]);
  if (!like || !mine) return expect.unreachable("the first room was made");
  const ids = Array.from({ length: count - 1 }, () => chat.newId());
  await chat.store.write(async (tx) => {
    for (let from = 0; from < ids.length; from += 250) {
      const some = ids.slice(from, from + 250);
      await tx.insert(rooms).values(some.map((id) => ({ ...like, id, name: id, folded_name: id })));
      await tx.insert(members).values(some.map((room_id) => ({ ...mine, room_id })));
    }
  });
}
