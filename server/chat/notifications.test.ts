import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import type { NewNotification } from "../protocol/notifications.ts";
import { refusalOf } from "../testing/refusals.ts";
import { type World, world } from "../testing/world.ts";
import { createRoom } from "./rooms.ts";
import { removeMember } from "./membership.ts";
import { acknowledgeNotification, listNotifications, notify } from "./notifications.ts";
import type { KeyScope, Principal } from "./principal.ts";
import { listSubscriptions, subscribe, unsubscribe } from "./subscriptions.ts";
import { patchUser } from "./users.ts";

let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

const tide = (targets: NewNotification["targets"], payload: Record<string, unknown> = { height: 4 }): NewNotification => ({
  topic: "tide.high",
  payload,
  targets,
});
const pendingOf = async (who: Principal) => (await listNotifications(here.chat, who, {})).items;
const counted = async () => {
  const { t, read } = here.chat.store;
  const [rows, owed] = await Promise.all([read.select().from(t.notifications), read.select().from(t.deliveries)]);
  return [rows.length, owed.length];
};

describe("a notification is owed", () => {
  test("to whom it names, once each, and to nobody else", async () => {
    const { chat, ann, bob, cy } = here;
    const { notification_id, recipients } = await notify(chat, ann, tide({ user_ids: [bob.user_id, bob.user_id] }));
    expect(recipients).toBe(1);
    expect(await pendingOf(bob)).toEqual([
      { notification_id, topic: "tide.high", payload: { height: 4 }, state: "pending", attempts: 0, created_at: expect.any(String) },
    ]);
    expect([await pendingOf(ann), await pendingOf(cy)]).toEqual([[], []]);
    expect(await counted()).toEqual([1, 1]);
  });

  test("to the members a room has now", async () => {
    const { chat, ann, bob, cy, room } = here;
    expect((await notify(chat, ann, tide({ room_id: room.id }))).recipients).toBe(2);
    await removeMember(chat, ann, { room_id: room.id, user_id: bob.user_id });
    expect((await notify(chat, ann, tide({ room_id: room.id }))).recipients).toBe(1);
    expect([(await pendingOf(ann)).length, (await pendingOf(bob)).length, (await pendingOf(cy)).length]).toEqual([2, 1, 0]);
  });

  test("to the subscribers of its own topic in its own workspace", async () => {
    const { chat, ann, bob, cy, mallory } = here;
    for (const who of [bob, mallory]) await subscribe(chat, who, { topic: "tide.high" });
    await subscribe(chat, cy, { topic: "tide.low" });
    expect((await notify(chat, ann, tide({ topic_subscribers: true }))).recipients).toBe(1);
    expect([(await pendingOf(bob)).length, await pendingOf(cy), await pendingOf(mallory)]).toEqual([1, [], []]);
  });

  test("once to who fits twice, and never to who is disabled", async () => {
    const { chat, ann, bob, cy, room } = here;
    await subscribe(chat, bob, { topic: "tide.high" });
    await subscribe(chat, cy, { topic: "tide.high" });
    await patchUser(chat, ann, { user_id: cy.user_id, disabled: true });
    const targets = { user_ids: [bob.user_id, cy.user_id], room_id: room.id, topic_subscribers: true };
    expect((await notify(chat, ann, tide(targets))).recipients).toBe(2);
    expect((await pendingOf(bob)).length).toBe(1);
    expect(await pendingOf(cy)).toEqual([]);
  });

  test("to nobody where nobody fits, which leaves no row; never to everybody", async () => {
    const { chat, ann, mallory } = here;
    for (const targets of [{ user_ids: [] }, { user_ids: ["nobody-id", mallory.user_id] }, { topic_subscribers: true }, { topic_subscribers: false }])
      expect((await notify(chat, ann, tide(targets))).recipients).toBe(0);
    expect(await counted()).toEqual([0, 0]);
  });

  test("to thousands in one commit, and all or nobody", async () => {
    const { chat, ann, bob } = here;
    await many(2_500);
    expect((await notify(chat, ann, tide({ topic_subscribers: true }))).recipients).toBe(2_500);
    expect(await counted()).toEqual([1, 2_500]);
    await expect(notify({ ...chat, newId: failingAfter(600) }, ann, tide({ user_ids: [bob.user_id], topic_subscribers: true }))).rejects.toThrow(
      "no more",
    );
    expect(await counted()).toEqual([1, 2_500]);
  });
});

describe("a notification is sent", () => {
  test("by those who run the workspace, not by a member", async () => {
    const { chat, bob, person } = here;
    const dan = await person("tenant-one", "dan", "admin");
    expect((await notify(chat, dan, tide({ user_ids: [bob.user_id] }))).recipients).toBe(1);
    expect(await refusalOf(notify(chat, bob, tide({ user_ids: [bob.user_id] })))).toBe("forbidden");
  });

  test("by a key that may do more than read, whomever it acts for, to rooms that they are in", async () => {
    const { chat, bob, cy, room } = here;
    const by = (who: Principal, scope: KeyScope): Principal => ({ ...who, via: { key_id: "a-key", scope } });
    expect((await notify(chat, by(bob, "server"), tide({ room_id: room.id }))).recipients).toBe(2);
    expect(await refusalOf(notify(chat, by(bob, "read"), tide({ room_id: room.id })))).toBe("forbidden");
    expect(await refusalOf(notify(chat, by(cy, "server"), tide({ room_id: room.id })))).toBe("not_found");
  });

  test("to a room of one's own workspace, a private one too, and not to another's: that is not there", async () => {
    const { chat, ann, bob, mallory, room } = here;
    const { room: cell } = await createRoom(chat, bob, { type: "channel", name: "cell", visibility: "private" });
    expect((await notify(chat, ann, tide({ room_id: cell.id }))).recipients).toBe(1);
    for (const room_id of [room.id, "nowhere"]) expect(await refusalOf(notify(chat, mallory, tide({ room_id })))).toBe("not_found");
  });

  test("with a payload as large as a message's meta, and no larger", async () => {
    const { chat, ann, bob } = here;
    const sized = (bytes: number) => tide({ user_ids: [bob.user_id] }, { a: "x".repeat(bytes - '{"a":""}'.length) });
    expect((await notify(chat, ann, sized(16_384))).recipients).toBe(1);
    expect(await refusalOf(notify(chat, ann, sized(16_385)))).toBe("too_large");
    expect(await refusalOf(notify(chat, ann, tide({ user_ids: [bob.user_id] }, { a: "\ud800" })))).toBe("invalid");
  });
});

describe("a recipient", () => {
  test("acknowledges their own once or twice, and nobody else's", async () => {
    const { chat, ann, bob, cy, clock } = here;
    const { notification_id } = await notify(chat, ann, tide({ user_ids: [bob.user_id, ann.user_id] }));
    for (const id of [notification_id, "nothing"])
      expect(await refusalOf(acknowledgeNotification(chat, cy, { notification_id: id }))).toBe("not_found");
    await acknowledgeNotification(chat, bob, { notification_id });
    const settled_at = new Date(clock.now()).toISOString();
    clock.advance(1_000);
    await acknowledgeNotification(chat, bob, { notification_id });
    expect(await pendingOf(bob)).toEqual([]);
    expect((await listNotifications(chat, bob, { state: "delivered" })).items).toEqual([
      expect.objectContaining({ notification_id, state: "delivered", settled_at }),
    ]);
    expect((await pendingOf(ann)).length).toBe(1);
  });

  test("acknowledges one whose delivery has an id from before it: a clock was set back between the two", async () => {
    const { chat, ann, bob } = here;
    const ids = ["9-the-notification", "1-its-delivery"];
    const { notification_id } = await notify({ ...chat, newId: () => ids.shift() ?? chat.newId() }, ann, tide({ user_ids: [bob.user_id] }));
    await acknowledgeNotification(chat, bob, { notification_id });
    expect(await pendingOf(bob)).toEqual([]);
  });

  test("reads them page by page, oldest first", async () => {
    const { chat, ann, bob } = here;
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.push((await notify(chat, ann, tide({ user_ids: [bob.user_id] }, { i }))).notification_id);
    const first = await listNotifications(chat, bob, { limit: 3 });
    const rest = await listNotifications(chat, bob, { limit: 3, cursor: first.next_cursor ?? "" });
    expect([...first.items, ...rest.items].map(({ notification_id }) => notification_id)).toEqual(ids);
    expect([first.items.length, rest.next_cursor]).toEqual([3, undefined]);
    expect((await listNotifications(chat, bob, { limit: 5 })).next_cursor).toBeUndefined();
  });
});

describe("a subscription", () => {
  test("is made once, listed to its owner, and ended by nobody else", async () => {
    const { chat, ann, bob, mallory } = here;
    const { subscription, created } = await subscribe(chat, bob, { topic: "tide.high" });
    expect([created, await subscribe(chat, bob, { topic: "tide.high" })]).toEqual([true, { subscription, created: false }]);
    expect([(await listSubscriptions(chat, bob)).items, (await listSubscriptions(chat, ann)).items]).toEqual([[subscription], []]);
    for (const who of [ann, mallory]) expect(await refusalOf(unsubscribe(chat, who, { subscription_id: subscription.id }))).toBe("not_found");
    await unsubscribe(chat, bob, { subscription_id: subscription.id });
    expect((await listSubscriptions(chat, bob)).items).toEqual([]);
    expect(await refusalOf(unsubscribe(chat, bob, { subscription_id: subscription.id }))).toBe("not_found");
  });

  test("is one of two hundred at most; one that there is already is found", async () => {
    const { chat, bob, ann } = here;
    const { subscriptions } = chat.store.t;
    const row = (i: number) => ({ tenant_id: "tenant-one", topic: `t-${i}`, user_id: bob.user_id, id: chat.newId(), created_at: 1 });
    await chat.store.write(async (tx) => void (await tx.insert(subscriptions).values(Array.from({ length: 199 }, (_, i) => row(i)))));
    expect((await subscribe(chat, bob, { topic: "the-last" })).created).toBe(true);
    expect(await refusalOf(subscribe(chat, bob, { topic: "one-more" }))).toBe("too_large");
    expect((await subscribe(chat, bob, { topic: "t-7" })).created).toBe(false);
    expect((await subscribe(chat, ann, { topic: "one-more" })).created).toBe(true);
  });
});

/** People who have subscribed to the tide. */
async function many(count: number): Promise<void> {
  const { users, subscriptions } = here.chat.store.t;
  const [bob] = await here.chat.store.read.select().from(users).where(eq(users.id, here.bob.user_id));
  if (!bob) throw new Error("bob is gone");
  for (let from = 0; from < count; from += 500) {
    const ids = Array.from({ length: 500 }, (_, i) => `fan-${from + i}`);
    const rows = ids.map((id) => ({ ...bob, id, username: id }));
    const subscribed = ids.map((id) => ({ tenant_id: bob.tenant_id, topic: "tide.high", user_id: id, id: `s-${id}`, created_at: 1 }));
    await here.chat.store.write(async (tx) => void (await tx.insert(users).values(rows)));
    await here.chat.store.write(async (tx) => void (await tx.insert(subscriptions).values(subscribed)));
  }
}

function failingAfter(count: number): () => string {
  let left = count;
  return () => {
    if ((left -= 1) < 0) throw new Error("no more");
    return here.chat.newId();
  };
}

test("a workspace that notifies many waits until as many could be written down again, however they are asked for; no other does", async () => {
  await here.dispose();
  here = await world({ config: { notified: { per_second: 2, burst: 2 } } });
  const { chat, ann, bob, cy, mallory, clock } = here;
  const all = tide({ user_ids: [ann.user_id, bob.user_id, cy.user_id] });
  const toAll = () => refusalOf(notify(chat, ann, all));
  const at_once = await Promise.all([toAll(), toAll(), toAll()]);
  expect(at_once.toSorted()).toEqual(["not refused", "rate_limited", "rate_limited"]);
  expect(await counted()).toEqual([1, 3]);
  expect(await refusalOf(notify(chat, mallory, tide({ user_ids: [mallory.user_id] })))).toBe("not refused");
  clock.advance(999); // three were owed, two were there: one, and the next, is a second away
  expect(await toAll()).toBe("rate_limited");
  clock.advance(1);
  expect([await toAll(), await toAll()]).toEqual(["not refused", "rate_limited"]);
  expect(await counted()).toEqual([3, 7]);
});
