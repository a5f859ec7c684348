/** Who comes back and lacks nothing is level in all rooms by one question; where something was said or a right has ended while it is answered, that holds. */
import { afterEach, expect, test } from "bun:test";
import { and, eq } from "drizzle-orm";
import { removeMember } from "../chat/membership.ts";
import { postMessage } from "../chat/messages.ts";
import { createRoom } from "../chat/rooms.ts";
import { makeGate } from "../testing/gate.ts";
import { type House, house, type Seat } from "../testing/seat.ts";
import { draftFor } from "../testing/world.ts";

let here: House;
afterEach(() => here.dispose());

/** Rooms of ann's in which bob is, too. */
const makeRooms = (count: number, from = 0) =>
  Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const { room } = await createRoom(here.chat, here.ann, {
        type: "channel",
        name: `room ${from + i}`,
        visibility: "private",
        user_ids: [here.bob.user_id],
      });
      return room.id;
    }),
  );
const say = (room_id: string, content: string) => postMessage(here.chat, here.ann, draftFor({ id: room_id }, content));

/** A socket that has been told of its rooms, and where each of them is. */
async function greeted(): Promise<{ bob: Seat; rooms: [string, number][] }> {
  const bob = await here.seat(here.bob, { sync: false });
  return { bob, rooms: (await bob.heard("hello")).flatMap((hello) => hello.rooms.map(({ id, last_rev }): [string, number] => [id, last_rev])) };
}

/** From now on counts raw questions; the next one that `names` is answered, and what it answered is not heard before the gate is opened. */
function watchQuestions(names?: RegExp) {
  const gate = makeGate();
  const { ask } = here.chat.store.read;
  const asked = { count: 0, gate };
  let isHeld = names === undefined;
  const watched: typeof ask = async (island, values) => {
    asked.count += 1;
    const isIt = !isHeld && names?.test(island.text);
    if (isIt) isHeld = true;
    const rows = await ask(island, values);
    if (isIt) await gate.pass();
    return rows;
  };
  here.chat.store.read.ask = watched;
  return asked;
}

test("a socket that comes back level asks as much for forty rooms as for four, and hears each of them once", async () => {
  here = await house();
  await makeRooms(4);
  const asks = async (): Promise<number> => {
    await (await here.seat(here.bob)).close(); // each of them has a feed
    const { bob, rooms } = await greeted();
    const asked = watchQuestions();
    bob.say({ type: "sync", rooms });
    await bob.when(({ type }) => type === "caught_up");
    const { count } = asked;
    expect((await bob.heard("synced")).map(({ room_id, verdict }) => [room_id, verdict])).toEqual(rooms.map(([room_id]) => [room_id, "resumed"]));
    for (const [room_id] of rooms) await say(room_id, `in ${room_id}`);
    await bob.until(`in ${rooms.at(-1)?.[0]}`);
    expect(await bob.contents()).toEqual(rooms.map(([room_id]) => `in ${room_id}`));
    await bob.close();
    return count;
  };
  const few = await asks();
  await makeRooms(36, 4);
  const many = await asks();
  expect(many).toBe(few);
});

/** As an instance finds it that hears of the person before it hears of the room. */
async function endQuietly(room_id: string): Promise<void> {
  const { tenant_id, user_id } = here.bob;
  const { members } = here.chat.store.t;
  await here.chat.store.write((tx) =>
    tx
      .update(members)
      .set({ left_at: here.chat.now() })
      .where(and(eq(members.tenant_id, tenant_id), eq(members.room_id, room_id), eq(members.user_id, user_id))),
  );
  here.chat.backplane.ringUser({ tenant_id, user_id });
}

test.each([
  ["their room told", (room_id: string) => removeMember(here.chat, here.ann, { room_id, user_id: here.bob.user_id })],
  ["only their own bell told", endQuietly],
] as const)(
  "who is put out of a room while that question is answered, as %s, hears nothing of it, and the other rooms are theirs",
  async (_, putOut) => {
    here = await house();
    const [lost = "", ...kept] = await makeRooms(5);
    await (await here.seat(here.bob)).close();
    const { bob, rooms } = await greeted();
    const { gate } = watchQuestions(/CROSS JOIN rooms/u);
    bob.say({ type: "sync", rooms });
    await gate.reached;
    await putOut(lost);
    await bob.when((frame) => frame.type === "member" && frame.member.left_at !== undefined);
    gate.open();
    await bob.when(({ type }) => type === "caught_up");
    await say(lost, "without bob");
    for (const room_id of kept) await say(room_id, "with bob");
    expect(await bob.contents()).toEqual(kept.map(() => "with bob"));
    expect((await bob.heard("synced")).map(({ room_id }) => room_id).sort()).toEqual([here.room.id, ...kept].sort());
  },
);

test("what is said while that question is answered is told before the verdict, once, and the other rooms do not wait for it", async () => {
  here = await house();
  await makeRooms(5);
  await (await here.seat(here.bob)).close();
  const { bob, rooms } = await greeted();
  const [busy = "", behind = "", ...quiet] = rooms.map(([room_id]) => room_id).filter((room_id) => room_id !== here.room.id); // joined in the order of hello
  await say(behind, "before the sync");
  const { gate } = watchQuestions(/CROSS JOIN rooms/u);
  bob.say({ type: "sync", rooms });
  await gate.reached;
  await say(busy, "meanwhile");
  gate.open();
  await bob.when(({ type }) => type === "caught_up");
  for (const room_id of [busy, behind, ...quiet]) await say(room_id, "live");
  expect(await bob.contents()).toEqual(["meanwhile", "before the sync", "live", "live", "live", "live", "live"]);
  const told = bob.frames.flatMap((frame) => (frame.type === "message" ? [frame.message.room_id] : frame.type === "synced" ? [frame.room_id] : []));
  const before = told.slice(0, rooms.length + 2);
  expect(before.filter((room_id) => room_id === busy || room_id === behind)).toEqual([busy, busy, behind, behind]);
  expect(before.slice(0, quiet.length + 1).sort()).toEqual([here.room.id, ...quiet].sort());
});
