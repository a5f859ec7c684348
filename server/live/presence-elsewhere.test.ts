/** Two instances over one Postgres: whoever is at one of them is here for the other too, until they have left both. */
import { afterEach, describe, expect, test } from "bun:test";
import { presenceOf } from "../chat/presence.ts";
import { createRoom, roomsOf } from "../chat/rooms.ts";
import { sweep } from "../chat/sweep.ts";
import type { Seat } from "../testing/seat.ts";
import { type Instance, type TwoInstances, twoInstances } from "../testing/instances.ts";
import { HEARTBEAT_MS } from "./told.ts";

let both: TwoInstances;
afterEach(() => both.dispose());

describe("who is here, over two instances", () => {
  const statusAt = async (instance: Instance, user_id: string) =>
    (await presenceOf(instance.chat, both.ann, { room_id: both.room.id })).find((one) => one.user_id === user_id)?.status;
  const presences = async (seat: Seat) =>
    (await seat.heard("presence")).flatMap(({ users }) => users.map(({ user_id, status }) => [user_id, status]));

  /** This instance goes on for so long, second by second; the other does not. */
  const beatHere = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      both.clock.advance(1_000);
      await both.here.live.beat();
    }
  };

  test("a socket at one is a presence at both, with its status; the last one gone is an absence at both after the grace", async () => {
    both = await twoInstances();
    const ann = await both.here.seat(both.ann);
    const first = await both.there.seat(both.bob);
    await both.beat();
    expect([await statusAt(both.here, "bob-id"), await statusAt(both.there, "bob-id")]).toEqual(["active", "active"]);
    expect([await statusAt(both.here, "cy-id"), await statusAt(both.here, "ann-id")]).toEqual([undefined, "active"]);
    expect(await presences(ann)).toContainEqual(["bob-id", "active"]);
    await first.ask({ type: "presence", status: "away" });
    await both.beat();
    expect(await statusAt(both.here, "bob-id")).toBe("away");
    const second = await both.here.seat(both.bob);
    await first.close();
    await both.beat();
    both.clock.advance(6_000);
    await both.beat();
    expect([await statusAt(both.here, "bob-id"), await statusAt(both.there, "bob-id")]).toEqual(["active", "active"]);
    await second.close();
    await both.beat();
    both.clock.advance(6_000);
    await both.beat();
    expect([await statusAt(both.here, "bob-id"), await statusAt(both.there, "bob-id")]).toEqual(["offline", "offline"]);
    expect((await presences(ann)).filter(([user_id]) => user_id === "bob-id")).toEqual([
      ["bob-id", "active"],
      ["bob-id", "away"],
      ["bob-id", "active"],
      ["bob-id", "offline"],
    ]);
  });

  test("online counts people, not sockets, and is the same number everywhere", async () => {
    both = await twoInstances();
    const { room } = await createRoom(both.here.chat, both.ann, { type: "group", user_ids: [both.bob.user_id, both.cy.user_id] });
    for (const instance of [both.here, both.here, both.there]) await instance.seat(both.bob);
    await both.there.seat(both.ann);
    await both.beat();
    for (const { chat } of [both.here, both.there]) expect((await roomsOf(chat, both.ann)).find(({ id }) => id === room.id)?.online).toBe(2);
  });

  test("who was on an instance that was killed is gone after two heartbeats, and when they were last here is kept", async () => {
    both = await twoInstances();
    const ann = await both.here.seat(both.ann);
    await both.there.seat(both.bob);
    await both.beat();
    await both.there.kill();
    await beatHere(2 * HEARTBEAT_MS - 1_000);
    expect(await statusAt(both.here, "bob-id")).toBe("active"); // it may only be slow
    await beatHere(1_000);
    expect(await statusAt(both.here, "bob-id")).toBe("offline");
    expect((await presences(ann)).at(-1)).toEqual(["bob-id", "offline"]);
    const [bob] = await presenceOf(both.here.chat, both.ann, { room_id: both.room.id }).then((all) =>
      all.filter(({ user_id }) => user_id === "bob-id"),
    );
    expect(bob?.last_seen_at).not.toBeNull();
  });

  test("an instance that was only slow is believed again as soon as it beats", async () => {
    both = await twoInstances();
    await both.there.seat(both.bob);
    await both.beat();
    await beatHere(2 * HEARTBEAT_MS);
    expect(await statusAt(both.here, "bob-id")).toBe("offline");
    await both.beat();
    expect(await statusAt(both.here, "bob-id")).toBe("active");
  });

  test("an instance that stops in order takes its sockets with it at once, after the grace of any departure", async () => {
    both = await twoInstances();
    await both.there.seat(both.bob);
    await both.beat();
    await both.there.roster.leaveElsewhere();
    await both.here.live.beat();
    expect(await statusAt(both.here, "bob-id")).toBe("active");
    both.clock.advance(5_000);
    expect(await statusAt(both.here, "bob-id")).toBe("offline");
  });

  test("ten sockets are ten over both: the oldest of more is closed wherever it is, and nobody else's", async () => {
    both = await twoInstances({ sockets_per_user: 4 });
    const cy = await both.there.seat(both.cy);
    const old = [await both.there.seat(both.bob), await both.there.seat(both.bob), await both.there.seat(both.bob), await both.there.seat(both.bob)];
    await both.beat();
    await both.here.seat(both.bob);
    await both.beat();
    expect(await old[0]?.closed).toBe(4002);
    await both.beat();
    for (const seat of old.slice(1)) expect((await seat.ask({ type: "ack", room_id: both.room.id, seq: 0 })).type).toBe("ok");
    expect((await cy.heard("hello")).length).toBe(1);
  });

  test("rows of closed sockets are deleted after a minute, and who has not looked for so long still finds out", async () => {
    both = await twoInstances();
    const first = await both.there.seat(both.bob);
    await both.beat();
    await first.close();
    for (let i = 0; i < 3; i += 1) {
      both.clock.advance(61_000);
      await both.there.live.beat();
    }
    const { ws_sessions } = both.chat.store.t;
    expect(await both.chat.store.read.select().from(ws_sessions)).toEqual([]);
    await both.here.live.beat();
    both.clock.advance(5_000);
    expect(await statusAt(both.here, "bob-id")).toBe("offline");
  });

  test("what a killed instance left is swept, what a living one told stays", async () => {
    both = await twoInstances();
    await both.there.seat(both.bob);
    await both.here.seat(both.ann);
    await both.beat();
    await both.there.kill();
    both.clock.advance(3_700_000);
    const ann = await both.here.seat(both.ann);
    await both.here.live.beat();
    await sweep(both.here.chat);
    const { instances, ws_sessions } = both.chat.store.t;
    expect((await both.chat.store.read.select().from(instances)).map(({ id }) => id)).toEqual(["here"]);
    expect(new Set((await both.chat.store.read.select().from(ws_sessions)).map(({ user_id }) => user_id))).toEqual(new Set(["ann-id"]));
    await ann.close();
  });
});
