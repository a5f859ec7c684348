import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { asc } from "drizzle-orm";
import { webhooks } from "../plugins/webhooks.ts";
import { draftFor, world, type World } from "../testing/world.ts";
import { endpointsOf } from "./endpoints.ts";
import { joinRoom, removeMember } from "./membership.ts";
import { editMessage, postMessage, removeMessage } from "./messages.ts";
import { owe } from "./outbox.ts";
import type { Principal } from "./principal.ts";
import { createRoom } from "./rooms.ts";

let here: World;
beforeEach(async () => {
  here = await world();
  webhooks(here.chat, { post: async () => ({ failed: "fault", status: null }) });
});
afterEach(() => here.dispose());

const EVERY = ["message.created", "message.changed", "message.offline", "room.created", "member.joined", "member.left"];

async function endpoint({ chat }: World, { tenant_id }: Principal, more: { events?: string[]; include_private?: boolean } = {}): Promise<string> {
  const id = chat.newId();
  const now = chat.now();
  const row = {
    tenant_id,
    id,
    url: "https://hooks.test/",
    events: EVERY,
    include_private: false,
    secrets: [],
    description: "",
    failures: 0,
    ...more,
  };
  const rest = { rest_until: 0, disabled_at: null, disabled_reason: null, created_by: null, created_at: now, updated_at: now };
  await chat.store.write((tx) => tx.insert(chat.store.t.webhooks).values({ ...row, ...rest }));
  await endpointsOf(chat).look();
  return id;
}

/** `event target subject` of each row, in the order in which they were written. */
async function owedIn({ chat }: World): Promise<string[]> {
  const { deliveries } = chat.store.t;
  const rows = await chat.store.read.select().from(deliveries).orderBy(asc(deliveries.id));
  return rows.map(({ event, target_id, subject_id }) => `${event} ${target_id} ${subject_id}`);
}

const openRoom = async ({ chat, ann }: World) => (await createRoom(chat, ann, { type: "channel", name: "pier", visibility: "public" })).room;

test("a post owes one row to each endpoint that asked for it, however many are in the room", async () => {
  const [one, two] = [await endpoint(here, here.ann), await endpoint(here, here.ann, { events: ["message.created"] })];
  await endpoint(here, here.ann, { events: ["member.left"] });
  const pier = await openRoom(here);
  for (const who of [here.bob, here.cy]) await joinRoom(here.chat, who, { room_id: pier.id });
  const before = (await owedIn(here)).length;
  const { message } = await postMessage(here.chat, here.ann, draftFor(pier, "all aboard"));
  const owed = (await owedIn(here)).slice(before);
  expect(owed.toSorted()).toEqual([
    `message.created ${one} ${message.id}`,
    `message.created ${two} ${message.id}`,
    `message.offline ${one} ${message.id}`,
  ]);
});

test("a retry of a post owes nothing again", async () => {
  await endpoint(here, here.ann);
  const pier = await openRoom(here);
  const draft = draftFor(pier, "once");
  await Promise.all([postMessage(here.chat, here.ann, draft), postMessage(here.chat, here.ann, draft)]);
  const owed = (await owedIn(here)).length;
  await postMessage(here.chat, here.ann, draft);
  expect((await owedIn(here)).length).toBe(owed);
});

test("an edit, a removal, a new room, and who comes and goes are owed as they happen", async () => {
  const hook = await endpoint(here, here.ann, { events: EVERY.filter((event) => event !== "message.offline") });
  const { chat, ann, bob } = here;
  const pier = await openRoom(here);
  await joinRoom(chat, bob, { room_id: pier.id });
  const { message } = await postMessage(chat, ann, draftFor(pier, "fisrt"));
  await editMessage(chat, ann, { room_id: pier.id, message_id: message.id, content: "first" });
  await editMessage(chat, ann, { room_id: pier.id, message_id: message.id, content: "first" });
  await removeMessage(chat, ann, { room_id: pier.id, message_id: message.id });
  await removeMember(chat, ann, { room_id: pier.id, user_id: bob.user_id });
  const changed = `message.changed ${hook} ${message.id}`;
  expect(await owedIn(here)).toEqual([
    `room.created ${hook} ${pier.id}`,
    `member.joined ${hook} ${bob.user_id}`,
    `message.created ${hook} ${message.id}`,
    changed,
    changed,
    `member.left ${hook} ${bob.user_id}`,
  ]);
});

describe("of a dm, a group and a private channel", () => {
  const said = async ({ chat, ann, bob, room, clock }: World): Promise<void> => {
    const { room: dm } = await createRoom(chat, ann, { type: "dm", user_ids: [bob.user_id] });
    const { room: group } = await createRoom(chat, ann, { type: "group", user_ids: [bob.user_id] });
    for (const place of [dm, group, room]) {
      await postMessage(chat, ann, draftFor(place, "between us"));
      clock.advance(1_000);
    }
  };

  test("nothing is owed to an endpoint that hears of what is open", async () => {
    await endpoint(here, here.ann);
    await said(here);
    expect(await owedIn(here)).toEqual([]);
  });

  test("everything is owed to one that was given the private too", async () => {
    await endpoint(here, here.ann, { events: ["message.created"], include_private: true });
    await said(here);
    expect((await owedIn(here)).length).toBe(3);
  });
});

test("what happens in ann's workspace is owed to no endpoint of mallory's", async () => {
  await endpoint(here, here.mallory, { include_private: true });
  await postMessage(here.chat, here.ann, draftFor(await openRoom(here), "ours"));
  expect(await owedIn(here)).toEqual([]);
});

test("an endpoint that another process made is known at the next look, and one that it switched off no more", async () => {
  const { chat, ann, clock } = here;
  const { webhooks: table } = chat.store.t;
  const hook = await endpoint(here, ann, { events: ["message.created"] });
  const pier = await openRoom(here);
  await postMessage(chat, ann, draftFor(pier, "heard"));
  clock.advance(1_000);
  await chat.store.write((tx) => tx.update(table).set({ disabled_at: chat.now(), updated_at: chat.now() }));
  await endpointsOf(chat).look();
  await postMessage(chat, ann, draftFor(pier, "unheard"));
  expect((await owedIn(here)).map((one) => one.split(" ")[1])).toEqual([hook]);
});

test("what a post owes is stored with it or not at all", async () => {
  await endpoint(here, here.ann);
  const { chat, ann } = here;
  const pier = await openRoom(here);
  const before = await owedIn(here);
  const debt = {
    tenant_id: ann.tenant_id,
    courier: "webhook",
    target_id: "hook",
    event: "message.created",
    room_id: pier.id,
    subject_id: "m",
  } as const;
  const failing = chat.store.write(async (tx) => {
    await owe(chat, tx, [debt]);
    throw new Error("on second thoughts");
  });
  await expect(failing).rejects.toThrow("on second thoughts");
  expect(await owedIn(here)).toEqual(before);
  await chat.store.write((tx) => owe(chat, tx, [debt]));
  expect((await owedIn(here)).length).toBe(before.length + 1);
});

test("a plugin that fails to say what it owes is logged and fails no post", async () => {
  const { chat, ann, room, faults } = here;
  chat.hooks.owing(() => {
    throw new Error("a faulty plugin");
  });
  await postMessage(chat, ann, draftFor(room, "stored all the same"));
  expect(faults.map(String)).toEqual(["Error: a faulty plugin"]);
});
