/** Posts that are one statement on Postgres, beside the same posts under the locks; and all that may be otherwise than they believe, done by another process. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { openStore } from "../../db/open.ts";
import type { Store } from "../../db/store.ts";
import { createMemoryBackplane } from "../backplane/memory.ts";
import { earOf } from "../testing/ear.ts";
import { refusalOf } from "../testing/refusals.ts";
import { testStore } from "../testing/store.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { append, type Appended } from "./append.ts";
import type { Chat } from "./chat.ts";
import { createHooks } from "./hooks.ts";
import { addMember, leaveRoom, removeMember } from "./membership.ts";
import { pageMessages, postMessage } from "./messages.ts";
import { archiveRoom, createRoom, patchRoom } from "./rooms.ts";
import { standingsOf } from "./standing.ts";

let here: World;
let other: Chat; // another process
let admin: SQL;
let told: { atOnce: number; locked: number };
beforeEach(async () => {
  const opened = await testStore("postgres");
  const second = await openStore(opened.url, { postgres: { allow_unsafe_durability: true, pool: 2 } });
  admin = new SQL(opened.url, { max: 1 });
  const dispose = async (): Promise<void> => {
    await Promise.all([second.close(), admin.close()]);
    await opened.dispose();
  };
  here = await world({ opened: { ...opened, dispose } });
  told = { atOnce: 0, locked: 0 };
  other = { ...here.chat, store: second, backplane: createMemoryBackplane(), hooks: createHooks(() => {}) };
  Object.assign(here.chat, { store: counted(here.chat.store) });
});
afterEach(() => here.dispose());

const counted = (store: Store): Store => ({
  ...store,
  write: (work) => ((told.locked += 1), store.write(work)),
  once: (island, values) => ((told.atOnce += 1), store.once?.(island, values) ?? Promise.reject(new Error("not Postgres"))),
});
const rows = async (table: string, columns: string): Promise<unknown[]> => [
  ...(await admin.unsafe(`SELECT ${columns} FROM ${table} ORDER BY 1, 2, 3`).values()),
];
const seqsOf = async (room_id: string): Promise<number[]> =>
  (await rows("messages", `room_id, seq, rev`)).flatMap((row) => (Array.isArray(row) && row[0] === room_id ? Number(row[1]) : []));
const channels = async (count: number) => {
  const { chat, ann, bob } = here;
  const user_ids = [bob.user_id];
  const made = Array.from({ length: count }, (_, i) =>
    createRoom(chat, ann, { type: "channel", name: `channel-${i}`, visibility: "private", user_ids }),
  );
  return (await Promise.all(made)).map(({ room }) => room);
};
const onlyUnderLocks = (chat: Chat): void => {
  const { once: _, ...store } = chat.store;
  Object.assign(chat, { store });
};
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe("a batch of posts that is one statement", () => {
  test.each<[string, number[], number[], number[]]>([
    ["whatever they are", [0, 1, 2, 3, 4, 5], [12, 4, 8, 4], [1, 2, 3, 1, 1, 4, 5, 6, 7, 2, 2, 8]],
    ["plain", [0, 1, 3, 5], [8, 4, 8, 0], [1, 2, 1, 3, 4, 5, 2, 6]],
    ["one in each room", [0, 3], [4, 4, 8, 0], [1, 1, 2, 2]],
  ])("leaves what the same posts leave under the locks, %s: messages, numbers, acks, mentions and what is told", async (_, chosen, lengths, seqs) => {
    const { ann, bob, chat } = here;
    const [first = here.room, second = here.room, third = here.room] = await channels(3);
    const nobody = { user_ids: [], everybody: false };
    const all = [
      { who: bob, room: second, content: 'he said "no" \\ twice', mentions: nobody },
      { who: bob, room: second, content: "NULL", mentions: nobody },
      { who: ann, room: second, content: "@bob @ann look", mentions: { user_ids: [bob.user_id, ann.user_id], everybody: false } },
      { who: ann, room: first, content: "{1,2} ünïcode 🦀\n\ttabs", mentions: nobody },
      { who: bob, room: third, content: "@room", mentions: { user_ids: [], everybody: true }, meta: { a: 'b"\\' } },
      { who: bob, room: second, content: "again", mentions: nobody },
    ];
    const said = all.filter((_, i) => chosen.includes(i));
    const post = async (chat: Chat, round: number): Promise<Appended[]> => {
      const standings = await Promise.all(said.map(({ who, room }) => standingsOf(chat).read(who, room.id)));
      const posts = said.map(({ who, room, mentions, ...draft }, i) => ({
        who,
        room_id: room.id,
        mentions,
        draft: { ...draft, client_id: `"${i}" \\ ${round}` },
      }));
      return Promise.all(standings.flatMap((standing, i) => posts.slice(i, i + 1).map((post) => append(chat, { ...post, standing }))));
    };
    await Promise.all([ann, bob].flatMap((who) => [first, second, third].map((room) => postMessage(chat, who, draftFor(room, "known")))));
    await admin`DELETE FROM messages`;
    const reset = async () => {
      const left = [
        await rows(
          "messages",
          "room_id, seq, rev, born_rev, sender_id, content, meta, mentions, reply_to, created_at, edited_at, removed_at, files, client_id",
        ),
        await rows("rooms", "id, last_seq, last_rev, last_at, rev, rights_rev, updated_at, member_count, speaker_id, spoken_from"),
        await rows("members", "room_id, user_id, acked_seq, acked_at, rev"),
        await rows("mentions", "room_id, user_id, seq"),
      ];
      await admin`DELETE FROM messages`;
      await admin`DELETE FROM mentions`;
      await admin`UPDATE rooms SET last_seq = 0, last_rev = 3, speaker_id = NULL`;
      await admin`UPDATE members SET acked_seq = 0`;
      return left;
    };
    await reset();
    told = { atOnce: 0, locked: 0 };
    onlyUnderLocks(other);
    const ears = [earOf(chat), earOf(other)] as const;
    const answers = [...(await post(chat, 1)), ...(await post(chat, 2))]; // nobody has read all of what was said in the first
    const left = await reset();
    expect(told).toEqual({ atOnce: 2, locked: 0 });
    const answersUnderLocks = [...(await post(other, 1)), ...(await post(other, 2))];
    expect(await reset()).toEqual(left);
    const seqOf = (answer: Appended): number => ("message" in answer && answer.fresh ? answer.message.seq : 0);
    expect([left.map((rows) => rows.length), answers.map(seqOf)]).toEqual([lengths, seqs]);
    const withoutIds = (answers: readonly Appended[]) => JSON.stringify(answers).replaceAll(/"id":"[^"]*"/gu, "");
    expect(withoutIds(answers)).toBe(withoutIds(answersUnderLocks));
    expect(ears[0].contents().toSorted()).toEqual(ears[1].contents().toSorted());
  });

  test("leaves what they leave under the locks when they come one by one, also where the clock was set back", async () => {
    const { ann, bob, chat, clock } = here;
    onlyUnderLocks(other);
    const [alone = here.room, locked = here.room] = await channels(2);
    const leftBy = async (by: Chat, { id }: { id: string }): Promise<unknown[]> => {
      clock.advance(10_000); // later than all that was before
      const from = clock.now();
      for (const [i, who] of [bob, bob, ann, bob].entries()) {
        clock.advance(i === 2 ? -5_000 : 1_000);
        await postMessage(by, who, { room_id: id, client_id: `no. ${i}`, content: `"${i}" {\\}` });
      }
      const asked = [
        `seq, rev, born_rev, sender_id, content, client_id, created_at - ${from} FROM messages WHERE room_id = '${id}' ORDER BY seq`,
        `last_seq, last_rev, rev, rights_rev, speaker_id, spoken_from, last_at - ${from}, updated_at - ${from} FROM rooms WHERE id = '${id}'`,
        `user_id, acked_seq, rev, CASE acked_seq WHEN 0 THEN 0 ELSE acked_at - ${from} END FROM members WHERE room_id = '${id}' ORDER BY user_id`,
      ];
      return Promise.all(asked.map(async (columns) => [...(await admin.unsafe(`SELECT ${columns}`).values())]));
    };
    told = { atOnce: 0, locked: 0 };
    const left = await leftBy(chat, alone);
    expect(told).toEqual({ atOnce: 4, locked: 0 });
    expect(left).toEqual(await leftBy(other, locked));
    expect(await seqsOf(alone.id)).toEqual([1, 2, 3, 4]);
  });

  test("holds a twin once, and what bob says by the same client_id besides", async () => {
    const { chat, ann, bob, room } = here;
    for (const who of [ann, bob]) await postMessage(chat, who, draftFor(room, "known"));
    const draft = draftFor(room, "once");
    const [anns, bobs, annsTwin, bobsTwin] = await Promise.all([ann, bob, ann, bob].map((who) => postMessage(chat, who, draft)));
    expect([anns, bobs, annsTwin, bobsTwin].map((posted) => posted?.duplicate)).toEqual([false, false, true, true]);
    expect([annsTwin?.message, bobsTwin?.message]).toEqual([anns?.message, bobs?.message]);
    expect(await seqsOf(room.id)).toEqual([1, 2, 3, 4]);
    expect(told).toEqual({ atOnce: 3, locked: 0 });
  });

  test("goes under the locks where something must be asked there", async () => {
    const { chat, ann, room } = here;
    const { message } = await postMessage(chat, ann, draftFor(room, "plain"));
    expect(told).toEqual({ atOnce: 1, locked: 0 });
    await postMessage(chat, ann, draftFor(room, "an answer", { reply_to: message.id }));
    expect(told).toEqual({ atOnce: 1, locked: 1 });
  });

  test("takes along what is owed, also to a row that grows; once that is claimed it goes under the locks", async () => {
    const { chat, ann, room } = here;
    chat.hooks.owing(({ tenant_id, event, room, subject_id }) => {
      if (room?.visibility !== "private") return [];
      return [{ tenant_id, courier: "webhook", target_id: "t", event, room_id: room.id, subject_id }];
    });
    const post = async (content: string) => (await postMessage(chat, ann, draftFor(room, content))).message.id;
    const ids = [await post('the "first", alone'), await post("the next"), await post("@bob joins it"), await post("as does this")];
    expect(told).toEqual({ atOnce: 4, locked: 0 });
    const joining = [
      [room.id, ids[1], 1, 1],
      [room.id, ids[3], 0, 0],
    ];
    expect(await rows("deliveries", "subject_id, courier, detail")).toEqual([
      [ids[0], "webhook", null],
      [ids[1], "webhook", JSON.stringify({ more: joining })],
    ]);
    await post("and another");
    const { deliveries } = chat.store.t;
    await chat.store.write((tx) => tx.update(deliveries).set({ attempts: 1, last_attempt_at: chat.now() }));
    ids.push(await post("too late"));
    expect(told).toEqual({ atOnce: 6, locked: 2 }); // the claim was the first
    expect(await rows("deliveries", "subject_id, courier, detail")).toContainEqual([ids[4], "webhook", null]);
    expect(await seqsOf(room.id)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("what another process has done meanwhile", () => {
  test("posts of both, to the same rooms in opposite orders, are numbered without holes, and neither waits in vain", async () => {
    const { chat, ann, bob } = here;
    const rooms = await channels(8);
    for (const asked of [chat, other]) await Promise.all(rooms.map((room) => postMessage(asked, ann, draftFor(room, "known"))));
    told = { atOnce: 0, locked: 0 };
    const burst = async (asked: Chat, who: typeof ann, order: typeof rooms): Promise<void> => {
      for (let round = 0; round < 20; round += 1) await Promise.all(order.map((room) => postMessage(asked, who, draftFor(room, `round ${round}`))));
    };
    await Promise.all([burst(chat, ann, rooms), burst(other, bob, rooms.toReversed())]);
    for (const room of rooms) expect(await seqsOf(room.id)).toEqual(upTo(42));
    const revs = (await pageMessages(chat, ann, { room_id: rooms[0]?.id ?? "", limit: 42 })).items.map(({ rev }) => rev);
    expect(revs).toEqual(upTo(42).map((i) => (revs[0] ?? 0) + i - 1));
    expect(told).toEqual({ atOnce: 20, locked: 0 });
  });

  test("who was put out of the room there is refused here, and who was not is stored", async () => {
    const { chat, ann, bob, room } = here;
    for (const who of [ann, bob]) await postMessage(chat, who, draftFor(room, "known"));
    await removeMember(other, ann, { room_id: room.id, user_id: bob.user_id });
    const [bobs, anns] = await Promise.all([
      refusalOf(postMessage(chat, bob, draftFor(room, "late"))),
      postMessage(chat, ann, draftFor(room, "mine")),
    ]);
    expect([bobs, anns.message.seq]).toEqual(["not_found", 3]);
    expect(await seqsOf(room.id)).toEqual([1, 2, 3]);
    await addMember(other, ann, { room_id: room.id, user_id: bob.user_id });
    expect((await postMessage(chat, bob, draftFor(room, "alone"))).message.seq).toBe(4);
    await removeMember(other, ann, { room_id: room.id, user_id: bob.user_id });
    expect(await refusalOf(postMessage(chat, bob, draftFor(room, "alone and late")))).toBe("not_found");
    expect(await seqsOf(room.id)).toEqual([1, 2, 3, 4]);
  });

  test("a room archived there, or where only admins post by now, takes no post of bob's; that it may takes ann's", async () => {
    const { chat, ann, bob, room } = here;
    const [announced = room] = await channels(1);
    for (const where of [room, announced]) for (const who of [ann, bob]) await postMessage(chat, who, draftFor(where, "known"));
    await patchRoom(other, ann, { room_id: announced.id, posting: "admins" });
    await archiveRoom(other, ann, { room_id: room.id });
    const refused = [room, announced].map((where) => refusalOf(postMessage(chat, bob, draftFor(where, "late"))));
    expect(await Promise.all(refused)).toEqual(["archived", "forbidden"]);
    expect((await postMessage(chat, ann, draftFor(announced, "hear"))).message.seq).toBe(3);
    expect(await refusalOf(postMessage(chat, ann, draftFor(room, "late")))).toBe("archived");
  });

  test.each([0, 1])("a room itself is asked whether it is archived or restricted, and is not made where it is gone: %d beside", async (others) => {
    const { chat, ann } = here;
    const [fine = here.room, ...rooms] = await channels(4);
    for (const where of [fine, ...rooms]) await postMessage(chat, ann, draftFor(where, "known"));
    await admin`UPDATE rooms SET archived_at = 1 WHERE id = ${rooms[0]?.id}`;
    await admin`UPDATE rooms SET posting = 'admins' WHERE id = ${rooms[1]?.id}`;
    await admin`DELETE FROM rooms WHERE id = ${rooms[2]?.id}`;
    const answers: string[] = [];
    for (const where of rooms) {
      told = { atOnce: 0, locked: 0 };
      const besides = upTo(others).map((i) => postMessage(chat, ann, draftFor(fine, `no. ${i}`)));
      answers.push(await refusalOf(postMessage(chat, ann, draftFor(where, "late"))));
      await Promise.all(besides);
      expect(told).toEqual({ atOnce: 1, locked: 1 });
    }
    expect(answers).toEqual(["archived", "not refused", "not_found"]);
    expect(await rows("rooms", "name, last_seq, 0")).toEqual([
      ...[1 + 3 * others, 1, 2].map((last_seq, i) => [`channel-${i}`, String(last_seq), 0]),
      ["quay", "0", 0],
    ]);
  });

  test("what is stored already is answered with its row, beside fresh posts, and leaves no hole", async () => {
    const { chat, ann, room } = here;
    await postMessage(chat, ann, draftFor(room, "known"));
    const draft = draftFor(room, "sent twice");
    const stored = await postMessage(other, ann, draft);
    const drafts = [draftFor(room, "before"), draft, draftFor(room, "after")];
    await standingsOf(chat).read(ann, room.id); // so that all are posted in this turn
    const answers = await Promise.all(drafts.map((draft) => postMessage(chat, ann, draft)));
    expect(answers.map(({ duplicate, message }) => `${message.seq} ${duplicate}`)).toEqual(["3 false", "2 true", "4 false"]);
    expect(answers[1]?.message.id).toBe(stored.message.id);
    expect(await seqsOf(room.id)).toEqual([1, 2, 3, 4]);
  });

  test("a statement whose connection ends while it waits is made again, and stored once", async () => {
    const { chat, ann, bob, room } = here;
    await postMessage(chat, ann, draftFor(room, "known"));
    const [gate, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = other.store.write(async (tx) => {
      await tx.ask({ text: "SELECT id FROM rooms WHERE id = $1 FOR UPDATE" }, [room.id]);
      held.resolve();
      await gate.promise;
    });
    await held.promise;
    const posted = Promise.all([postMessage(chat, ann, draftFor(room, "one")), postMessage(chat, ann, draftFor(room, "two"))]);
    let ended = 0;
    while (ended === 0) {
      const waiting =
        await admin`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      ended = waiting.length;
    }
    gate.resolve();
    await holding;
    expect((await posted).map(({ message, duplicate }) => `${message.seq} ${duplicate}`)).toEqual(["2 false", "3 false"]);
    await leaveRoom(chat, bob, { room_id: room.id });
    expect(await seqsOf(room.id)).toEqual([1, 2, 3]);
  });

  test("a statement of which nobody knows whether it was committed is looked up, and stored once", async () => {
    const { chat, ann, room } = here;
    await postMessage(chat, ann, draftFor(room, "known"));
    const { store } = chat;
    const lost = Object.assign(new Error("Connection closed"), { code: "ERR_POSTGRES_CONNECTION_CLOSED" });
    const once: Store["once"] = async (island, values) => {
      await store.once?.(island, values);
      throw lost;
    };
    Object.assign(chat, { store: { ...store, once } });
    await standingsOf(chat).read(ann, room.id); // so that both are posted in this turn
    const answers = await Promise.all(["one", "two"].map((content) => postMessage(chat, ann, draftFor(room, content))));
    expect(answers.map(({ message }) => message.seq)).toEqual([2, 3]);
    expect(await seqsOf(room.id)).toEqual([1, 2, 3]);
    expect((await postMessage(chat, ann, draftFor(room, "three"))).message.seq).toBe(4);
  });
});
