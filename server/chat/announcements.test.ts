/** Channels where only those who run them post, at the verbs: what the doors make of it stands in their rights matrices. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { setMemberRole } from "./membership.ts";
import { editMessage, postMessage, removeMessage } from "./messages.ts";
import { createRoom, getRoom, patchRoom } from "./rooms.ts";
import { patchUser } from "./users.ts";

let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

const closeTo = (posting: "admins" | "everyone") => patchRoom(here.chat, here.ann, { room_id: here.room.id, posting });

test("in an announcement channel only those who run it post; whoever wrote there before mends and removes what is theirs", async () => {
  const { chat, ann, bob, room } = here;
  const { message } = await postMessage(chat, bob, draftFor(room, "before"));
  expect((await closeTo("admins")).posting).toBe("admins");
  expect(await refusalOf(postMessage(chat, bob, draftFor(room, "after")))).toBe("forbidden");
  expect(await refusalOf(postMessage(chat, bob, draftFor(room, "after", { reply_to: message.id })))).toBe("forbidden");
  await postMessage(chat, ann, draftFor(room, "announced", { reply_to: message.id }));
  const place = { room_id: room.id, message_id: message.id };
  expect((await editMessage(chat, bob, { ...place, content: "mended" })).content).toBe("mended");
  expect((await removeMessage(chat, bob, place)).removed_at).toBeDefined();
  expect((await closeTo("everyone")).posting).toBeUndefined();
  expect(await refusalOf(postMessage(chat, bob, draftFor(room, "again")))).toBe("not refused");
});

test("a retry of what was stored before it became one hears of the message, not of a refusal", async () => {
  const { chat, bob, room } = here;
  const draft = draftFor(room, "once");
  const first = await postMessage(chat, bob, draft);
  await closeTo("admins");
  expect(await postMessage(chat, bob, draft)).toMatchObject({ duplicate: true, message: { id: first.message.id } });
});

test("the change holds for a post whose right was asked before it: it is asked again under the room's lock", async () => {
  const { chat, bob, room } = here;
  await postMessage(chat, bob, draftFor(room, "known by now"));
  chat.hooks.bind("message.posting", async ({ draft }) => {
    if (draft.content === "between") await closeTo("admins");
  });
  expect(await refusalOf(postMessage(chat, bob, draftFor(room, "between")))).toBe("forbidden");
  expect((await getRoom(chat, bob, { room_id: room.id })).last_seq).toBe(1);
});

test("who is made an admin of the room posts at once, and who is made a member again does not", async () => {
  const { chat, ann, bob, room } = here;
  await closeTo("admins");
  const be = (role: "admin" | "member") => setMemberRole(chat, ann, { room_id: room.id, user_id: bob.user_id, role });
  await be("admin");
  expect(await refusalOf(postMessage(chat, bob, draftFor(room, "as an admin")))).toBe("not refused");
  await be("member");
  expect(await refusalOf(postMessage(chat, bob, draftFor(room, "as a member")))).toBe("forbidden");
});

test("a workspace admin posts, and no longer once they are a member: what they were when they signed in does not count", async () => {
  const { chat, ann, person } = here;
  const dan = await person("tenant-one", "dan", "admin");
  const { room } = await createRoom(chat, ann, { type: "channel", name: "news", visibility: "public", user_ids: [dan.user_id] });
  await patchRoom(chat, ann, { room_id: room.id, posting: "admins" });
  expect(await refusalOf(postMessage(chat, dan, draftFor(room, "as an admin")))).toBe("not refused");
  await patchUser(chat, ann, { user_id: dan.user_id, role: "member" });
  expect(await refusalOf(postMessage(chat, dan, draftFor(room, "as a member")))).toBe("forbidden");
});

test("a group and a dm have no announcements, and a change to what is already so takes no rev", async () => {
  const { chat, ann, bob, cy } = here;
  const group = await createRoom(chat, ann, { type: "group", user_ids: [bob.user_id, cy.user_id] });
  expect(await refusalOf(patchRoom(chat, ann, { room_id: group.room.id, posting: "admins" }))).toBe("invalid");
  const dm = await createRoom(chat, ann, { type: "dm", user_ids: [bob.user_id] });
  expect(await refusalOf(patchRoom(chat, ann, { room_id: dm.room.id, posting: "admins" }))).toBe("forbidden");
  const { rev } = await closeTo("admins");
  expect((await closeTo("admins")).rev).toBe(rev);
});
