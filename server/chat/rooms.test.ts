import { afterAll, beforeAll, expect, test } from "bun:test";
import { earOf } from "../testing/ear.ts";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { postMessage } from "./messages.ts";
import { createRoom, getRoom, listPublicRooms, listRooms, patchRoom } from "./rooms.ts";

let here: World;
beforeAll(async () => {
  here = await world();
});
afterAll(() => here.dispose());

test("two people who open their dm at the same moment are in one room", async () => {
  const { chat, ann, bob } = here;
  const [a, b] = await Promise.all([
    createRoom(chat, ann, { type: "dm", user_ids: [bob.user_id] }),
    createRoom(chat, bob, { type: "dm", user_ids: [ann.user_id] }),
  ]);
  expect(a.room.id).toBe(b.room.id);
  expect([a, b].filter(({ created }) => created)).toHaveLength(1);
  expect(a.room.user_ids).toEqual([ann.user_id, bob.user_id]);
});

test("ids that hold the separator do not name another pair", async () => {
  const { chat, person } = here;
  const [a, b, c, d] = [
    await person("tenant-one", "x"),
    await person("tenant-one", "x-id:y"),
    await person("tenant-one", "y"),
    await person("tenant-one", "z"),
  ];
  const one = await createRoom(chat, a, { type: "dm", user_ids: [b.user_id] });
  const other = await createRoom(chat, c, { type: "dm", user_ids: [d.user_id] });
  expect(one.room.id).not.toBe(other.room.id);
});

test("a channel's name is taken once, whatever its case, and in another workspace again", async () => {
  const { chat, ann, bob, mallory } = here;
  const channel = (name: string) => ({ type: "channel", name, visibility: "public" }) as const;
  expect((await createRoom(chat, ann, channel("harbour"))).created).toBe(true);
  expect(await refusalOf(createRoom(chat, bob, channel("Harbour")))).toBe("conflict");
  expect(await refusalOf(createRoom(chat, mallory, channel("harbour")))).toBe("not refused");
  const { room } = await createRoom(chat, ann, channel("other"));
  expect(await refusalOf(patchRoom(chat, ann, { room_id: room.id, name: "HARBOUR" }))).toBe("conflict");
});

test("people who are not of the workspace cannot be named", async () => {
  const { chat, ann, mallory, cy } = here;
  expect(await refusalOf(createRoom(chat, ann, { type: "group", user_ids: [cy.user_id] }))).toBe("not refused");
  expect(await refusalOf(createRoom(chat, ann, { type: "group", user_ids: [mallory.user_id] }))).toBe("invalid");
  expect(await refusalOf(createRoom(chat, ann, { type: "group", user_ids: ["nobody"] }))).toBe("invalid");
});

test("one's list holds one's rooms; public channels are listed to all of the workspace and to nobody else", async () => {
  const { chat, ann, cy, mallory, room } = here;
  const names = (rooms: { items: { name: string | null }[] }) => rooms.items.map(({ name }) => name);
  expect(names(await listRooms(chat, ann))).toContain("quay");
  expect(names(await listRooms(chat, cy))).not.toContain("quay");
  expect(names(await listPublicRooms(chat, cy))).toContain("harbour");
  expect(names(await listPublicRooms(chat, cy))).not.toContain("quay");
  const theirs = await listPublicRooms(chat, mallory);
  expect(theirs.items.map(({ id }) => id)).not.toContain(room.id);
  expect(names(theirs)).toEqual(["harbour"]);
});

test("one's list says when somebody last wrote in a conversation, and nothing of channels or of one that is still empty", async () => {
  const { chat, clock, ann, bob, cy, room } = here;
  const { room: dm } = await createRoom(chat, ann, { type: "dm", user_ids: [bob.user_id] });
  const { room: quiet } = await createRoom(chat, ann, { type: "group", user_ids: [bob.user_id, cy.user_id] });
  await postMessage(chat, bob, draftFor(dm, "the first"));
  clock.advance(60_000);
  await postMessage(chat, bob, draftFor(dm, "the last"));
  await postMessage(chat, ann, draftFor(room, "in the channel"));
  const told = new Map((await listRooms(chat, ann)).items.map(({ id, last_at }) => [id, last_at]));
  expect(told.get(dm.id)).toBe(new Date(chat.now()).toISOString());
  expect([told.get(quiet.id), told.get(room.id)]).toEqual([undefined, undefined]);
});

test("public channels come in pages", async () => {
  const { chat, cy } = here;
  const whole = (await listPublicRooms(chat, cy)).items.map(({ id }) => id);
  const first = await listPublicRooms(chat, cy, { limit: 1 });
  const rest = await listPublicRooms(chat, cy, { limit: 200, cursor: first.next_cursor ?? "" });
  expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(whole);
});

test("who runs a room changes it; members do not; what is already so takes no rev", async () => {
  const { chat, ann, bob, cy, room } = here;
  const ear = earOf(chat);
  const before = await getRoom(chat, ann, { room_id: room.id });
  expect(await refusalOf(patchRoom(chat, bob, { room_id: room.id, name: "no" }))).toBe("forbidden");
  expect(await refusalOf(patchRoom(chat, cy, { room_id: room.id, name: "no" }))).toBe("not_found");
  await patchRoom(chat, ann, { room_id: room.id, name: "quay" });
  expect(ear.rows).toEqual([]);
  const after = await patchRoom(chat, ann, { room_id: room.id, description: "where boats lie" });
  expect([after.description, after.last_rev]).toEqual(["where boats lie", before.last_rev + 1]);
  expect(ear.rows.map(({ type }) => type)).toEqual(["room"]);
  expect(ear.rows.every((row) => row.type === "room" && row.room.me === undefined)).toBe(true);
});
