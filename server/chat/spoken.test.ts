/**
 * One's own words are read by being said, if all before them was: whoever speaks is not written down with each post, and yet everybody's ack is at every
 * moment what it would be if they were.
 */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { and, eq } from "drizzle-orm";
import { openStore } from "../../db/open.ts";
import { testStore, type TestStore } from "../testing/store.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { acknowledge, markUnread } from "./acks.ts";
import type { Chat } from "./chat.ts";
import { openConversation } from "./conversation.ts";
import { undeliveredTo } from "./dead-letters.ts";
import { addMember, joinRoom, leaveRoom, setMemberRole } from "./membership.ts";
import { postMessage } from "./messages.ts";
import type { Principal } from "./principal.ts";
import { listReceipts } from "./receipts.ts";
import { createRoom, getRoom, listRooms, patchRoom } from "./rooms.ts";
import { sinceAck } from "./since.ts";
import { patchConfig } from "./tenant-config.ts";

let opened: TestStore;
let here: World;
beforeEach(async () => {
  opened = await testStore();
  here = await world({ opened });
});
afterEach(() => here.dispose());

const place = () => ({ room_id: here.room.id });
const says = async (who: Principal, ...contents: string[]): Promise<void> => {
  for (const content of contents) await postMessage(here.chat, who, draftFor(here.room, content));
};
const acks = async (who: Principal, seq: number): Promise<void> => acknowledge(here.chat, who, { ...place(), seq });
/** Up to where they have read, and how much they have not. */
const has = async (who: Principal): Promise<unknown> => {
  const { me } = await getRoom(here.chat, who, place());
  return [me?.acked_seq, me?.unread];
};
const rowOf = async ({ tenant_id, user_id }: Principal) => {
  const { members } = here.chat.store.t;
  const mine = and(eq(members.tenant_id, tenant_id), eq(members.room_id, here.room.id), eq(members.user_id, user_id));
  const [row] = await here.chat.store.read.select({ seq: members.acked_seq, at: members.acked_at }).from(members).where(mine);
  return row;
};

describe("who goes on speaking", () => {
  test("has all they said, and their row is written once another speaks: up to their last, at its time", async () => {
    const { ann, bob, clock } = here;
    const before = await rowOf(bob);
    clock.advance(1_000);
    await says(bob, "one", "two");
    clock.advance(1_000);
    await says(bob, "three");
    expect([await has(bob), await has(ann)]).toEqual([
      [3, 0],
      [0, 3],
    ]);
    expect(await rowOf(bob)).toEqual(before);
    const at = clock.now();
    clock.advance(1_000);
    await says(ann, "four");
    expect([await has(bob), await rowOf(bob), await has(ann)]).toEqual([[3, 1], { seq: 3, at }, [0, 4]]);
  });

  test("has none of it while something before it is not read, and an ack of theirs reads no further than it says", async () => {
    const { ann, bob } = here;
    await says(ann, "one", "two");
    await says(bob, "three", "four");
    expect(await has(bob)).toEqual([0, 4]);
    for (const [seq, left] of [1, 3].map((one) => [one, 4 - one])) {
      await acks(bob, seq ?? 0);
      expect(await has(bob)).toEqual([seq, left]);
    }
    await says(bob, "five");
    expect(await has(bob)).toEqual([3, 2]);
    await acks(bob, 5);
    await says(bob, "six");
    expect(await has(bob)).toEqual([6, 0]);
    await says(ann, "seven");
    expect(await has(bob)).toEqual([6, 1]);
  });

  test("who had it all but for the message before theirs does not have theirs by acking that", async () => {
    const { ann, bob } = here;
    await says(ann, "one");
    await says(bob, "two", "three");
    await acks(bob, 1);
    expect(await has(bob)).toEqual([1, 2]);
    await says(bob, "four");
    await says(ann, "five");
    expect(await has(bob)).toEqual([1, 4]);
  });

  test("has it too where others speak in the same moment: up to the first word of another", async () => {
    const { chat, ann, bob, room } = here;
    const atOnce = async (...people: Principal[]): Promise<void> => {
      const posted = await Promise.all(
        people.map(async (who) => ({ who, seq: (await postMessage(chat, who, draftFor(room, "at once"))).message.seq })),
      );
      expect(posted.toSorted((a, b) => a.seq - b.seq).map(({ who }) => who)).toEqual(people);
    };
    await says(ann, "one"); // whose standing is known answers in the same turn
    await says(bob, "two");
    await acks(bob, 2);
    await says(bob, "three", "four");
    await atOnce(bob, bob, ann, bob);
    expect([await has(bob), await has(ann)]).toEqual([
      [6, 2],
      [1, 7],
    ]);
    await acks(ann, 8);
    await says(ann, "nine");
    await acks(bob, 9);
    await atOnce(bob, bob, ann);
    expect([await has(bob), await has(ann)]).toEqual([
      [11, 1],
      [9, 3],
    ]);
  });

  test("is told so wherever it is asked: to the room, to those who run the workspace, to who lists their rooms, and to a client without state", async () => {
    const { chat, ann, bob } = here;
    await patchConfig(chat, ann, { receipts: true });
    await says(bob, "one", "two @room");
    const other = await createRoom(chat, ann, { type: "channel", visibility: "private", name: "beside", user_ids: [bob.user_id] });
    await postMessage(chat, ann, draftFor(other.room, "or all would be read, and no mention counted"));
    const seqs = async (): Promise<unknown> => (await listReceipts(chat, ann, place())).map(({ seq }) => seq);
    const listed = async () =>
      (await listRooms(chat, bob)).items.filter(({ id }) => id === here.room.id).map(({ me }) => [me?.acked_seq, me?.unread, me?.unread_mentions]);
    const owed = async () => {
      const found = await sinceAck(chat, bob, here.room.id);
      return found === "reset" ? found : found.count;
    };
    const undelivered = async (who: Principal) =>
      (await undeliveredTo(chat, ann, { user_id: who.user_id })).items
        .filter(({ room_id }) => room_id === here.room.id)
        .map(({ acked_seq, undelivered }) => [acked_seq, undelivered]);
    expect([await seqs(), await listed(), await owed(), await undelivered(bob), await undelivered(ann)]).toEqual([[2], [[2, 0, 0]], 0, [], [[0, 2]]]);
    await says(ann, "three @room");
    expect([await seqs(), await listed(), await owed(), await undelivered(bob)]).toEqual([[2], [[2, 1, 1]], 1, [[2, 1]]]);
  });

  test("who left and came back has what was said until then; what is said by whoever follows is not theirs", async () => {
    const { chat, ann, bob } = here;
    await says(bob, "one", "two");
    await leaveRoom(chat, bob, place());
    await addMember(chat, ann, { ...place(), user_id: bob.user_id });
    expect(await has(bob)).toEqual([2, 0]);
    await says(bob, "three");
    await leaveRoom(chat, bob, place());
    await says(ann, "four");
    await addMember(chat, ann, { ...place(), user_id: bob.user_id });
    expect(await has(bob)).toEqual([4, 0]);
    await says(ann, "five");
    expect(await has(bob)).toEqual([4, 1]);
  });

  test("what is put behind it from elsewhere is nobody's who spoke before", async () => {
    const { chat, ann, bob } = here;
    const old = await openConversation(chat, ann.tenant_id, { channel: "Old days", description: "", born_at: here.clock.now() });
    await joinRoom(chat, bob, old);
    const posted = async (content: string) => postMessage(chat, bob, draftFor({ id: old.room_id }, content));
    await posted("one");
    await old.seat([{ username: "ann", at: here.clock.now() }]);
    const line = { client_id: "a-line-of-old-000001", at: here.clock.now(), username: "ann", content: "two" };
    await old.put([line]);
    const { me } = await getRoom(chat, bob, old);
    expect(me).toMatchObject({ acked_seq: 1, unread: 1 });
    await posted("three");
    expect((await getRoom(chat, bob, old)).me).toMatchObject({ acked_seq: 1, unread: 2 });
  });
});

/** The same numbers each time. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** As if each post wrote its sender's ack: that is the rule, and all there is to know of it. */
type Plain = { id: string; said: Principal[]; acked: Map<Principal, number> };
const saidIn = (plain: Plain, who: Principal): void => {
  plain.said.push(who);
  if (plain.acked.get(who) === plain.said.length - 1) plain.acked.set(who, plain.said.length);
};

describe("everybody's ack is as if it had been written with each post, whoever speaks, acks, marks, leaves and comes back in whatever order", () => {
  test.each([1, 2, 3])("by the numbers from %i", async (seed) => {
    const { chat, ann, bob, cy } = here;
    const next = numbersFrom(seed);
    const any = <T>(of: readonly [T, ...T[]]): T => of[next(of.length)] ?? of[0];
    const { once: _, ...underLocks } = chat.store;
    const second = await openStore(opened.url, { postgres: { allow_unsafe_durability: true, pool: 2 } });
    // At once where that may be, under the locks, and another process.
    const chats: [Chat, ...Chat[]] = [chat, { ...chat, store: underLocks }, { ...chat, store: second }];
    const people = [ann, bob, cy] as const;
    await addMember(chat, ann, { ...place(), user_id: cy.user_id });
    const user_ids = [bob.user_id, cy.user_id];
    const beside = async (name: string) => (await createRoom(chat, ann, { type: "channel", visibility: "private", name, user_ids })).room.id;
    const plainOf = (id: string): Plain => ({ id, said: [], acked: new Map(people.map((who) => [who, 0])) });
    const rooms = [plainOf(here.room.id), plainOf(await beside("beside")), plainOf(await beside("besides"))] as const;
    const ackedBy = ({ acked }: Plain, who: Principal): number => acked.get(who) ?? 0;
    await patchConfig(chat, ann, { receipts: true });

    const post = async (by: Chat, plain: Plain, who: Principal) => {
      const { message } = await postMessage(by, who, draftFor(plain, "something"));
      return { plain, who, seq: message.seq };
    };
    const steps = {
      post: async () => {
        const { plain, who } = await post(any(chats), any(rooms), any(people));
        saidIn(plain, who);
      },
      many: async () => {
        const by = any(chats);
        const posted = await Promise.all(Array.from({ length: 2 + next(5) }, () => post(by, any(rooms), any([ann, bob, bob, bob, cy]))));
        for (const { plain, who } of posted.toSorted((a, b) => a.seq - b.seq)) saidIn(plain, who);
      },
      everywhere: async () => {
        const by = any(chats);
        for (const { plain, who } of await Promise.all(rooms.map((plain) => post(by, plain, any(people))))) saidIn(plain, who);
      },
      ack: async () => {
        const [plain, who] = [any(rooms), any(people)];
        const seq = Math.max(0, plain.said.length - next(2) * next(4));
        await acknowledge(any(chats), who, { room_id: plain.id, seq });
        plain.acked.set(who, Math.max(ackedBy(plain, who), seq));
      },
      mark: async () => {
        const [plain, who] = [any(rooms), any(people)];
        const seq = plain.said.length - next(4);
        if (seq < 1) return;
        await markUnread(chat, who, { room_id: plain.id, seq });
        plain.acked.set(who, Math.max(ackedBy(plain, who), seq - 1));
      },
      back: async () => {
        const [plain, who] = [any(rooms), any([bob, cy])];
        await leaveRoom(chat, who, { room_id: plain.id });
        if (next(2) === 0) saidIn(plain, (await post(any(chats), plain, ann)).who);
        await addMember(chat, ann, { room_id: plain.id, user_id: who.user_id });
        plain.acked.set(who, plain.said.length);
      },
      change: async () => {
        const room_id = any(rooms).id;
        if (next(2) === 0) await setMemberRole(chat, ann, { room_id, user_id: any([bob, cy]).user_id, role: any(["admin", "member"]) });
        else await patchRoom(chat, ann, { room_id, description: String(next(1_000)) });
      },
    };
    for (let step = 0; step < 250; step += 1) {
      here.clock.advance(next(3) * 1_000);
      const name = any(["post", "post", "many", "many", "everywhere", "everywhere", "ack", "ack", "mark", "back", "change"] as const);
      await steps[name]();
      for (const who of people) {
        const found = new Map((await listRooms(chat, who)).items.map(({ id, me }) => [id, me?.acked_seq]));
        expect([step, name, ...rooms.map(({ id }) => found.get(id))]).toEqual([step, name, ...rooms.map((plain) => ackedBy(plain, who))]);
      }
      const receipts = await listReceipts(chat, ann, { room_id: rooms[0].id });
      expect(receipts.map(({ seq }) => seq)).toEqual([bob, cy].map((who) => ackedBy(rooms[0], who)));
    }
    for (const { said } of rooms) expect(said.length).toBeGreaterThan(50);
    await second.close();
  });
});
