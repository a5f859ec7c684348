/** Two workspaces in which everything that can be equal is: people, names, dms, client_ids. What one says and does is nothing to the other. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { acknowledge } from "../chat/acks.ts";
import { addMember, removeMember } from "../chat/membership.ts";
import { pageMessages, postMessage } from "../chat/messages.ts";
import { noteTyping, presenceOf } from "../chat/presence.ts";
import type { SignedInPrincipal } from "../chat/principal.ts";
import { createRoom, getRoom, listRooms } from "../chat/rooms.ts";
import { endSignIn } from "../chat/sign-ins.ts";
import { patchMe, patchUser } from "../chat/users.ts";
import type { Room } from "../protocol.ts";
import { type House, house } from "../testing/seat.ts";
import { draft } from "../testing/world.ts";

type Side = { ann: SignedInPrincipal; bob: SignedInPrincipal; channel: Room; dm: Room };
let here: House;
let one: Side;
let two: Side;
beforeAll(async () => {
  here = await house();
  const two_ann = await here.person("tenant-two", "ann", "owner");
  const two_bob = await here.person("tenant-two", "bob");
  one = await sideOf(here.ann, here.bob);
  two = await sideOf(two_ann, two_bob);
});
afterAll(() => here.dispose());

async function sideOf(ann: SignedInPrincipal, bob: SignedInPrincipal): Promise<Side> {
  const { room: channel } = await createRoom(here.chat, ann, { type: "channel", name: "Same Name", visibility: "private", user_ids: [bob.user_id] });
  const { room: dm } = await createRoom(here.chat, ann, { type: "dm", user_ids: [bob.user_id] });
  return { ann, bob, channel, dm };
}

test("equal ids in two workspaces never meet: interleaved, each side stores, hears, counts and sees its own alone", async () => {
  expect([one.ann.user_id, one.bob.user_id]).toEqual([two.ann.user_id, two.bob.user_id]);
  expect(new Set([one.channel.id, two.channel.id, one.dm.id, two.dm.id]).size).toBe(4);
  const [first, second] = [await here.seat(one.bob), await here.seat(two.bob)];
  const said = Array.from({ length: 10 }, (_, i) => draft(`said ${i}`));
  for (const { client_id, content } of said) {
    for (const [side, name] of [
      [one, "one"],
      [two, "two"],
    ] as const) {
      for (const room of [side.channel, side.dm]) {
        const { message, duplicate } = await postMessage(here.chat, side.ann, { room_id: room.id, client_id, content: `${name} ${content}` });
        expect([duplicate, "content" in message && message.content]).toEqual([false, `${name} ${content}`]);
        const again = await postMessage(here.chat, side.ann, { room_id: room.id, client_id, content: "changed" });
        expect(again).toEqual({ message, duplicate: true });
      }
    }
  }
  const wanted = (name: string) => said.flatMap(({ content }) => [`${name} ${content}`, `${name} ${content}`]);
  expect([await first.contents(), await second.contents()]).toEqual([wanted("one"), wanted("two")]);
  for (const [side, name] of [
    [one, "one"],
    [two, "two"],
  ] as const) {
    const { items, users } = await pageMessages(here.chat, side.bob, { room_id: side.channel.id });
    expect(items.map(({ content, seq }) => `${seq} ${content}`)).toEqual(said.map(({ content }, i) => `${i + 1} ${name} ${content}`));
    expect(users).toHaveLength(1);
    expect((await listRooms(here.chat, side.bob)).items.map(({ id }) => id).sort()).toEqual(
      expect.arrayContaining([side.channel.id, side.dm.id].sort()),
    );
  }
  await first.close();
  await second.close();
});

test("what one side does with its equals is not felt on the other: acks, typing, names, roles, removal, presence, sign-ins", async () => {
  const [first, second] = [await here.seat(one.bob), await here.seat(two.bob)];
  await second.heard("pong");
  const before = second.frames.length;
  await acknowledge(here.chat, one.bob, { room_id: one.channel.id, seq: 3 });
  await noteTyping(here.chat, one.ann, { room_id: one.channel.id, is_typing: true });
  await patchMe(here.chat, one.ann, { display_name: "Another Ann" });
  await removeMember(here.chat, one.ann, { room_id: one.channel.id, user_id: one.bob.user_id });
  await addMember(here.chat, one.ann, { room_id: one.channel.id, user_id: one.bob.user_id });
  await patchUser(here.chat, one.ann, { user_id: one.bob.user_id, role: "admin" });
  for (const type of ["ack", "typing", "user", "member", "room"] as const) expect((await first.when((frame) => frame.type === type)).type).toBe(type);
  await second.heard("pong");
  expect(second.frames.slice(before).filter(({ type }) => type !== "pong")).toEqual([]);
  expect((await getRoom(here.chat, two.bob, { room_id: two.channel.id })).me).toMatchObject({ acked_seq: 0, role: "member" });

  const seen = async (side: Side) =>
    (await presenceOf(here.chat, side.ann, { room_id: side.channel.id })).map(({ user_id, status }) => `${user_id} ${status}`);
  await endSignIn(here.chat, one.bob, one.bob.via);
  expect(await first.closed).toBe(4201);
  here.clock.advance(6_000);
  expect(await seen(one)).toContain("bob-id offline");
  expect(await seen(two)).toContain("bob-id active");
  expect((await second.ask({ type: "ack", room_id: two.channel.id, seq: 10 })).type).toBe("ok");
  expect(await second.ask({ type: "ack", room_id: one.channel.id, seq: 1 })).toMatchObject({ type: "error", code: "not_found" });
});
