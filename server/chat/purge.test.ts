import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import type { Tables } from "../../db/store.ts";
import { type World, world } from "../testing/world.ts";
import { purge } from "./purge.ts";

const DAY_MS = 86_400_000;
let here: World;
beforeAll(async () => void (here = await world()));
afterAll(() => here.dispose());
beforeEach(async () => {
  const { t, write } = here.chat.store;
  await write(async (tx) => {
    for (const table of [t.audit_log, t.deliveries, t.attempts, t.notifications, t.idempotency_keys]) await tx.delete(table);
  });
});

type Delivery = Tables["deliveries"]["$inferInsert"];
const ago = (days: number): number => here.clock.now() - days * DAY_MS;
const delivery = (tenant_id: string, id: string, more: Partial<Delivery>): Delivery => ({
  tenant_id,
  id,
  courier: "webhook",
  target_id: "hook",
  event: "message.created",
  subject_id: "subject",
  state: "pending",
  attempts: 1,
  due_at: 0,
  created_at: ago(0),
  ...more,
});
const idsOf = async (table: "deliveries" | "notifications" | "audit_log"): Promise<string[]> => {
  const { id } = here.chat.store.t[table];
  return (await here.chat.store.read.select({ id }).from(here.chat.store.t[table])).map((row) => row.id).sort();
};

test("entries of the audit log stay for a year, in however many transactions they go", async () => {
  const { audit_log } = here.chat.store.t;
  const entry = (id: string, at: number) => ({ tenant_id: "tenant-one", id, at, actor_id: null, action: "x.y", detail: {} });
  const old = Array.from({ length: 1_100 }, (_, i) => entry(`old-${String(i).padStart(4, "0")}`, ago(366)));
  await here.chat.store.write(async (tx) => {
    await tx.insert(audit_log).values(old.slice(0, 600));
    await tx.insert(audit_log).values([...old.slice(600), entry("year", ago(364)), { ...entry("old-0000", ago(1)), tenant_id: "tenant-two" }]);
  });
  await purge(here.chat);
  expect(await idsOf("audit_log")).toEqual(["old-0000", "year"]);
});

test("what was delivered goes after a week, what is dead after thirty days, with their attempts; what is owed stays for as long", async () => {
  const { deliveries, attempts } = here.chat.store.t;
  const rows = [
    delivery("tenant-one", "delivered-8", { state: "delivered", settled_at: ago(8) }),
    delivery("tenant-one", "delivered-6", { state: "delivered", settled_at: ago(6) }),
    delivery("tenant-one", "dead-31", { state: "dead", settled_at: ago(31) }),
    delivery("tenant-one", "dead-29", { state: "dead", settled_at: ago(29) }),
    delivery("tenant-one", "owed-400", { created_at: ago(400) }),
    delivery("tenant-two", "delivered-8", { state: "delivered", settled_at: ago(6) }),
  ];
  await here.chat.store.write(async (tx) => {
    await tx.insert(deliveries).values(rows);
    await tx.insert(attempts).values(rows.map(({ tenant_id, id }) => ({ tenant_id, delivery_id: id, attempt: 1, at: ago(6) })));
    await tx.insert(attempts).values({ tenant_id: "tenant-one", delivery_id: "discarded", attempt: 1, at: ago(31) });
  });
  await purge(here.chat);
  const left = ["tenant-one dead-29", "tenant-one delivered-6", "tenant-one owed-400", "tenant-two delivered-8"];
  const { read } = here.chat.store;
  expect((await read.select().from(deliveries)).map(({ tenant_id, id }) => `${tenant_id} ${id}`).sort()).toEqual(left);
  expect((await read.select().from(attempts)).map(({ tenant_id, delivery_id }) => `${tenant_id} ${delivery_id}`).sort()).toEqual(left);
});

describe("a notification", () => {
  test("goes with its last delivery, and stays while anybody is owed it, in its own tenant", async () => {
    const { notifications, deliveries } = here.chat.store.t;
    const note = (tenant_id: string, id: string, created_at: number) => ({ tenant_id, id, topic: "t", payload: {}, created_by: null, created_at });
    const owed = (tenant_id: string, id: string, subject_id: string, more: Partial<Delivery> = {}) =>
      delivery(tenant_id, id, { courier: "user", subject_id, created_at: ago(10), ...more });
    const acked = { state: "delivered", settled_at: ago(8) } as const;
    const others = Array.from({ length: 600 }, (_, i) => delivery("tenant-one", `11-${String(i).padStart(3, "0")}`, { created_at: ago(10) }));
    await here.chat.store.write(async (tx) => {
      await tx
        .insert(notifications)
        .values([note("tenant-one", "10", ago(10)), note("tenant-one", "12", ago(10)), note("tenant-two", "10", ago(10))]);
      await tx.insert(notifications).values([note("tenant-one", "90", ago(1))]);
      await tx.insert(deliveries).values([owed("tenant-one", "10-1", "10", acked), owed("tenant-one", "12-1", "12", acked)]);
      await tx.insert(deliveries).values([owed("tenant-one", "12-2", "12"), owed("tenant-two", "10-1", "10", acked)]);
      await tx.insert(deliveries).values(others); // between the two, more than one step
      await tx.insert(deliveries).values(delivery("tenant-two", "10-2", { subject_id: "10", created_at: ago(10) })); // a webhook's, of an equal id
    });
    await purge(here.chat);
    expect(await idsOf("notifications")).toEqual(["12", "90"]);
  });

  test("is not looked at while none of its deliveries goes; what a run that was ended left behind goes when none could be there any more", async () => {
    const { notifications, deliveries } = here.chat.store.t;
    const note = (id: string, days: number) => ({ tenant_id: "tenant-one", id, topic: "t", payload: {}, created_by: null, created_at: ago(days) });
    await here.chat.store.write(async (tx) => {
      await tx.insert(notifications).values([note("left-59", 59), note("left-61", 61), note("revived-61", 61)]);
      await tx
        .insert(deliveries)
        .values(
          delivery("tenant-one", "revived-61-1", { courier: "user", subject_id: "revived-61", created_at: ago(61), detail: { again_at: ago(1) } }),
        );
    });
    await purge(here.chat);
    expect(await idsOf("notifications")).toEqual(["left-59", "revived-61"]);
  });
});

test("an answer to a POST stays for a day", async () => {
  const { idempotency_keys } = here.chat.store.t;
  const row = (key: string, created_at: number) => ({ tenant_id: "tenant-one", asker: "ann", key, request_hash: "x", created_at });
  await here.chat.store.write((tx) => tx.insert(idempotency_keys).values([row("old", ago(1.1)), row("new", ago(0.9))]));
  await purge(here.chat);
  expect((await here.chat.store.read.select().from(idempotency_keys)).map(({ key }) => key)).toEqual(["new"]);
});

test("a key that has ended stays for as long as the log tells of it, and while one that it made is there", async () => {
  const { api_keys } = here.chat.store.t;
  const key = (tenant_id: string, id: string, more: Partial<Tables["api_keys"]["$inferInsert"]> = {}) => ({
    ...{ tenant_id, id, hash: `${tenant_id} ${id}`, prefix: "snug_", name: id, scope: "server" as const, impersonate: false, created_by: "ann" },
    ...{ rev: 1, changed_at: 0, created_at: 0 },
    ...more,
  });
  const rows = [
    key("tenant-one", "alive", { expires_at: ago(-1) }),
    key("tenant-one", "revoked-366", { revoked_at: ago(366) }),
    key("tenant-one", "revoked-364", { revoked_at: ago(364) }),
    key("tenant-one", "expired-366", { expires_at: ago(366) }),
    key("tenant-one", "maker", { revoked_at: ago(366) }),
    key("tenant-one", "made", { created_by: "key/maker" }),
    key("tenant-two", "maker", { revoked_at: ago(366) }),
  ];
  await here.chat.store.write((tx) => tx.insert(api_keys).values(rows));
  const left = async () => (await here.chat.store.read.select().from(api_keys)).map(({ tenant_id, id }) => `${tenant_id} ${id}`).sort();
  await purge(here.chat);
  expect(await left()).toEqual(["tenant-one alive", "tenant-one made", "tenant-one maker", "tenant-one revoked-364"]);
  await here.chat.store.write((tx) => tx.delete(api_keys).where(eq(api_keys.id, "made")));
  await purge(here.chat);
  expect(await left()).toEqual(["tenant-one alive", "tenant-one revoked-364"]);
});

test("how long each is kept is the operator's to say", async () => {
  const { idempotency_keys } = here.chat.store.t;
  const created_at = ago(0.5);
  await here.chat.store.write((tx) =>
    tx.insert(idempotency_keys).values({ tenant_id: "tenant-one", asker: "ann", key: "k", request_hash: "x", created_at }),
  );
  await purge({ ...here.chat, config: { ...here.chat.config, keep_answers_ms: DAY_MS / 3 } });
  expect(await here.chat.store.read.$count(idempotency_keys)).toBe(0);
});
