import { afterEach, beforeEach, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import type { Principal } from "../chat/principal.ts";
import { presenceOf, presenceOfUsers } from "../chat/presence.ts";
import { type TwoInstances, twoInstances } from "../testing/instances.ts";
import { type House, house } from "../testing/seat.ts";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";

let here: House;
let open: OpenDoor;
beforeEach(async () => {
  here = await house();
  open = openDoor(here);
});
afterEach(() => here.dispose());

const now = () => new Date(here.clock.now()).toISOString();
const asked = async (who: Principal, ...people: Principal[]) =>
  (await visit(open, who).get(`/presence?user_ids=${people.map(({ user_id }) => user_id).join()}`)).body.items;

test("who asks for people learns who is here now, and when the others were last here", async () => {
  const { ann, bob, cy, mallory, clock, live } = here;
  const tab = await here.seat(bob);
  await live.beat();
  clock.advance(60_000);
  expect(await asked(ann, bob, cy)).toEqual([
    { user_id: bob.user_id, status: "active", last_seen_at: now() },
    { user_id: cy.user_id, status: "offline", last_seen_at: null },
  ]);
  await tab.close();
  const left_at = now();
  for (const ms of [4_999, 1, 60_000]) {
    clock.advance(ms);
    await live.beat();
  }
  expect(await asked(ann, bob)).toEqual([{ user_id: bob.user_id, status: "offline", last_seen_at: left_at }]);
  expect((await presenceOf(here.chat, ann, { room_id: here.room.id })).find(({ user_id }) => user_id === bob.user_id)?.last_seen_at).toBe(left_at);
  expect(await asked(mallory, bob)).toEqual([]);
});

test("where there is no directory, only those are known with whom one shares a room", async () => {
  const { chat, ann, bob, cy } = here;
  const { tenants } = chat.store.t;
  await chat.store.write((tx) => tx.update(tenants).set({ directory: false }).where(eq(tenants.id, "tenant-one")));
  expect(await presenceOfUsers(chat, bob, { user_ids: [ann.user_id, cy.user_id] })).toMatchObject([{ user_id: ann.user_id }]);
  expect(await presenceOfUsers(chat, cy, { user_ids: [ann.user_id, cy.user_id] })).toMatchObject([{ user_id: cy.user_id }]);
});

test("more than 200 people, or what is no id, is refused", async () => {
  const ask = async (user_ids: string) => (await visit(open, here.bob).get(`/presence?user_ids=${user_ids}`)).status;
  const ids = (count: number) => Array.from({ length: count }, (_, i) => `u${i}`).join();
  expect([await ask(ids(200)), await ask(ids(201)), await ask("a,,b"), await ask("")]).toEqual([200, 422, 422, 422]);
});

test("who was here when the server stopped was last here then", async () => {
  await here.seat(here.bob);
  here.clock.advance(30_000);
  await here.live.drain();
  expect(await lastSeen(here, here.bob)).toBe(here.clock.now());
  expect(await lastSeen(here, here.cy)).toBeNull();
});

test("of two instances the one that sees the last socket go keeps when; one that stops keeps its own, and an earlier time never wins", async () => {
  const two = await twoInstances();
  const [one, other] = [await two.here.seat(two.bob), await two.there.seat(two.bob)];
  await two.beat();
  two.clock.advance(10_000);
  await one.close();
  await two.beat();
  two.clock.advance(10_000);
  await two.beat();
  const [bob] = await presenceOfUsers(two.here.chat, two.ann, { user_ids: [two.bob.user_id] });
  expect(bob).toEqual({ user_id: two.bob.user_id, status: "active", last_seen_at: new Date(two.clock.now()).toISOString() });
  expect(await lastSeen(two, two.bob)).toBeNull();
  await other.close();
  await two.beat();
  const left_at = two.clock.now();
  two.clock.advance(6_000);
  await two.beat();
  expect(await lastSeen(two, two.bob)).toBe(left_at);
  await two.here.seat(two.cy);
  await two.here.live.drain();
  expect(await lastSeen(two, two.cy)).toBe(two.clock.now());
  expect(await lastSeen(two, two.bob)).toBe(left_at);
  await two.dispose();
});

async function lastSeen({ chat }: House | TwoInstances, { user_id }: Principal): Promise<number | null | undefined> {
  const { users } = chat.store.t;
  const [row] = await chat.store.read.select({ last_seen_at: users.last_seen_at }).from(users).where(eq(users.id, user_id));
  return row?.last_seen_at;
}
