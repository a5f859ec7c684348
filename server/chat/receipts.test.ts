import { afterAll, beforeAll, expect, test } from "bun:test";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { acknowledge } from "./acks.ts";
import { joinRoom, leaveRoom } from "./membership.ts";
import { postMessage } from "./messages.ts";
import { listReceipts } from "./receipts.ts";
import { createRoom } from "./rooms.ts";
import { patchConfig } from "./tenant-config.ts";
import { getMe } from "./users.ts";

let here: World;
beforeAll(async () => {
  here = await world();
});
afterAll(() => here.dispose());

test("how far the others have read is told to who is in the room, where the workspace has receipts on, and nowhere else", async () => {
  const { chat, ann, bob, cy, mallory, clock } = here;
  const { room } = await createRoom(chat, ann, { type: "channel", name: "harbour", visibility: "public" });
  const place = { room_id: room.id };
  await joinRoom(chat, bob, place);
  for (const content of ["one", "two", "three"]) await postMessage(chat, ann, draftFor(room, content));
  await acknowledge(chat, bob, { ...place, seq: 2 });
  expect(await listReceipts(chat, ann, place)).toEqual([]);
  expect(await getMe(chat, ann)).not.toHaveProperty("receipts");
  await patchConfig(chat, ann, { receipts: true });
  expect((await getMe(chat, bob)).receipts).toBe(true);
  const [his] = await listReceipts(chat, ann, place);
  expect(his).toMatchObject({ user_id: bob.user_id, seq: 2 });
  clock.advance(60_000);
  await joinRoom(chat, cy, place);
  const receipts = await listReceipts(chat, ann, place);
  expect(receipts.map(({ user_id, seq }) => [user_id, seq])).toEqual([
    [bob.user_id, 2],
    [cy.user_id, 3], // by joining: `joined_at` says so
  ]);
  expect(receipts[1]?.joined_at).toBe(new Date(clock.now()).toISOString());
  expect((await listReceipts(chat, bob, place)).map(({ user_id }) => user_id)).toEqual([ann.user_id, cy.user_id]);
  await leaveRoom(chat, bob, place);
  expect((await listReceipts(chat, ann, place)).map(({ user_id }) => user_id)).toEqual([cy.user_id]);
  for (const who of [bob, mallory]) expect(await refusalOf(listReceipts(chat, who, place))).toBe("not_found");
  await patchConfig(chat, ann, { receipts: false });
  expect(await listReceipts(chat, ann, place)).toEqual([]);
});
