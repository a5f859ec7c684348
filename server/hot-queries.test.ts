import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { eq, gt, sql } from "drizzle-orm";
import { findTold } from "../db/told-islands.ts";
import { acknowledge } from "./chat/acks.ts";
import { createApiKey } from "./chat/api-keys.ts";
import { openConversation } from "./chat/conversation.ts";
import { actFor, keyShown } from "./chat/key-rights.ts";
import { storeUses } from "./chat/key-uses.ts";
import { listMembers } from "./chat/members.ts";
import { joinRoom } from "./chat/membership.ts";
import { listMoves } from "./chat/moves.ts";
import { editMessage, getMessage, pageMessages, postMessage, removeMessage } from "./chat/messages.ts";
import { readyPage } from "./chat/ready-pages.ts";
import { renewed } from "./chat/renewed.ts";
import type { Carried } from "./chat/carried.ts";
import { createDeliverer } from "./chat/deliveries.ts";
import { owe } from "./chat/outbox.ts";
import { createRoom, listPublicRooms, listRooms } from "./chat/rooms.ts";
import { principalOf, signInAs } from "./chat/sign-ins.ts";
import { sinceRev } from "./chat/since.ts";
import { pageThread } from "./chat/threads.ts";
import { issueTicket, redeemTicket } from "./chat/tickets.ts";
import { personKey } from "./chat/user-rows.ts";
import { listUsers } from "./chat/users.ts";
import { type Recorded, recordedStore } from "./testing/plans.ts";
import { type House, house } from "./testing/seat.ts";
import { draftFor } from "./testing/world.ts";

const PEOPLE = 3_000; // with hundreds, reading all of them for the names of a page would be right
const LINES = 3_000;
const MS = Date.UTC(2020, 0);
/** Each of them is in its answer, and a dm or group holds no more than its maker named. */
const PEOPLE_OF_DMS = /^select "room_id", "user_id" from "members"/u;
/** No verb ever writes it again. */
const ARRANGING = /^update "messages" set "reply_to"/u;

describe.each(["sqlite", "postgres"] as const)("on %s", (dialect) => {
  let recorded: Recorded;
  let here: House;
  beforeEach(async () => {
    recorded = await recordedStore(dialect);
    here = await house({}, { opened: recorded.opened });
  });
  afterEach(() => here.dispose());

  test("no query on the path of a message grows with the room or the workspace", async () => {
    const room = await fill(here);
    await recorded.begin();
    await talk(here, room);
    const plans = await recorded.planned();
    for (const table of ["rooms", "members", "users", "user_names", "messages", "mentions", "sign_ins", "ws_tickets", "api_keys"])
      expect([table, plans.some(({ text }) => new RegExp(`\\b${table}\\b`, "u").test(text))]).toEqual([table, true]);
    expect(plans.length).toBeGreaterThan(25);
    const growing = plans.filter(({ text, grows }) => grows.length > 0 && !ARRANGING.test(text));
    expect(growing.filter(({ grows, text }) => !(PEOPLE_OF_DMS.test(text) && grows.every((step) => step.includes("room_id"))))).toEqual([]);
  });

  /** What of the path of a delivery grows where many others are owed, planned when those were there or when nothing was yet. */
  const growingForDelivery = async (known: "all" | "nothing"): Promise<unknown[]> => {
    const { chat, ann } = here;
    const deliverer = createDeliverer(chat, () => 0.5);
    const ends: Carried[] = [
      { done: true, status: 200 },
      { failed: "refused", status: 500 },
      { failed: "gone", status: 410 },
    ];
    chat.hooks.bind("delivery.attempt", (event) => void (event.carried = ends.pop() ?? { moot: true }));
    await chat.store.write((tx) => tx.insert(chat.store.t.webhooks).values(webhookOf(here)));
    const debt = {
      tenant_id: ann.tenant_id,
      courier: "webhook",
      target_id: "hook",
      event: "message.created",
      room_id: null,
      subject_id: "m",
    } as const;
    const later = Array.from({ length: LINES }, () => ({ ...debt, after_ms: 3_600_000 }));
    if (known === "nothing") await recorded.begin();
    await chat.store.write((tx) => owe(chat, tx, later));
    if (known === "all") await recorded.begin();
    await chat.store.write((tx) =>
      owe(
        chat,
        tx,
        Array.from({ length: 20 }, () => debt),
      ),
    );
    await deliverer.deliver();
    await deliverer.idle();
    const plans = (await recorded.planned()).filter(({ text }) => /deliveries|webhooks/u.test(text));
    expect(plans.length).toBeGreaterThan(4);
    return plans.filter(({ grows }) => grows.length > 0);
  };

  test("no query on the path of a delivery grows with what is owed", async () => expect(await growingForDelivery("all")).toEqual([]));

  test("no query on the path of a delivery grows with what has come to be owed since it was planned", async () =>
    expect(await growingForDelivery("nothing")).toEqual([]));

  test("a query without an index would be found, and so would one that reads a whole room or workspace", async () => {
    await fill(here);
    await recorded.begin();
    const { read, t } = here.chat.store;
    const one = sql<number>`1`;
    await read.select({ one }).from(t.messages).where(eq(t.messages.content, "no index on this"));
    await read.select({ one }).from(t.users).where(eq(t.users.display_name, "nor on this"));
    await read.select({ one }).from(t.messages).where(eq(t.messages.room_id, "all of it"));
    await read.select({ one }).from(t.mentions).where(eq(t.mentions.tenant_id, "all of it")).orderBy(t.mentions.seq).limit(1);
    const found = (await recorded.planned()).filter(({ text, grows }) => text.startsWith("select 1 ") && grows.length > 0);
    expect(found.map(({ text }) => /from "(\w+)"/u.exec(text)?.[1] ?? "").sort()).toEqual(["mentions", "messages", "messages", "users"]);
  });
});

const webhookOf = ({ ann, chat }: House) => ({
  tenant_id: ann.tenant_id,
  id: "hook",
  url: "https://hooks.test/",
  events: [],
  include_private: false,
  secrets: [],
  description: "",
  failures: 0,
  rest_until: 0,
  created_at: chat.now(),
  updated_at: chat.now(),
});

/** A room of many with ann, bob and cy in it, beside another as large. */
async function fill({ chat, ann, bob, cy }: House): Promise<{ id: string }> {
  const speakers = Array.from({ length: PEOPLE }, (_, i) => ({ username: `person-${i}`, at: MS }));
  let room_id = "";
  for (const channel of ["first", "second"]) {
    const conversation = await openConversation(chat, ann.tenant_id, { channel, description: "", born_at: MS });
    for (let i = 0; i < PEOPLE; i += 500) await conversation.seat(speakers.slice(i, i + 500));
    const lines = Array.from({ length: LINES }, (_, i) => {
      const username = `person-${i % PEOPLE}`;
      return { client_id: `line-${channel}-${String(i).padStart(8, "0")}`, at: MS + i, username, content: `@person-${(i * 7) % PEOPLE} no. ${i}` };
    });
    for (let i = 0; i < LINES; i += 1_000) await conversation.put(lines.slice(i, i + 1_000));
    for (const who of [ann, bob, cy]) await joinRoom(chat, who, conversation);
    room_id = conversation.room_id;
  }
  const { messages } = chat.store.t;
  const replied = sql`(select earlier.id from messages earlier where earlier.room_id = messages.room_id and earlier.seq = messages.seq - 2)`;
  await chat.store.write((tx) => tx.update(messages).set({ reply_to: replied }).where(gt(messages.seq, 2)));
  return { id: room_id };
}

/** All that happens to messages, by both doors. */
async function talk({ chat, ann, bob, cy, live, seat }: House, room: { id: string }): Promise<void> {
  const place = { room_id: room.id };
  const hearing = await seat(bob, { sync: { type: "sync", rooms: [[room.id, 10]] } });
  const behind = await seat(cy, { sync: { type: "sync" } });
  const { message } = await postMessage(chat, ann, draftFor(room, "@bob and @room, look"));
  const again = draftFor(room, "an answer", { reply_to: message.id });
  await Promise.all([postMessage(chat, bob, again), postMessage(chat, bob, again)]);
  await editMessage(chat, ann, { ...place, message_id: message.id, content: "look, @bob" });
  await removeMessage(chat, ann, { ...place, message_id: message.id });
  await getMessage(chat, bob, { ...place, message_id: message.id });
  await findTold(chat.store.read, { tenant_id: ann.tenant_id, ...place, message_id: message.id }); // as a webhook does
  for (const asked of [{}, { before_seq: 500 }, { after_seq: 500 }, { around_seq: 500 }, { around_time: new Date(MS + 1_000).toISOString() }])
    for (const thread of [undefined, message.id])
      await (thread === undefined ? pageMessages(chat, cy, { ...place, ...asked }) : pageThread(chat, cy, { ...place, ...asked, thread }));
  for (let time = 0; time < 2; time += 1) await readyPage(chat, cy, { ...place, before_seq: 500 }); // read, and asked whether it still is so
  await sinceRev(chat, cy, { ...place, since_rev: 1_000 });
  await acknowledge(chat, cy, { ...place, seq: 2 });
  await createRoom(chat, ann, { type: "dm", user_ids: [bob.user_id] });
  await listRooms(chat, bob);
  await listPublicRooms(chat, cy);
  await listMembers(chat, bob, place);
  await listMoves(chat, bob, { ...place, after_rev: 100, until_rev: 4_000 });
  await listMembers(chat, bob, { ...place, q: "person-1" });
  await listUsers(chat, bob, { q: "person-1" });
  const [person] = await chat.store.read
    .select()
    .from(chat.store.t.users)
    .where(personKey(chat, bob.tenant_id, bob.user_id));
  if (!person) throw new Error("bob is not there");
  const { sign_in_id } = await signInAs(chat, person, { device: "a test", address: "" });
  await principalOf(chat, { tid: bob.tenant_id, sub: bob.user_id, sid: sign_in_id });
  const { key = "" } = await createApiKey(chat, ann, { name: "a server's", scope: "server" });
  const shown = await keyShown(chat, key);
  if (!shown) throw new Error("The key is not there");
  await renewed(chat, await actFor(chat, shown, { user_id: bob.user_id }));
  await storeUses(chat);
  const { ticket } = await issueTicket(chat, bob, { origin: null });
  await redeemTicket(chat, { ticket, origin: null });
  await live.look();
  await hearing.ask({ type: "typing", ...place, is_typing: true });
  await behind.close();
}
