import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { listDeadLetters, retryDeadLetters } from "../chat/dead-letters.ts";
import { listNotifications, notify } from "../chat/notifications.ts";
import { pushDue } from "../chat/notification-pushes.ts";
import type { Principal } from "../chat/principal.ts";
import type { NewNotification } from "../protocol/notifications.ts";
import { type House, house, type Seat } from "../testing/seat.ts";
import { twoInstances } from "../testing/instances.ts";

const DAY_MS = 86_400_000;
let here: House;
beforeEach(async () => void (here = await house()));
afterEach(async () => {
  expect(here.faults).toEqual([]);
  await here.dispose();
});

const say = (word: string, targets: NewNotification["targets"]): Promise<unknown> =>
  notify(here.chat, here.ann, { topic: "tide", payload: { word }, targets });
const toBob = (word: string): Promise<unknown> => say(word, { user_ids: [here.bob.user_id] });
const words = async (seat: Seat): Promise<unknown[]> => (await seat.heard("notification")).map(({ payload }) => payload["word"]);
const until = (seat: Seat, word: string) => seat.when((frame) => frame.type === "notification" && frame.payload["word"] === word);
/** It has heard so many by now, and no more. */
const times = async (seat: Seat, count: number): Promise<void> => {
  const heard = () => seat.frames.filter(({ type }) => type === "notification").length;
  if (heard() < count) await seat.when(() => heard() >= count);
  await seat.heard("pong");
  expect(heard()).toBe(count);
};
const attemptsOf = async (who: Principal, state: "pending" | "dead" = "pending"): Promise<number[]> =>
  (await listNotifications(here.chat, who, { state })).items.map(({ attempts }) => attempts);
/** The loop's work, `ms` later. */
const later = async (ms: number): Promise<void> => {
  here.clock.advance(ms);
  await pushDue(here.chat);
};

describe("a notification", () => {
  test("is heard by every socket of its recipient, in the order of creation, and by nobody else", async () => {
    const [bob, tab, ann] = [await here.seat(here.bob), await here.seat(here.bob), await here.seat(here.ann)];
    for (const word of ["one", "two", "three"]) await toBob(word);
    for (const seat of [bob, tab]) await until(seat, "three");
    expect([await words(bob), await words(tab), await words(ann)]).toEqual([["one", "two", "three"], ["one", "two", "three"], []]);
    const [first] = await bob.heard("notification");
    expect(first).toEqual({
      type: "notification",
      notification_id: expect.any(String),
      topic: "tide",
      payload: { word: "one" },
      created_at: expect.any(String),
    });
    expect(await attemptsOf(here.bob)).toEqual([1, 1, 1]);
  });

  test("is kept for who is away and is sent, oldest first, after the rooms at their first sync alone", async () => {
    for (const word of ["one", "two"]) await toBob(word);
    const bob = await here.seat(here.bob, { sync: { type: "sync" } });
    expect(bob.frames.map(({ type }) => type).filter((type) => ["synced", "notification", "caught_up"].includes(type))).toEqual([
      "synced",
      "notification",
      "notification",
      "caught_up",
    ]);
    await bob.ask({ type: "sync", rooms: [] });
    expect(await words(bob)).toEqual(["one", "two"]);
  });

  test("waits for the first sync of a socket that has said nothing yet", async () => {
    const bob = await here.seat(here.bob, { sync: false });
    await toBob("one");
    expect([await words(bob), await attemptsOf(here.bob)]).toEqual([[], [0]]);
    bob.say({ type: "sync", rooms: [] });
    await until(bob, "one");
    expect(await words(bob)).toEqual(["one"]);
  });

  test("is not told to a socket whose ticket is bound to one room, which acknowledges none either", async () => {
    const [bound, bob] = [await here.seat({ ...here.bob, room_id: here.room.id }), await here.seat(here.bob)];
    await toBob("one");
    await until(bob, "one");
    expect(await words(bound)).toEqual([]);
    const [{ notification_id } = { notification_id: "" }] = await bob.heard("notification");
    expect(await bound.ask({ type: "notification_ack", notification_id })).toMatchObject({ type: "error", code: "not_found" });
    expect((await bob.ask({ type: "notification_ack", notification_id })).type).toBe("ok");
  });

  test("is not sent again once it is acknowledged, and one's other sockets are told", async () => {
    const [bob, tab] = [await here.seat(here.bob), await here.seat(here.bob)];
    await toBob("one");
    await until(bob, "one");
    const [{ notification_id } = { notification_id: "" }] = await bob.heard("notification");
    for (let i = 0; i < 2; i += 1) expect((await bob.ask({ type: "notification_ack", notification_id })).type).toBe("ok");
    expect(await tab.heard("notification_ack")).toEqual([{ type: "notification_ack", notification_id }]);
    await later(60_000);
    expect([await words(bob), await words(await here.seat(here.bob))]).toEqual([["one"], []]);
  });

  test("that would be thousands at once arrives whole: it waits for its reader", async () => {
    const word = "x".repeat(16_000);
    for (let i = 0; i < 120; i += 1) await toBob(word); // 1.9 MB; 96 KiB may wait for a reader
    const bob = await here.seat(here.bob);
    expect(await words(bob)).toHaveLength(120);
  });
});

describe("one that is not acknowledged", () => {
  test("is sent again with growing pauses to who is here, and is dead after the last", async () => {
    const died: unknown[] = [];
    const owed: unknown[] = [];
    here.chat.hooks.owing(({ event, detail }) => {
      owed.push([event, detail?.user_id]);
      return [];
    });
    here.chat.hooks.bind("delivery.died", ({ delivery }) => void died.push([delivery.target_id, delivery.event, delivery.last_error]));
    const bob = await here.seat(here.bob);
    await toBob("one");
    await times(bob, 1);
    for (const [ms, heard] of [
      [9_999, 1],
      [1, 2],
      [14_999, 2],
      [1, 3],
      [14_999, 3],
      [1, 3],
    ] as const) {
      // 10 s, 25 s; at 40 s it is given up
      await later(ms);
      await times(bob, heard);
    }
    expect([await attemptsOf(here.bob), await attemptsOf(here.bob, "dead")]).toEqual([[], [3]]);
    expect(died).toEqual([[here.bob.user_id, "notification", "not_acknowledged"]]);
    expect(owed).toEqual([["notification.dead", here.bob.user_id]]);
  });

  test("uses no attempt up while its recipient is away, however long, and stands in nobody's way", async () => {
    const ann = await here.seat(here.ann);
    await toBob("one");
    const end = here.clock.now() + 30 * DAY_MS;
    for (let hour = 0; hour < 24; hour += 1) await later(3_600_000);
    expect(await attemptsOf(here.bob)).toEqual([0]);
    const { t, read } = here.chat.store;
    expect((await read.select({ due_at: t.deliveries.due_at }).from(t.deliveries))[0]?.due_at).toBe(end);
    await say("for ann", { user_ids: [here.ann.user_id] });
    await later(10_000);
    await until(ann, "for ann");
    const bob = await here.seat(here.bob);
    expect([await words(bob), await attemptsOf(here.bob)]).toEqual([["one"], [1]]);
    await later(10_000);
    await times(bob, 2);
    expect(await attemptsOf(here.bob)).toEqual([2]);
  });

  test("waits thirty days for who does not come, and is then a dead letter, once; tried again it waits as long anew", async () => {
    const dead = async () => (await listDeadLetters(here.chat, here.ann)).items.map(({ last_error, attempts }) => [last_error, attempts]);
    const died: unknown[] = [];
    here.chat.hooks.bind("delivery.died", ({ delivery }) => void died.push(delivery.last_error));
    await toBob("one");
    await later(60_000);
    await later(30 * DAY_MS - 60_001);
    expect([await dead(), await attemptsOf(here.bob)]).toEqual([[], [0]]);
    for (let i = 0; i < 2; i += 1) await later(1);
    expect([await dead(), died, await attemptsOf(here.bob)]).toEqual([[["expired", 0]], ["expired"], []]);
    await retryDeadLetters(here.chat, here.ann);
    await later(30 * DAY_MS - 1);
    expect([await dead(), await attemptsOf(here.bob)]).toEqual([[], [0]]);
    await later(1);
    expect(await dead()).toEqual([["expired", 0]]);
  });

  test("is sent to each socket that opens, and that uses attempts up no faster", async () => {
    await toBob("one");
    for (let i = 0; i < 5; i += 1) {
      const bob = await here.seat(here.bob);
      expect(await words(bob)).toEqual(["one"]);
      await bob.close();
    }
    expect(await attemptsOf(here.bob)).toEqual([0]);
    await later(10_000);
    await (await here.seat(here.bob)).close();
    await (await here.seat(here.bob)).close();
    expect(await attemptsOf(here.bob)).toEqual([1]);
  });

  test("that cannot be sent is a fault in the log, and the others of that moment are sent all the same", async () => {
    const bob = await here.seat(here.bob);
    await toBob("poisoned");
    await toBob("sound");
    await times(bob, 2);
    const { backplane } = here.chat;
    const [poisoned] = (await bob.heard("notification")).map(({ notification_id }) => notification_id);
    const tell: typeof backplane.tell = (notice) => {
      if ("notification_id" in notice && notice.notification_id === poisoned) throw new Error("no road for this one");
      backplane.tell(notice);
    };
    Object.assign(here.chat, { backplane: { ...backplane, tell } });
    await later(10_000);
    await times(bob, 3);
    expect(await words(bob)).toEqual(["poisoned", "sound", "sound"]);
    expect(here.faults.splice(0).map(String)).toEqual(["Error: no road for this one"]);
  });

  test("is sent once when two look at once", async () => {
    const bob = await here.seat(here.bob);
    await toBob("one");
    await until(bob, "one");
    here.clock.advance(10_000);
    await Promise.all([pushDue(here.chat), pushDue(here.chat)]);
    await times(bob, 2);
    expect(await attemptsOf(here.bob)).toEqual([2]);
  });
});

test("a notification of any size is heard at the other instance, and is due there where its socket is", async () => {
  const two = await twoInstances();
  const bob = await two.there.seat(two.bob);
  await two.beat();
  const word = "x".repeat(16_000); // more than a line between instances carries
  await notify(two.here.chat, two.ann, { topic: "tide", payload: { word }, targets: { user_ids: [two.bob.user_id] } });
  await until(bob, word);
  two.clock.advance(10_000);
  await two.beat();
  await pushDue(two.here.chat);
  await times(bob, 2);
  expect((await listNotifications(two.chat, two.bob, {})).items.map(({ attempts }) => attempts)).toEqual([2]);
  await two.dispose();
});
