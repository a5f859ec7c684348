/** Rooms as an application has them: found by its own key, holding what it keeps with them. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { greetingOf } from "../live/greeting.ts";
import { openDoor, visit } from "../testing/visitor.ts";
import { refusalOf } from "../testing/refusals.ts";
import { type House, house } from "../testing/seat.ts";
import { leaveRoom } from "./membership.ts";
import type { Principal } from "./principal.ts";
import { createRoom, getRoom, listPublicRooms, listRooms, patchRoom } from "./rooms.ts";
import { patchConfig } from "./tenant-config.ts";

let here: House;
beforeEach(async () => void (here = await house()));
afterEach(() => here.dispose());

const group = (who: Principal, unique_key: string, other: Principal, more: object = {}) =>
  createRoom(here.chat, who, { type: "group", user_ids: [other.user_id], unique_key, ...more });

describe("a group that an application names by its own key", () => {
  test("is made once, and found as it is by whoever is in it: of twenty at once too", async () => {
    const { ann, bob, mallory } = here;
    const made = await Promise.all(Array.from({ length: 20 }, (_, i) => group(i % 2 ? ann : bob, "order-7", i % 2 ? bob : ann, { metadata: { i } })));
    expect(made.filter(({ created }) => created).length).toBe(1);
    expect(new Set(made.map(({ room }) => room.id)).size).toBe(1);
    const [first] = made;
    expect((await group(ann, "order-8", bob)).room.id).not.toBe(first?.room.id ?? "");
    const eve = await here.person("tenant-two", "eve");
    expect((await group(mallory, "order-7", eve)).created).toBe(true);
  });

  test("is a conflict for who is not in it, or has left it, and says no more", async () => {
    const { chat, ann, bob, cy } = here;
    const { room } = await group(ann, "order-7", bob);
    expect(await refusalOf(group(cy, "order-7", bob))).toBe("conflict");
    await leaveRoom(chat, bob, { room_id: room.id });
    expect(await refusalOf(group(bob, "order-7", cy))).toBe("conflict");
    expect((await group(ann, "order-7", bob)).room.id).toBe(room.id);
  });

  test("cannot be the dm of two people, whatever the key", async () => {
    const { chat, ann, bob } = here;
    const { room } = await createRoom(chat, ann, { type: "dm", user_ids: [bob.user_id] });
    const [row] = (await chat.store.read.select().from(chat.store.t.rooms)).filter(({ id }) => id === room.id);
    expect((await group(ann, row?.unique_key ?? "", bob)).created).toBe(true);
  });

  test("answers by REST 201 when it is made and 200 when it is there; without a key it is another each time", async () => {
    const ann = visit(openDoor(here), here.ann);
    const wish = { type: "group", user_ids: [here.bob.user_id], unique_key: "ticket 42/ä" };
    const [made, found] = [await ann.post("/rooms", wish), await ann.post("/rooms", wish)];
    expect([made.status, found.status, found.body.id]).toEqual([201, 200, made.body.id]);
    const { unique_key: _, ...keyless } = wish;
    expect([(await ann.post("/rooms", keyless)).status, (await ann.post("/rooms", keyless)).status]).toEqual([201, 201]);
    for (const unique_key of ["", "x".repeat(129), "a\nb"]) expect((await ann.post("/rooms", { ...wish, unique_key })).status).toBe(422);
    expect((await ann.post("/rooms", { type: "dm", user_ids: [here.bob.user_id], unique_key: "x" })).status).toBe(422);
  });
});

describe("what an application keeps with a room", () => {
  const metadata = { order: 7, tags: ["a", "b"], __proto: "x" };

  test("is told to its members wherever the room is, and to nobody else", async () => {
    const { chat, ann, bob, cy } = here;
    const seat = await here.seat(bob);
    const open = { type: "channel", name: "orders", visibility: "public", metadata } as const;
    const { room } = await createRoom(chat, ann, { ...open, user_ids: [bob.user_id] });
    expect(room.metadata).toEqual(metadata);
    expect((await getRoom(chat, bob, { room_id: room.id })).metadata).toEqual(metadata);
    expect((await listRooms(chat, bob)).items.find(({ id }) => id === room.id)?.metadata).toEqual(metadata);
    await here.live.look();
    expect((await seat.when((frame) => frame.type === "room" && frame.room.id === room.id)) as object).toMatchObject({ room: { metadata } });
    const [seen] = (await listPublicRooms(chat, cy)).items.filter(({ id }) => id === room.id);
    expect([seen?.name, seen && "metadata" in seen]).toEqual(["orders", false]);
    expect("metadata" in (await getRoom(chat, bob, { room_id: here.room.id }))).toBe(false);
  });

  test("is changed as a whole by who runs the room, told once, and taken away by null", async () => {
    const { chat, ann, bob, room } = here;
    const seat = await here.seat(bob);
    const place = { room_id: room.id };
    const told = async () => (await seat.heard("room")).map((frame) => frame.room.metadata);
    expect(await refusalOf(patchRoom(chat, bob, { ...place, metadata }))).toBe("forbidden");
    expect((await patchRoom(chat, ann, { ...place, metadata })).metadata).toEqual(metadata);
    expect((await patchRoom(chat, ann, { ...place, metadata })).last_rev).toBe(room.last_rev + 1);
    expect((await patchRoom(chat, ann, { ...place, description: "also" })).metadata).toEqual(metadata);
    expect("metadata" in (await patchRoom(chat, ann, { ...place, metadata: null }))).toBe(false);
    expect(await told()).toEqual([metadata, metadata, undefined]);
  });

  test("is held to the limits of a message's meta, and to the tenant's own", async () => {
    const { chat, ann, bob, room } = here;
    const of = (bytes: number) => ({ k: "x".repeat(bytes - '{"k":""}'.length) });
    const place = { room_id: room.id };
    expect((await patchRoom(chat, ann, { ...place, metadata: of(16_384) })).metadata).toBeDefined();
    expect(await refusalOf(patchRoom(chat, ann, { ...place, metadata: of(16_385) }))).toBe("too_large");
    expect(await refusalOf(group(ann, "large", bob, { metadata: of(16_385) }))).toBe("too_large");
    expect(await refusalOf(patchRoom(chat, ann, { ...place, metadata: { odd: "\uD800" } }))).toBe("invalid");
    await patchConfig(chat, ann, { limits: { meta_bytes: 100 } });
    expect(await refusalOf(patchRoom(chat, ann, { ...place, metadata: of(101) }))).toBe("too_large");
    expect((await patchRoom(chat, ann, { ...place, metadata: of(100) })).metadata).toEqual(of(100));
  });
});

test("a greeting holds a hundred rooms in a frame, and fewer where much is kept with them", async () => {
  const { room } = here;
  const sizes = (rooms: (typeof room)[]) => greetingOf(rooms).map((frame) => frame.length);
  expect(sizes([])).toEqual([0]);
  expect(sizes(Array.from({ length: 100 }, () => room))).toEqual([100]);
  expect(sizes(Array.from({ length: 201 }, () => room))).toEqual([100, 100, 1]);
  const heavy = { ...room, metadata: { k: "x".repeat(16_000) } };
  expect(sizes([heavy, heavy, heavy, room, heavy])).toEqual([2, 3]);
  expect(sizes([{ ...room, metadata: { k: "x".repeat(40_000) } }, room])).toEqual([1, 1]);
});
