/** Whoever held a room once and heard its frames since holds what a fresh page would give: after every change, every outage, every length. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import fc from "fast-check";
import { listMembers } from "../chat/members.ts";
import { addMember, joinRoom, leaveRoom, removeMember, setMemberRole } from "../chat/membership.ts";
import { editMessage, pageMessages, postMessage, removeMessage } from "../chat/messages.ts";
import type { Principal } from "../chat/principal.ts";
import { createRoom, getRoom, patchRoom } from "../chat/rooms.ts";
import { patchMe, patchUser } from "../chat/users.ts";
import type { Member, Message, Room, ServerFrame, User } from "../protocol.ts";
import { refusalOf } from "../testing/refusals.ts";
import { type House, house, type Seat } from "../testing/seat.ts";
import { draft, draftFor } from "../testing/world.ts";

let here: House;
let dan: Principal;
beforeAll(async () => {
  here = await house();
  dan = await here.person("tenant-one", "dan", "admin");
});
afterAll(() => here.dispose());

type Held = { room: Room; messages: Map<string, Message>; members: Map<string, Member>; users: Map<string, User> };

/** What a member finds who asks now: nothing of it from frames. */
async function snapshot(who: Principal, room_id: string): Promise<Held> {
  const page = await pageMessages(here.chat, who, { room_id, limit: 200 });
  const people = (await listMembers(here.chat, who, { room_id })).items;
  const { online: _, me: __, ...room } = await getRoom(here.chat, who, { room_id });
  return {
    room,
    messages: new Map(page.items.map((message) => [message.id, message])),
    members: new Map(people.map(({ member }) => [member.user_id, member])),
    users: new Map([...people.map(({ user }) => user), ...page.users].map((user) => [user.id, user])),
  };
}

/** As a client does it: a row replaces what it knows if its rev is newer. */
function hear(held: Held, frame: ServerFrame): void {
  if (frame.type === "user") held.users.set(frame.user.id, frame.user);
  if (frame.type === "room" && frame.room.id === held.room.id) {
    const { online: _, me: __, ...room } = frame.room;
    held.room = room; // the row as it is now: what it leaves out is so no longer
  }
  if (frame.type === "message" && frame.message.room_id === held.room.id) {
    held.users.set(frame.user.id, frame.user);
    if ((held.messages.get(frame.message.id)?.rev ?? 0) < frame.message.rev) held.messages.set(frame.message.id, frame.message);
  }
  if (frame.type === "member" && frame.member.room_id === held.room.id) {
    held.users.set(frame.user.id, frame.user);
    if (frame.member.left_at !== undefined) held.members.delete(frame.member.user_id);
    else held.members.set(frame.member.user_id, frame.member);
  }
}

/** The room's own counters go on with every message, which no `room` frame repeats: a client takes them from the rows. */
function comparable({ room, messages, members, users }: Held): object {
  const { last_seq: _, last_rev: __, archived_at, ...rest } = room;
  const present = [...members.keys(), ...[...messages.values()].map(({ sender_id }) => sender_id)];
  const inOrder = [...messages.values()].sort((a, b) => a.seq - b.seq);
  return {
    room: { ...rest, archived: archived_at !== undefined },
    messages: inOrder.map((message) => ({ ...message, replies: counted(inOrder, message) })),
    members: [...members.values()].sort((a, b) => a.user_id.localeCompare(b.user_id)),
    users: [...new Set(present)].sort().map((id) => users.get(id)),
  };
}

/** A page tells it, frames do not: who holds the answers counts them. */
function counted(messages: readonly Message[], { id }: Message): Message["replies"] {
  const answers = messages.filter(({ reply_to, removed_at }) => reply_to === id && removed_at === undefined);
  const last = answers.at(-1);
  const user_ids = [...new Set(answers.map(({ sender_id }) => sender_id))].slice(0, 3);
  return last && { count: answers.length, last_seq: last.seq, last_at: last.created_at, user_ids };
}

type Change = { verb: string; who: number; of: number; text: string };
const verbs: Record<string, (room_id: string, change: Change, messages: readonly Message[]) => Promise<unknown>> = {
  post: (room_id, { who, text }) => postMessage(here.chat, person(who), { room_id, ...draft(text) }),
  reply: (room_id, { who, of, text }, messages) => {
    const { id } = messages[of % messages.length] ?? {};
    return postMessage(here.chat, person(who), { room_id, ...draft(`${text} @bob`, { ...(id !== undefined && { reply_to: id }), meta: { of } }) });
  },
  edit: (room_id, { who, of, text }, messages) =>
    editMessage(here.chat, person(who), { room_id, message_id: messages[of % messages.length]?.id ?? "none", content: text }),
  remove: (room_id, { who, of }, messages) =>
    removeMessage(here.chat, person(who), { room_id, message_id: messages[of % messages.length]?.id ?? "none" }),
  rename: (room_id, { text }) => patchRoom(here.chat, here.ann, { room_id, name: `${text} ${room_id}`, description: text }),
  archive: (room_id, { of }) => patchRoom(here.chat, here.ann, { room_id, archived: of % 2 === 0 }),
  hide: (room_id, { of }) => patchRoom(here.chat, here.ann, { room_id, visibility: of % 2 === 0 ? "private" : "public" }),
  add: (room_id, { of }) => addMember(here.chat, here.ann, { room_id, user_id: person(of).user_id }),
  join: (room_id, { of }) => joinRoom(here.chat, person(of), { room_id }),
  leave: (room_id, { of }) => leaveRoom(here.chat, others(of), { room_id }),
  putOut: (room_id, { of }) => removeMember(here.chat, here.ann, { room_id, user_id: others(of).user_id }),
  promote: (room_id, { of }) => setMemberRole(here.chat, here.ann, { room_id, user_id: person(of).user_id, role: of % 2 === 0 ? "admin" : "member" }),
  crown: (room_id, { of }) => setMemberRole(here.chat, person(of), { room_id, user_id: person(of + 1).user_id, role: "owner" }),
  callOneself: (_room_id, { who, text }) => patchMe(here.chat, person(who), { display_name: `${text} ${who}` }),
  giveRole: (_room_id, { of }) => patchUser(here.chat, here.ann, { user_id: others(of).user_id, role: of % 2 === 0 ? "admin" : "member" }),
};
const person = (number: number): Principal => [here.ann, here.bob, here.cy, dan][number % 4] ?? here.ann;
const others = (number: number): Principal => (number % 2 === 0 ? here.cy : dan);

test("what bob held, and every frame since, is what a fresh page would give him: for each verb and any order of them", async () => {
  const change = fc.record({
    verb: fc.constantFrom(...Object.keys(verbs)),
    who: fc.nat(3),
    of: fc.nat(11),
    text: fc.constantFrom("a", "b", "ü 🙂", "x".repeat(300)),
  });
  // Each can be done in the order in which they stand: it stays open, dan comes and is put out, bob's role is said again, and ann hands it over.
  const meant: Record<string, number> = { archive: 3, add: 3, putOut: 3, promote: 1, crown: 0 };
  const each = Object.keys(verbs).map((verb) => ({ verb, who: 0, of: meant[verb] ?? 2, text: "each" }));
  let made = 0;
  const done = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 5, maxLength: 25 }), async (changes) => {
      made += 1;
      const input = { type: "channel", name: `held ${made} ${Bun.nanoseconds()}`, visibility: "public" } as const;
      const { room } = await createRoom(here.chat, here.ann, { ...input, user_ids: [here.bob.user_id, here.cy.user_id] });
      await postMessage(here.chat, here.ann, draftFor(room, "first"));
      const bob = await here.seat(here.bob);
      const held = await snapshot(here.bob, room.id);
      let heard = bob.frames.length;
      for (const one of made === 1 ? [{ verb: "post", who: 0, of: 0, text: "one" }, ...each] : changes) {
        const told = await refusalOf(Promise.try(() => verbs[one.verb]?.(room.id, one, [...held.messages.values()])));
        if (told === "not refused") done.add(one.verb);
        await bob.heard("pong");
        for (; heard < bob.frames.length; heard += 1) hear(held, bob.frames[heard] ?? { type: "pong" });
        const fresh = await snapshot(here.bob, room.id);
        expect(comparable(held)).toEqual(comparable(fresh));
        for (const message of fresh.messages.values()) expect(message.replies).toEqual(counted([...held.messages.values()], message));
      }
      await bob.close();
    }),
    { numRuns: 25 },
  );
  expect([...done].sort()).toEqual(Object.keys(verbs).sort());
}, 120_000);

test("three members with different outages hold the same list, 1 to n without a hole and each message once", async () => {
  const { chat, ann, bob, cy } = here;
  const { room } = await createRoom(chat, ann, {
    type: "channel",
    name: "outages",
    visibility: "public",
    user_ids: [bob.user_id, cy.user_id, dan.user_id],
  });
  const lists = new Map<string, Map<number, string>>();
  const cursors = new Map<string, number>();
  const take = (who: Principal, frames: readonly ServerFrame[]): void => {
    const list = lists.get(who.user_id) ?? new Map<number, string>();
    lists.set(who.user_id, list);
    for (const frame of frames) {
      if (frame.type !== "message" || frame.message.room_id !== room.id) continue;
      const told = `${frame.message.id} ${frame.message.content}`;
      expect(list.get(frame.message.seq) ?? told).toBe(told);
      list.set(frame.message.seq, told);
      cursors.set(who.user_id, Math.max(cursors.get(who.user_id) ?? 0, frame.message.rev));
    }
  };
  const listens = async (who: Principal, meanwhile: () => Promise<unknown>): Promise<void> => {
    const seat = await here.seat(who, { sync: { type: "sync", epoch: "epoch-1", rooms: [[room.id, cursors.get(who.user_id) ?? room.last_rev]] } });
    await meanwhile();
    await seat.heard("pong");
    take(who, seat.frames);
    await seat.close();
  };
  let said = 0;
  const burst = (count: number) => Promise.all(Array.from({ length: count }, () => postMessage(chat, ann, draftFor(room, `said ${(said += 1)}`))));
  await listens(bob, () => burst(30)); // cy and dan are away
  await Promise.all([listens(bob, () => burst(20)), listens(cy, () => burst(25))]); // dan is away
  await burst(40); // nobody is here
  await listens(dan, () => burst(10));
  await Promise.all([bob, cy, dan].map((who) => listens(who, () => burst(15))));
  await Promise.all([bob, cy, dan].map((who) => listens(who, async () => {})));
  const stored = new Map<number, string>();
  for (let after_seq = 0; after_seq < said; after_seq += 100) {
    const { items } = await pageMessages(chat, ann, { room_id: room.id, after_seq, limit: 100 });
    for (const { seq, id, content } of items) stored.set(seq, `${id} ${content}`);
  }
  const inOrder = (list: Map<number, string> | undefined) => [...(list ?? [])].sort(([a], [b]) => a - b);
  expect([...stored.keys()]).toEqual(Array.from({ length: said }, (_, i) => i + 1));
  expect(new Set(stored.values()).size).toBe(said);
  for (const who of [bob, cy, dan]) expect(inOrder(lists.get(who.user_id))).toEqual([...stored]);
});

test("a resume of eight megabytes arrives whole: it waits for its reader and does not close its own socket", async () => {
  const { chat, ann, bob } = here;
  const { room } = await createRoom(chat, ann, { type: "channel", name: "long", visibility: "private", user_ids: [bob.user_id] });
  const posts = Array.from({ length: 1_500 }, (_, i) => draftFor(room, `${String(i).padStart(5, "0")} ${"🙂".repeat(1_350)}`)); // 5.4 KB
  for (let from = 0; from < posts.length; from += 250) await Promise.all(posts.slice(from, from + 250).map((one) => postMessage(chat, ann, one)));
  const seat: Seat = await here.seat(bob, { sync: { type: "sync", epoch: "epoch-1", rooms: [[room.id, room.last_rev]] } });
  const messages = await seat.heard("message");
  expect(Buffer.byteLength(JSON.stringify(messages))).toBeGreaterThan(8 << 20);
  expect(messages.map(({ message }) => message.seq)).toEqual(Array.from({ length: 1_500 }, (_, i) => i + 1));
  const synced = await seat.heard("synced");
  expect(synced.filter(({ room_id }) => room_id === room.id).map(({ verdict }) => verdict)).toEqual(["resumed"]);
  await postMessage(chat, ann, draftFor(room, "and live"));
  expect((await seat.contents()).at(-1)).toBe("and live");
  await seat.close();
}, 60_000);
