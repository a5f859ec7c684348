import { afterAll, beforeAll, expect, test } from "bun:test";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { joinRoom, leaveRoom } from "./membership.ts";
import { postMessage } from "./messages.ts";
import { listMoves } from "./moves.ts";
import { createRoom } from "./rooms.ts";

let here: World;
beforeAll(async () => {
  here = await world();
});
afterAll(() => here.dispose());

test("who came and went between two messages is found by their revs, page by page, and who has left is among them", async () => {
  const { chat, ann, bob, cy } = here;
  const { room } = await createRoom(chat, ann, { type: "channel", name: "harbour", visibility: "public" });
  const place = { room_id: room.id };
  const revAfter = async (): Promise<number> => {
    const { message } = await postMessage(chat, ann, draftFor(room, "said"));
    return "rev" in message ? message.rev : 0;
  };
  const first = await revAfter();
  await joinRoom(chat, bob, place);
  await joinRoom(chat, cy, place);
  const second = await revAfter();
  await leaveRoom(chat, bob, place);
  const third = await revAfter();
  const moved = async (after_rev: number, until_rev?: number) =>
    (await listMoves(chat, ann, { ...place, after_rev, ...(until_rev !== undefined && { until_rev }) })).items.map(({ member, user }) => [
      user.id,
      member.left_at !== undefined,
    ]);
  expect(await moved(first, second)).toEqual([[cy.user_id, false]]); // bob's row has changed since
  expect(await moved(second, third)).toEqual([[bob.user_id, true]]);
  expect(await moved(first)).toEqual([
    [cy.user_id, false],
    [bob.user_id, true],
  ]);
  const page = await listMoves(chat, ann, { ...place, after_rev: first, limit: 1 });
  expect([page.items.map(({ user }) => user.id), (await moved(Number(page.next_cursor))).length]).toEqual([[cy.user_id], 1]);
  expect(await moved(third)).toEqual([]);
});

test("it is for those in the room: to who has left, to others and to strangers there is no room", async () => {
  const { chat, ann, bob, cy, mallory } = here;
  const { room } = await createRoom(chat, ann, { type: "channel", name: "closed", visibility: "private", user_ids: [bob.user_id] });
  const asked = { room_id: room.id, after_rev: 0 };
  expect((await listMoves(chat, bob, asked)).items.length).toBe(2);
  await leaveRoom(chat, bob, { room_id: room.id });
  for (const who of [bob, cy, mallory]) expect(await refusalOf(listMoves(chat, who, asked))).toBe("not_found");
});
