import { afterAll, beforeAll, expect, test } from "bun:test";
import { earOf } from "../testing/ear.ts";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { listMembers } from "./members.ts";
import { addMember, joinRoom, leaveRoom, removeMember, setMemberRole } from "./membership.ts";
import { pageMessages, postMessage } from "./messages.ts";
import { createRoom, getRoom } from "./rooms.ts";
import { patchMe, patchUser } from "./users.ts";

let here: World;
beforeAll(async () => {
  here = await world();
});
afterAll(() => here.dispose());

const channel = async (name: string, visibility: "public" | "private" = "private") => {
  const { chat, ann, bob } = here;
  return (await createRoom(chat, ann, { type: "channel", name, visibility, user_ids: [bob.user_id] })).room;
};

test("who was removed reads and posts nothing more, and the room is told once", async () => {
  const { chat, ann, bob } = here;
  const room = await channel("removal");
  await postMessage(chat, bob, draftFor(room, "while in"));
  const ear = earOf(chat);
  await removeMember(chat, ann, { room_id: room.id, user_id: bob.user_id });
  expect(await refusalOf(pageMessages(chat, bob, { room_id: room.id }))).toBe("not_found");
  expect(await refusalOf(postMessage(chat, bob, draftFor(room, "after")))).toBe("not_found");
  expect(ear.rows.map(({ type }) => type)).toEqual(["member", "room"]);
  expect(ear.users.map(({ user_id }) => user_id)).toEqual([bob.user_id]);
  expect((await getRoom(chat, ann, { room_id: room.id })).member_count).toBe(1);
});

test("removing is for those who run the room, leaving for oneself, and not from a dm", async () => {
  const { chat, ann, bob, cy } = here;
  const room = await channel("leaving");
  expect(await refusalOf(removeMember(chat, bob, { room_id: room.id, user_id: ann.user_id }))).toBe("forbidden");
  expect(await refusalOf(removeMember(chat, ann, { room_id: room.id, user_id: cy.user_id }))).toBe("not_found");
  expect(await refusalOf(removeMember(chat, cy, { room_id: room.id, user_id: bob.user_id }))).toBe("not_found");
  expect(await refusalOf(leaveRoom(chat, bob, { room_id: room.id }))).toBe("not refused");
  const { room: dm } = await createRoom(chat, ann, { type: "dm", user_ids: [bob.user_id] });
  expect(await refusalOf(leaveRoom(chat, bob, { room_id: dm.id }))).toBe("forbidden");
});

test("a public channel is joined by any of the workspace, a private one only by being added", async () => {
  const { chat, bob, cy, mallory } = here;
  const open = await channel("open", "public");
  const shut = await channel("shut");
  expect((await joinRoom(chat, cy, { room_id: open.id, level: "all" })).user_id).toBe(cy.user_id);
  expect((await getRoom(chat, cy, { room_id: open.id })).me).toMatchObject({ level: "all", role: "member" });
  expect(await refusalOf(joinRoom(chat, cy, { room_id: shut.id }))).toBe("not_found");
  expect(await refusalOf(joinRoom(chat, mallory, { room_id: open.id }))).toBe("not_found");
  expect((await addMember(chat, bob, { room_id: shut.id, user_id: cy.user_id })).user_id).toBe(cy.user_id);
  expect(await refusalOf(addMember(chat, bob, { room_id: shut.id, user_id: mallory.user_id }))).toBe("invalid");
});

test("adding twice, or at once, makes one member", async () => {
  const { chat, ann, cy } = here;
  const room = await channel("once");
  await Promise.all([
    addMember(chat, ann, { room_id: room.id, user_id: cy.user_id }),
    addMember(chat, ann, { room_id: room.id, user_id: cy.user_id }),
  ]);
  expect((await getRoom(chat, ann, { room_id: room.id })).member_count).toBe(3);
  expect((await listMembers(chat, ann, { room_id: room.id })).items).toHaveLength(3);
});

test("only the owner hands ownership over; when the owner leaves, the longest-serving admin follows", async () => {
  const { chat, ann, bob, cy } = here;
  const room = await channel("heirs");
  const owner = async () => (await getRoom(chat, cy, { room_id: room.id })).owner_id;
  await addMember(chat, ann, { room_id: room.id, user_id: cy.user_id });
  expect(await refusalOf(setMemberRole(chat, bob, { room_id: room.id, user_id: cy.user_id, role: "admin" }))).toBe("forbidden");
  await setMemberRole(chat, ann, { room_id: room.id, user_id: cy.user_id, role: "admin" });
  expect(await refusalOf(setMemberRole(chat, cy, { room_id: room.id, user_id: bob.user_id, role: "owner" }))).toBe("forbidden");
  await setMemberRole(chat, ann, { room_id: room.id, user_id: bob.user_id, role: "owner" });
  expect(await owner()).toBe(bob.user_id);
  await leaveRoom(chat, bob, { room_id: room.id });
  expect(await owner()).toBe(ann.user_id);
});

test("members come in pages, to members only", async () => {
  const { chat, ann, mallory } = here;
  const room = await channel("listed", "public");
  const first = await listMembers(chat, ann, { room_id: room.id, limit: 1 });
  const second = await listMembers(chat, ann, { room_id: room.id, limit: 1, cursor: first.next_cursor ?? "" });
  expect([...first.items, ...second.items].map(({ user }) => user.username)).toEqual(["ann", "bob"]);
  expect(second.next_cursor).toBeUndefined();
  expect(await refusalOf(listMembers(chat, mallory, { room_id: room.id }))).toBe("not_found");
});

test("members are found by the beginning of any word of their name, those of this room alone", async () => {
  const { chat, ann, bob, cy, mallory } = here;
  const room = await channel("sought");
  await patchMe(chat, bob, { display_name: "Bob Okafor" });
  await patchMe(chat, cy, { display_name: "Cy Okafor" });
  const found = async (q: string) => (await listMembers(chat, ann, { room_id: room.id, q })).items.map(({ user }) => user.id);
  expect(await found("oka")).toEqual([bob.user_id]);
  expect(await found("kafor")).toEqual([]);
  await addMember(chat, ann, { room_id: room.id, user_id: cy.user_id });
  expect(await found("OKÁ")).toEqual([bob.user_id, cy.user_id].sort());
  await leaveRoom(chat, cy, { room_id: room.id });
  expect(await found("oka")).toEqual([bob.user_id]);
  expect(await refusalOf(listMembers(chat, mallory, { room_id: room.id, q: "oka" }))).toBe("not_found");
});

test("a ticket bound to one room opens that room alone", async () => {
  const { chat, ann, room } = here;
  const other = await channel("other-room");
  const narrow = { ...ann, room_id: room.id };
  expect((await getRoom(chat, narrow, { room_id: room.id })).id).toBe(room.id);
  expect(await refusalOf(getRoom(chat, narrow, { room_id: other.id }))).toBe("not_found");
  expect(await refusalOf(createRoom(chat, narrow, { type: "channel", name: "x", visibility: "public" }))).toBe("forbidden");
});

test("a room whose owner leaves passes to somebody who may come in, if there is one", async () => {
  const { chat, ann, bob, cy } = here;
  const room = await channel("inheritance");
  const ownerOf = async () => (await listMembers(chat, cy, { room_id: room.id })).items.find(({ member }) => member.role === "owner")?.user.id;
  await addMember(chat, ann, { room_id: room.id, user_id: cy.user_id });
  await setMemberRole(chat, ann, { room_id: room.id, user_id: bob.user_id, role: "admin" });
  await patchUser(chat, ann, { user_id: bob.user_id, disabled: true });
  await leaveRoom(chat, ann, { room_id: room.id });
  expect(await ownerOf()).toBe(cy.user_id);
  await patchUser(chat, ann, { user_id: bob.user_id, disabled: false });
  await leaveRoom(chat, cy, { room_id: room.id });
  expect((await listMembers(chat, bob, { room_id: room.id })).items.map(({ member }) => member.role)).toEqual(["owner"]);
});
