/** What happens to a tenant is known to each of its sockets, wherever it is open, and to nobody else's. */
import { afterEach, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { acknowledge } from "../chat/acks.ts";
import { createLimiter } from "../chat/limiter.ts";
import { postMessage } from "../chat/messages.ts";
import { createRoom } from "../chat/rooms.ts";
import { closeTenant, createTenant, patchTenant } from "../chat/tenancy.ts";
import { patchConfig } from "../chat/tenant-config.ts";
import { twoInstances } from "../testing/instances.ts";
import { type House, house, type Seat } from "../testing/seat.ts";
import { draftFor } from "../testing/world.ts";

let dispose = async (): Promise<void> => {};
afterEach(() => dispose());

async function opened(): Promise<House> {
  const here = await house();
  dispose = here.dispose;
  return here;
}

describe("a tenant that is closed", () => {
  test("loses its sockets at once, and those of others stay", async () => {
    const here = await opened();
    const [mallory, ann] = [await here.seat(here.mallory), await here.seat(here.ann)];
    await closeTenant(here.chat, { tenant_id: "tenant-two" });
    expect(await mallory.closed).toBe(4202);
    await expect(here.seat(here.mallory)).rejects.toThrow("closed 4202");
    await here.live.look();
    await acknowledge(here.chat, here.ann, { room_id: here.room.id, seq: 0 });
    expect((await ann.heard("hello")).length).toBe(1);
  });

  test("loses those at another instance with its next look, without a bell", async () => {
    const both = await twoInstances();
    dispose = both.dispose;
    const [mallory, ann] = [await both.there.seat(both.mallory), await both.there.seat(both.ann)];
    await closeTenant(both.here.chat, { tenant_id: "tenant-two" });
    await both.there.live.lookAtRights();
    expect(await mallory.closed).toBe(4202);
    expect((await ann.heard("hello")).length).toBe(1);
  });

  test("is found closed also when its clock was behind, and twice within one millisecond", async () => {
    const here = await opened();
    const mallory = await here.seat(here.mallory);
    await here.live.lookAtRights();
    const other = await createTenant(here.chat, { name: "Other" }); // the newest row is not hers
    await patchTenant(here.chat, { tenant_id: "tenant-two", name: "Again" });
    await patchTenant(here.chat, { tenant_id: other.id, name: "Other again" });
    here.clock.advance(-30_000);
    await closeTenant(here.chat, { tenant_id: "tenant-two" });
    expect(await mallory.closed).toBe(4202);
  });
});

describe("how far somebody has read", () => {
  const on = (here: House, receipts: boolean) => patchConfig(here.chat, here.ann, { receipts });
  const acksOf = async (seat: Seat) => (await seat.heard("ack")).map(({ user_id, seq }) => [user_id, seq]);

  test("is told to the other members where receipts are on, and to nobody else; where they are off only to one's own sockets", async () => {
    const here = await opened();
    const { chat, ann, bob, cy, room } = here;
    for (let i = 0; i < 2; i += 1) await postMessage(chat, ann, draftFor(room, "look"));
    const [anns, bobs, cys] = [await here.seat(ann), await here.seat(bob), await here.seat(cy)];
    const ack = (seq: number) => acknowledge(chat, bob, { room_id: room.id, seq });
    await ack(1);
    expect([await acksOf(anns), await acksOf(bobs), await acksOf(cys)]).toEqual([[], [[bob.user_id, 1]], []]);
    await on(here, true);
    await ack(2);
    expect(await acksOf(anns)).toEqual([[bob.user_id, 2]]);
    expect(new Set(await acksOf(bobs))).toContainEqual([bob.user_id, 2]);
    expect(await acksOf(cys)).toEqual([]);
    await on(here, false);
    await postMessage(chat, ann, draftFor(room, "again"));
    await ack(3);
    expect((await acksOf(anns)).filter(([user_id]) => user_id === bob.user_id)).toEqual([[bob.user_id, 2]]);
    expect(await acksOf(bobs)).toContainEqual([bob.user_id, 3]);
  });

  test("is told in a room of two hundred, and in a larger one to nobody: there each would be told of everybody", async () => {
    const here = await opened();
    const { chat, ann, bob, room } = here;
    const { rooms } = chat.store.t;
    await on(here, true);
    for (let i = 0; i < 2; i += 1) await postMessage(chat, ann, draftFor(room, "look"));
    const anns = await here.seat(ann);
    for (const [seq, member_count] of [
      [1, 200],
      [2, 201],
    ] as const) {
      await chat.store.write(async (tx) => void (await tx.update(rooms).set({ member_count }).where(eq(rooms.id, room.id))));
      await acknowledge(chat, bob, { room_id: room.id, seq });
    }
    expect(await acksOf(anns)).toEqual([[bob.user_id, 1]]);
  });

  test("is told by an instance where nobody switched receipts on, from its next look", async () => {
    const both = await twoInstances();
    dispose = both.dispose;
    const { ann, bob, room } = both;
    await postMessage(both.here.chat, ann, draftFor(room, "look"));
    await patchConfig(both.here.chat, ann, { receipts: true });
    const anns = await both.there.seat(ann);
    await both.there.live.lookAtRights();
    await acknowledge(both.there.chat, bob, { room_id: room.id, seq: 1 });
    expect(await anns.when((frame) => frame.type === "ack" && frame.user_id === bob.user_id)).toMatchObject({ seq: 1 });
  });
});

test("a tenant that lets its people send less often is obeyed on open sockets, and another tenant is not", async () => {
  const here = await house({ sends: createLimiter({ per_second: 10, burst: 20 }) });
  dispose = here.dispose;
  const { chat, ann, bob, mallory, room } = here;
  const { room: hers } = await createRoom(chat, mallory, { type: "channel", name: "hers", visibility: "private" });
  const [bobs, mallorys] = [await here.seat(bob), await here.seat(mallory)];
  await patchConfig(chat, ann, { sends_per_second: 1 });
  const say = async (seat: Seat, room_id: string) => {
    const answer = await seat.ask({ type: "message", ...draftFor({ id: room_id }, "again") });
    return answer.type === "error" ? answer.code : answer.type;
  };
  expect([await say(bobs, room.id), await say(bobs, room.id), await say(bobs, room.id)]).toEqual(["ok", "ok", "rate_limited"]);
  expect([await say(mallorys, hers.id), await say(mallorys, hers.id), await say(mallorys, hers.id)]).toEqual(["ok", "ok", "ok"]);
  here.clock.advance(1_000);
  expect([await say(bobs, room.id), await say(bobs, room.id)]).toEqual(["ok", "rate_limited"]);
});
