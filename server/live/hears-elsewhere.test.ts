/** A notification uses an attempt up where somebody hears it, and what one instance knows of the other's sockets is exactly that. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { actFor, keyShown } from "../chat/key-rights.ts";
import { pushDue } from "../chat/notification-pushes.ts";
import { listNotifications, notify } from "../chat/notifications.ts";
import type { Principal } from "../chat/principal.ts";
import { type TwoInstances, twoInstances } from "../testing/instances.ts";
import { keyBy } from "../testing/keys.ts";

let both: TwoInstances;
beforeEach(async () => void (both = await twoInstances()));
afterEach(() => both.dispose());

const toBob = () => notify(both.here.chat, both.ann, { topic: "tide", payload: {}, targets: { user_ids: [both.bob.user_id] } });
/** After what is due has been pushed by the instance where no socket of bob's is. */
const attempts = async (): Promise<number[]> => {
  both.clock.advance(10_000);
  await both.beat();
  await pushDue(both.here.chat);
  return (await listNotifications(both.chat, both.bob, {})).items.map((one) => one.attempts);
};
const bobHears = async (): Promise<boolean> => {
  await both.beat();
  return both.here.chat.sessions.hears(both.bob);
};

test("a socket at the other instance that hears no notification uses no attempt up: one that has said nothing yet, one of a room, one that only reads", async () => {
  const key = await keyShown(both.here.chat, (await keyBy(both.here.chat, both.ann, { scope: "read", impersonate: true })).key);
  const reading: Principal = key ? await actFor(both.here.chat, key, { user_id: both.bob.user_id }) : expect.unreachable();
  await both.there.seat(both.bob, { sync: false });
  await both.there.seat({ ...both.bob, room_id: both.room.id });
  await both.there.seat(reading);
  expect(await bobHears()).toBe(false);
  await toBob();
  for (let i = 0; i < 5; i += 1) expect(await attempts()).toEqual([0]);
  const bob = await both.there.seat(both.bob);
  expect([await bobHears(), (await bob.heard("notification")).length]).toEqual([true, 1]);
  expect(await attempts()).toEqual([2]); // the one at its first sync, and this one
});

test("one that says its first sync is known to hear from then on, and no more when it has gone", async () => {
  const bob = await both.there.seat(both.bob, { sync: false });
  expect([await bobHears(), both.here.chat.sessions.statusOf(both.bob)]).toEqual([false, "active"]);
  bob.say({ type: "sync", rooms: [] });
  await bob.when(({ type }) => type === "caught_up");
  expect(await bobHears()).toBe(true);
  await toBob();
  await bob.when(({ type }) => type === "notification");
  await bob.close();
  expect(await bobHears()).toBe(false);
});
