import { afterEach, beforeEach, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { refusalOf } from "../testing/refusals.ts";
import { openDoor, visit } from "../testing/visitor.ts";
import { draftFor, world, type World } from "../testing/world.ts";
import { acknowledge } from "./acks.ts";
import type { Carried } from "./carried.ts";
import { discardDeadLetter, listDeadLetters, retryDeadLetter, retryDeadLetters, undeliveredTo } from "./dead-letters.ts";
import { createDeliverer, type Deliverer } from "./deliveries.ts";
import { postMessage } from "./messages.ts";
import { owe } from "./outbox.ts";
import { createWebhook } from "./webhooks.ts";

let here: World & { deliverer: Deliverer; sent: string[]; webhook_id: string };
let carried: Carried;
beforeEach(async () => {
  const made = await world({ config: { webhooks: { attempts: 1, first_retry_ms: 1_000, longest_retry_ms: 1_000 } } });
  const sent: string[] = [];
  carried = { failed: "refused", status: 500 };
  made.chat.hooks.bind("delivery.attempt", (event) => {
    sent.push(`${event.delivery.subject_id} ${event.delivery.attempts}`);
    event.carried = carried;
  });
  const { id } = await createWebhook(made.chat, made.ann, { url: "https://hooks.test/", events: ["message.created"] });
  here = { ...made, sent, deliverer: createDeliverer(made.chat, () => 0.5), webhook_id: id };
});
afterEach(() => here.dispose());

const deliver = async (): Promise<void> => {
  await here.deliverer.deliver();
  await here.deliverer.idle();
};
async function dead(...subjects: string[]): Promise<string[]> {
  const debt = { tenant_id: here.ann.tenant_id, courier: "webhook", target_id: here.webhook_id, event: "message.created", room_id: null } as const;
  await here.chat.store.write((tx) =>
    owe(
      here.chat,
      tx,
      subjects.map((subject_id) => ({ ...debt, subject_id })),
    ),
  );
  await deliver();
  const { items } = await listDeadLetters(here.chat, here.ann);
  return items.filter(({ subject_id }) => subjects.includes(subject_id)).map(({ id }) => id);
}
const audited = async (action: string): Promise<number> => {
  const { audit_log } = here.chat.store.t;
  return (await here.chat.store.read.select().from(audit_log).where(eq(audit_log.action, action))).length;
};

test("what was given up is listed with what is known of it, for those who run the workspace", async () => {
  const [id] = await dead("news");
  const { items } = await listDeadLetters(here.chat, here.ann);
  expect(items).toMatchObject([
    {
      id,
      courier: "webhook",
      target_id: here.webhook_id,
      event: "message.created",
      subject_id: "news",
      attempts: 1,
      last_status: 500,
      last_error: "refused",
    },
  ]);
  for (const field of ["last_attempt_at", "created_at", "due_at"] as const) expect(items[0]?.[field]).toMatch(/^2026-/u);
  expect((await listDeadLetters(here.chat, here.mallory)).items).toEqual([]);
  expect(await refusalOf(listDeadLetters(here.chat, here.bob))).toBe("forbidden");
});

test("one that is tried again is carried as the next attempt; asking twice is one attempt and one line in the audit log", async () => {
  const [delivery_id = ""] = await dead("news");
  carried = { done: true, status: 200 };
  await retryDeadLetter(here.chat, here.ann, { delivery_id });
  await retryDeadLetter(here.chat, here.ann, { delivery_id });
  await deliver();
  await retryDeadLetter(here.chat, here.ann, { delivery_id });
  await deliver();
  expect(here.sent).toEqual(["news 1", "news 2"]);
  expect(await audited("dead_letter.retried")).toBe(1);
  expect((await listDeadLetters(here.chat, here.ann)).items).toEqual([]);
  expect(await refusalOf(retryDeadLetter(here.chat, here.mallory, { delivery_id }))).toBe("not_found");
  expect(await refusalOf(retryDeadLetter(here.chat, here.bob, { delivery_id }))).toBe("forbidden");
});

test("one that is tried again has all its attempts before it, and three days from then", async () => {
  const [delivery_id = ""] = await dead("news");
  Object.assign(here.chat.config, { webhooks: { attempts: 2, first_retry_ms: 1_000, longest_retry_ms: 1_000 } });
  here.clock.advance(80 * 3_600_000);
  await retryDeadLetter(here.chat, here.ann, { delivery_id });
  await deliver();
  here.clock.advance(1_000);
  await deliver();
  expect(here.sent).toEqual(["news 1", "news 2", "news 3"]);
  expect((await listDeadLetters(here.chat, here.ann)).items).toMatchObject([{ attempts: 3, last_error: "refused" }]);
});

test("all are tried again at once, and none of another workspace", async () => {
  await dead("one", "two", "three");
  expect(await retryDeadLetters(here.chat, here.mallory)).toEqual({ retried: 0 });
  expect(await retryDeadLetters(here.chat, here.ann, { target_id: "elsewhere" })).toEqual({ retried: 0 });
  carried = { done: true, status: 200 };
  expect(await retryDeadLetters(here.chat, here.ann)).toEqual({ retried: 3 });
  expect(await retryDeadLetters(here.chat, here.ann)).toEqual({ retried: 0 });
  await deliver();
  expect(here.sent.filter((one) => one.endsWith(" 2")).length).toBe(3);
  expect(await audited("dead_letter.all_retried")).toBe(1);
});

test("one that is thrown away is gone with its attempts; what is not dead cannot be thrown away", async () => {
  const [delivery_id = ""] = await dead("news");
  const [kept = ""] = await dead("kept");
  expect(await refusalOf(discardDeadLetter(here.chat, here.mallory, { delivery_id }))).toBe("not_found");
  await discardDeadLetter(here.chat, here.ann, { delivery_id });
  expect(await refusalOf(discardDeadLetter(here.chat, here.ann, { delivery_id }))).toBe("not_found");
  const { attempts } = here.chat.store.t;
  expect((await here.chat.store.read.select().from(attempts)).map((row) => row.delivery_id)).toEqual([kept]);
  expect(await audited("dead_letter.discarded")).toBe(1);
  await retryDeadLetter(here.chat, here.ann, { delivery_id: kept });
  expect(await refusalOf(discardDeadLetter(here.chat, here.ann, { delivery_id: kept }))).toBe("conflict");
});

test("the seed's address answers in the seed's words, to an admin, up to a thousand", async () => {
  await dead("news");
  const open = openDoor(here);
  const ask = (limit: string, who = here.ann) => visit(open, who).ask("GET", `/admin/dead-letters${limit}`);
  expect(await ask("")).toMatchObject({ status: 200, body: { failed_messages: [{ subject_id: "news" }], failed_notifications: [] } });
  expect(await Promise.all(["?limit=1", "?limit=1000"].map((one) => ask(one)))).toMatchObject([{ status: 200 }, { status: 200 }]);
  expect(await Promise.all(["?limit=0", "?limit=1001", "?limit=x"].map((one) => ask(one)))).toMatchObject([
    { status: 422 },
    { status: 422 },
    { status: 422 },
  ]);
  expect((await ask("", here.bob)).status).toBe(403);
});

test("what somebody has not acknowledged is told in numbers, from the room's log and their acks", async () => {
  const { chat, ann, bob, room } = here;
  for (const content of ["one", "two", "three"]) await postMessage(chat, ann, draftFor(room, content));
  await acknowledge(chat, bob, { room_id: room.id, seq: 1 });
  const asked = await undeliveredTo(chat, ann, { user_id: bob.user_id });
  expect(asked.items).toMatchObject([{ room_id: room.id, acked_seq: 1, last_seq: 3, undelivered: 2 }]);
  expect(JSON.stringify(asked)).not.toContain("three");
  await acknowledge(chat, bob, { room_id: room.id, seq: 3 });
  expect((await undeliveredTo(chat, ann, { user_id: bob.user_id })).items).toEqual([]);
  expect(await refusalOf(undeliveredTo(chat, here.mallory, { user_id: bob.user_id }))).toBe("not_found");
  expect(await refusalOf(undeliveredTo(chat, bob, { user_id: bob.user_id }))).toBe("forbidden");
});
