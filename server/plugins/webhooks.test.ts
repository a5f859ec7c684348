import { afterEach, beforeEach, describe, expect, setSystemTime, test } from "bun:test";
import { asc, eq } from "drizzle-orm";
import { Webhook as Verifier } from "standardwebhooks";
import type { UserBell } from "../chat/chat.ts";
import { createDeliverer, type Deliverer } from "../chat/deliveries.ts";
import { joinRoom, removeMember } from "../chat/membership.ts";
import { editMessage, postMessage, removeMessage } from "../chat/messages.ts";
import type { Delivery } from "../chat/outbox.ts";
import { createRoom, patchRoom } from "../chat/rooms.ts";
import { listDeliveries } from "../chat/webhook-log.ts";
import { createWebhook, patchWebhook, removeWebhook, rotateSecret, testWebhook } from "../chat/webhooks.ts";
import { EVENTS, type MadeWebhook } from "../protocol/webhooks.ts";
import type { Room } from "../protocol.ts";
import { network } from "../setting-values.ts";
import { refusalOf } from "../testing/refusals.ts";
import { draftFor, world, type World } from "../testing/world.ts";
import { createOutbound } from "./outbound.ts";
import { webhooks } from "./webhooks.ts";

type Heard = { headers: Record<string, string>; text: string; body: any }; // oxlint-disable-line typescript/no-explicit-any -- tests read bodies of every event

let here: World & { pier: Room; deliverer: Deliverer; online: Set<string> };
let heard: Heard[];
let answer: (request: Heard) => Response;
let server: ReturnType<typeof Bun.serve>;

beforeEach(async () => {
  heard = [];
  answer = () => new Response("ok");
  server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const text = await request.text();
      const one = { headers: Object.fromEntries(request.headers), text, body: JSON.parse(text) };
      heard.push(one);
      return answer(one);
    },
  });
  const online = new Set<string>();
  const statusOf = ({ user_id }: UserBell) => (online.has(user_id) ? "active" : "offline");
  const sessions = { statusOf, online: () => 0, hears: () => false };
  const made = await world({ sessions });
  setSystemTime(made.clock.now()); // the library from the registry has the system's clock
  webhooks(made.chat, createOutbound({ allow: [network("127.0.0.1/32")] }));
  const { room: pier } = await createRoom(made.chat, made.ann, { type: "channel", name: "pier", visibility: "public" });
  await joinRoom(made.chat, made.bob, { room_id: pier.id });
  here = { ...made, pier, online, deliverer: createDeliverer(made.chat, () => 0.5) };
});
afterEach(async () => {
  setSystemTime();
  await server.stop(true);
  await here.dispose();
});

const hook = (more: { events?: (typeof EVENTS)[number][]; include_private?: boolean } = {}): Promise<MadeWebhook> =>
  createWebhook(here.chat, here.ann, { url: `http://127.0.0.1:${server.port}/in`, events: ["message.created"], ...more });
const deliver = async (): Promise<void> => {
  await here.deliverer.deliver();
  await here.deliverer.idle();
};
const later = async (ms: number): Promise<void> => {
  here.clock.advance(ms);
  setSystemTime(here.clock.now());
  await deliver();
};
const rows = (): Promise<Delivery[]> =>
  here.chat.store.read.select().from(here.chat.store.t.deliveries).orderBy(asc(here.chat.store.t.deliveries.id));
const verifies = (secret: string, { text, headers }: Heard): boolean => {
  try {
    new Verifier(secret).verify(text, headers);
    return true;
  } catch {
    return false;
  }
};

test("a post reaches the endpoint once, with its sender, and the library of Standard Webhooks believes the signature", async () => {
  const { secret } = await hook();
  const { message } = await postMessage(here.chat, here.ann, draftFor(here.pier, "ahoy"));
  await deliver();
  expect(heard.map(({ body }) => [body.type, body.data.message.id, body.data.message.content, body.data.user.id])).toEqual([
    ["message.created", message.id, "ahoy", here.ann.user_id],
  ]);
  const [first] = heard;
  if (!first) throw new Error("Nothing was heard");
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/u);
  expect(verifies(secret, first)).toBe(true);
  expect(verifies(secret, { ...first, text: first.text.replace("ahoy", "ahoi") })).toBe(false);
  expect(verifies(`whsec_${btoa("another key of thirty-two bytes!")}`, first)).toBe(false);
});

test("a repeated attempt has the same id, a number of its own, and the body as it is by then: what was removed is a tombstone", async () => {
  await hook();
  answer = () => new Response("no", { status: 500 });
  const { message } = await postMessage(here.chat, here.ann, draftFor(here.pier, "a secret, by mistake"));
  await deliver();
  await removeMessage(here.chat, here.ann, { room_id: here.pier.id, message_id: message.id });
  answer = () => new Response("ok");
  await later(60_000);
  expect(heard.map(({ headers }) => [headers["webhook-id"], headers["snug-attempt"]])).toEqual([
    [heard[0]?.headers["webhook-id"], "1"],
    [heard[0]?.headers["webhook-id"], "2"],
  ]);
  expect(heard[1]?.body).toMatchObject({ type: "message.created", data: { message: { content: "", removed_at: expect.any(String) } } });
  expect(heard[1]?.text).not.toContain("by mistake");
});

test("each event brings the row that it is about", async () => {
  await hook({ events: EVENTS.filter((event) => event !== "message.offline") });
  const { chat, ann, bob, cy, pier } = here;
  const { room: quayside } = await createRoom(chat, ann, { type: "channel", name: "quayside", visibility: "public" });
  await joinRoom(chat, cy, { room_id: pier.id });
  const { message } = await postMessage(chat, bob, draftFor(pier, "helo"));
  await editMessage(chat, bob, { room_id: pier.id, message_id: message.id, content: "hello" });
  await removeMember(chat, ann, { room_id: pier.id, user_id: cy.user_id });
  await deliver();
  const told = heard.toSorted((a, b) => ((a.headers["webhook-id"] ?? "") < (b.headers["webhook-id"] ?? "") ? -1 : 1)).map(({ body }) => body);
  expect(told).toMatchObject([
    { type: "room.created", data: { room: { id: quayside.id, name: "quayside" } } },
    { type: "member.joined", data: { member: { user_id: cy.user_id, room_id: pier.id }, user: { username: "cy" } } },
    { type: "message.created", data: { message: { id: message.id, content: "hello" }, user: { username: "bob" } } },
    { type: "message.changed", data: { message: { id: message.id, content: "hello", edited_at: expect.any(String) } } },
    { type: "member.left", data: { member: { user_id: cy.user_id, left_at: expect.any(String) } } },
  ]);
});

describe("message.offline", () => {
  test("comes once, after a grace, with those who have no session and have not read it, and with the same people at a repeated attempt", async () => {
    await hook({ events: ["message.offline"] });
    await joinRoom(here.chat, here.cy, { room_id: here.pier.id });
    here.online.add(here.cy.user_id);
    answer = () => new Response("no", { status: 500 });
    await postMessage(here.chat, here.ann, draftFor(here.pier, "anybody there?"));
    await deliver();
    expect(heard).toEqual([]);
    await later(5_000);
    here.online.delete(here.cy.user_id);
    here.online.add(here.bob.user_id);
    answer = () => new Response("ok");
    await later(60_000);
    expect(heard.map(({ body }) => body.data.recipients)).toEqual([[here.bob.user_id], [here.bob.user_id]]);
    await later(60_000);
    expect(heard.length).toBe(2);
  });

  test("does not come where everybody is here, and that is no attempt", async () => {
    await hook({ events: ["message.offline"] });
    here.online.add(here.bob.user_id);
    await postMessage(here.chat, here.ann, draftFor(here.pier, "all here"));
    await later(5_000);
    expect(heard).toEqual([]);
    expect(await rows()).toMatchObject([{ state: "delivered", attempts: 0 }]);
  });
});

describe("what is private", () => {
  const closes = async (include_private: boolean): Promise<void> => {
    await hook({ include_private });
    await postMessage(here.chat, here.ann, draftFor(here.pier, "while it was open"));
    await patchRoom(here.chat, here.ann, { room_id: here.pier.id, visibility: "private" });
    await deliver();
  };

  test("by the time it would be sent goes to no endpoint that hears of open rooms", async () => {
    await closes(false);
    expect(heard).toEqual([]);
    expect(await rows()).toMatchObject([{ state: "dead", attempts: 0, last_error: "private_room" }]);
  });

  test("goes to one that was given it", async () => {
    await closes(true);
    expect(heard.length).toBe(1);
  });

  test("is the owner's to give, and no admin sends it to another address", async () => {
    const dan = await here.person("tenant-one", "dan", "admin");
    const input = { url: "https://dan.test/", events: ["message.created" as const] };
    expect(await refusalOf(createWebhook(here.chat, dan, { ...input, include_private: true }))).toBe("forbidden");
    const { id: own } = await createWebhook(here.chat, dan, input);
    const { id: given } = await hook({ include_private: true });
    expect(await refusalOf(patchWebhook(here.chat, dan, { webhook_id: own, include_private: true }))).toBe("forbidden");
    expect(await refusalOf(patchWebhook(here.chat, dan, { webhook_id: given, url: "https://dan.test/" }))).toBe("forbidden");
    expect((await patchWebhook(here.chat, dan, { webhook_id: own, url: "https://dan.test/in" })).url).toBe("https://dan.test/in");
    expect((await patchWebhook(here.chat, here.ann, { webhook_id: given, url: "https://ann.test/" })).url).toBe("https://ann.test/");
  });
});

test("after a rotation two secrets sign for a day, and then the new one alone; after a second one the first signs no more", async () => {
  const { id, secret: first } = await hook();
  const { secret: second } = await rotateSecret(here.chat, here.ann, { webhook_id: id });
  const signs = async (): Promise<boolean[]> => {
    await testWebhook(here.chat, here.ann, { webhook_id: id });
    await deliver();
    const last = heard.at(-1);
    if (!last) throw new Error("Nothing was heard");
    return [first, second].map((secret) => verifies(secret, last));
  };
  expect(await signs()).toEqual([true, true]);
  await later(86_400_000);
  expect(await signs()).toEqual([false, true]);
  await rotateSecret(here.chat, here.ann, { webhook_id: id });
  await rotateSecret(here.chat, here.ann, { webhook_id: id });
  expect(await signs()).toEqual([false, false]);
});

test("the database holds no secret that could be read, and no list or answer but the first repeats it", async () => {
  const { id, secret } = await hook();
  const bare = secret.slice("whsec_".length);
  const { webhooks: table } = here.chat.store.t;
  const stored = JSON.stringify(await here.chat.store.read.select().from(table));
  for (const form of [bare, Buffer.from(bare, "base64").toString("base64url"), Buffer.from(bare, "base64").toString("hex")])
    expect(stored).not.toContain(form);
  const another = await patchWebhook(here.chat, here.ann, { webhook_id: id, description: "ours" });
  expect(JSON.stringify(another)).not.toContain(bare);
});

test("a secret that was sealed for one endpoint opens at no other", async () => {
  const [one, two] = [await hook(), await hook()];
  const { webhooks: table } = here.chat.store.t;
  const [row] = await here.chat.store.read.select().from(table).where(eq(table.id, one.id));
  await here.chat.store.write((tx) =>
    tx
      .update(table)
      .set({ secrets: row?.secrets ?? [] })
      .where(eq(table.id, two.id)),
  );
  await testWebhook(here.chat, here.ann, { webhook_id: two.id });
  await deliver();
  expect(heard).toEqual([]);
  expect(await rows()).toMatchObject([{ last_error: "fault" }]);
});

test("the log of an endpoint has each attempt with its status, error and duration, and no word of what was answered", async () => {
  const { id } = await hook();
  answer = () => new Response("a stack trace of theirs", { status: 503 });
  const { message } = await postMessage(here.chat, here.ann, draftFor(here.pier, "ahoy"));
  await deliver();
  answer = () => new Response("fine", { status: 202 });
  await later(60_000);
  const log = await listDeliveries(here.chat, here.ann, { webhook_id: id });
  expect(log.items).toMatchObject([
    {
      event: "message.created",
      subject_id: message.id,
      state: "delivered",
      attempts: [
        { attempt: 1, status: 503, error: "refused", duration_ms: expect.any(Number) },
        { attempt: 2, status: 202 },
      ],
    },
  ]);
  expect(JSON.stringify(log)).not.toContain("stack trace");
  expect(await refusalOf(listDeliveries(here.chat, here.mallory, { webhook_id: id }))).toBe("not_found");
  expect(await refusalOf(listDeliveries(here.chat, here.bob, { webhook_id: id }))).toBe("forbidden");
});

describe("an endpoint that answers", () => {
  const after = async (response: () => Response): Promise<Delivery | undefined> => {
    await hook();
    answer = response;
    await postMessage(here.chat, here.ann, draftFor(here.pier, "ahoy"));
    await deliver();
    return (await rows())[0];
  };
  const busy = (status: number, retry_after: string) => () => new Response(null, { status, headers: { "retry-after": retry_after } });

  test.each([
    [429, "30", 30_000],
    [503, "30", 30_000],
    [429, "0", 1_000],
    [429, "9999999", 21_600_000],
  ])("%d with Retry-After: %s is asked again after %d ms", async (status, retry_after, pause) => {
    expect(await after(busy(status, retry_after))).toMatchObject({ last_error: "busy", last_status: status, due_at: here.clock.now() + pause });
  });

  test("429 with a date is asked again then", async () => {
    const date = new Date(here.clock.now() + 90_000).toUTCString();
    const due = (await after(busy(429, date)))?.due_at ?? 0;
    expect(Math.abs(due - here.clock.now() - 90_000)).toBeLessThan(1_001);
  });

  test.each([400, 404, 500, 502])("%d is tried again", async (status) => {
    expect(await after(() => new Response(null, { status }))).toMatchObject({ state: "pending", last_error: "refused", last_status: status });
  });

  test("with a redirect is not followed", async () => {
    const moved = () => new Response(null, { status: 307, headers: { location: `http://127.0.0.1:${server.port}/elsewhere` } });
    expect(await after(moved)).toMatchObject({ last_error: "redirected" });
    expect(heard.length).toBe(1);
  });
});

test("an endpoint that was switched off is owed nothing more, and on again it is", async () => {
  const { id } = await hook();
  await patchWebhook(here.chat, here.ann, { webhook_id: id, disabled: true });
  await postMessage(here.chat, here.ann, draftFor(here.pier, "unheard"));
  expect(await refusalOf(testWebhook(here.chat, here.ann, { webhook_id: id }))).toBe("conflict");
  await patchWebhook(here.chat, here.ann, { webhook_id: id, disabled: false });
  await postMessage(here.chat, here.ann, draftFor(here.pier, "heard"));
  await deliver();
  expect(heard.map(({ body }) => body.data.message.content)).toEqual(["heard"]);
});

test("an endpoint that was taken away is told nothing of what was owed to it", async () => {
  const { id } = await hook();
  await postMessage(here.chat, here.ann, draftFor(here.pier, "too late"));
  await removeWebhook(here.chat, here.ann, { webhook_id: id });
  await deliver();
  expect(heard).toEqual([]);
  expect(await rows()).toMatchObject([{ state: "dead", last_error: "disabled" }]);
  expect(await refusalOf(patchWebhook(here.chat, here.ann, { webhook_id: id, disabled: false }))).toBe("not_found");
});

test("an address that is none of the web's, or holds a password, is refused", async () => {
  for (const url of ["ftp://a.test/", "file:///etc/passwd", "no address", "https://a:b@c.test/", "https://c.test/#d"])
    expect([url, await refusalOf(createWebhook(here.chat, here.ann, { url, events: ["message.created"] }))]).toEqual([url, "invalid"]);
});
