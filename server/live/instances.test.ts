/** Two instances over one Postgres: what is done at one is heard at the other. */
import { afterEach, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { acknowledge } from "../chat/acks.ts";
import { leaveRoom, removeMember } from "../chat/membership.ts";
import { editMessage, postMessage } from "../chat/messages.ts";
import { noteTyping } from "../chat/presence.ts";
import { createRoom } from "../chat/rooms.ts";
import { endSignIn } from "../chat/sign-ins.ts";
import type { Principal } from "../chat/principal.ts";
import type { Seat } from "../testing/seat.ts";
import { type Instance, type TwoInstances, twoInstances } from "../testing/instances.ts";
import { draftFor } from "../testing/world.ts";

let both: TwoInstances;
afterEach(() => both.dispose());

const post = ({ chat }: Instance, who: Principal, content: string, more: object = {}) => postMessage(chat, who, draftFor(both.room, content, more));
const revsOf = async (seat: Seat): Promise<number[]> => (await seat.heard("message")).map(({ message }) => message.rev);

describe("two instances", () => {
  test("what each is told in a burst is heard by the sockets of both, every row once and in one order", async () => {
    both = await twoInstances();
    const [bob, ann] = [await both.here.seat(both.bob), await both.there.seat(both.ann)];
    const posts = Array.from({ length: 200 }, (_, i) =>
      i % 2 ? post(both.here, both.bob, `bob ${i}${"x".repeat(i * 8)}`) : post(both.there, both.ann, `ann ${i}${"é".repeat(i * 8)}`),
    );
    await Promise.all(posts);
    await post(both.here, both.bob, "last");
    for (const seat of [ann, bob]) await seat.until("last");
    const expected = Array.from({ length: 201 }, (_, i) => both.room.last_rev + i + 1);
    expect(await revsOf(ann)).toEqual(expected);
    expect(await revsOf(bob)).toEqual(expected);
    expect(await ann.contents()).toEqual(await bob.contents());
  });

  test("a post and its twin on the other instance are one row, and both are told it", async () => {
    both = await twoInstances();
    const frames = Array.from({ length: 20 }, (_, i) => draftFor(both.room, `twin ${i}`));
    const answers = await Promise.all(
      frames.map((frame) => Promise.all([postMessage(both.here.chat, both.ann, frame), postMessage(both.there.chat, both.ann, frame)])),
    );
    for (const [one, other] of answers) {
      expect(one.message).toEqual(other.message);
      expect([one.duplicate, other.duplicate].filter(Boolean).length).toBe(1);
    }
    expect(answers.map(([{ message }]) => message.seq).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  test("an ack is heard by one's own socket at the other, typing by the room's, and neither by cy or mallory", async () => {
    both = await twoInstances();
    await post(both.here, both.ann, "hello");
    const [bob, cy, mallory] = [await both.there.seat(both.bob), await both.there.seat(both.cy), await both.there.seat(both.mallory)];
    await acknowledge(both.here.chat, both.bob, { room_id: both.room.id, seq: 1 });
    await noteTyping(both.here.chat, both.ann, { room_id: both.room.id, is_typing: true });
    expect(await bob.when(({ type }) => type === "typing")).toMatchObject({ user_id: both.ann.user_id, is_typing: true });
    expect(await bob.when(({ type }) => type === "ack")).toMatchObject({ room_id: both.room.id, seq: 1 });
    for (const seat of [cy, mallory]) expect([...(await seat.heard("typing")), ...(await seat.heard("ack"))]).toEqual([]);
  });

  test("a sign-in ended at one ends its sockets at the other, and nobody else's", async () => {
    both = await twoInstances();
    const [bob, ann] = [await both.there.seat(both.bob), await both.there.seat(both.ann)];
    const begun = performance.now();
    await endSignIn(both.here.chat, both.bob, { sign_in_id: both.bob.via.sign_in_id });
    expect(await bob.closed).toBe(4201);
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(await ann.contents()).toEqual([]); // still answered
  });

  test("who is removed at one hears nothing more of the room at the other, whatever is posted in the same turn", async () => {
    both = await twoInstances();
    const [bob, ann] = [await both.there.seat(both.bob), await both.there.seat(both.ann)];
    await post(both.here, both.ann, "with bob");
    await bob.until("with bob");
    await removeMember(both.here.chat, both.ann, { room_id: both.room.id, user_id: both.bob.user_id });
    await Promise.all([post(both.here, both.ann, "without bob"), post(both.there, both.ann, "nor here")]);
    for (const content of ["without bob", "nor here"]) await ann.until(content);
    expect(await bob.contents()).toEqual(["with bob"]);
    expect(await ann.contents()).toContain("without bob");
  });

  test("a room gained at one is heard at the other from its first row, and a room left no more", async () => {
    both = await twoInstances();
    const cy = await both.there.seat(both.cy);
    const { room } = await createRoom(both.here.chat, both.ann, { type: "group", user_ids: [both.cy.user_id] });
    await cy.when((frame) => frame.type === "synced" && frame.room_id === room.id);
    await postMessage(both.here.chat, both.ann, draftFor(room, "welcome"));
    await cy.until("welcome");
    await leaveRoom(both.here.chat, both.cy, { room_id: room.id });
    await postMessage(both.here.chat, both.ann, draftFor(room, "gone"));
    await cy.when((frame) => frame.type === "member" && frame.member.user_id === both.cy.user_id && frame.member.left_at !== undefined);
    expect(await cy.contents()).toEqual(["welcome"]);
  });

  test("a listener ended in the middle of a burst costs no row and no order", async () => {
    both = await twoInstances();
    const bob = await both.there.seat(both.bob);
    await using admin = new SQL(both.url, { max: 1 });
    const posting = Array.from({ length: 300 }, (_, i) => post(both.here, both.ann, `${i}`));
    await admin`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`;
    await Promise.all(posting);
    await bob.when((frame) => frame.type === "message" && frame.message.seq === 300);
    expect((await bob.heard("message")).map(({ message }) => message.seq)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
  });

  test("what was posted while the listener was away is heard when it is back, without another post and without a look by the clock", async () => {
    both = await twoInstances();
    const bob = await both.there.seat(both.bob);
    await both.wire.cut();
    await post(both.here, both.ann, "once");
    expect(await bob.contents()).toEqual([]);
    const healed = performance.now();
    await both.wire.heal();
    await bob.until("once");
    expect(performance.now() - healed).toBeLessThan(5_000);
  });

  test("a bell that was lost without anybody noticing costs seconds: the look finds the row, and the end of a right within one", async () => {
    both = await twoInstances();
    const [bob, cy] = [await both.there.seat(both.bob), await both.there.seat(both.cy)];
    both.wire.blackhole();
    await post(both.here, both.ann, "once");
    await endSignIn(both.here.chat, both.cy, { sign_in_id: both.cy.via.sign_in_id });
    expect(await bob.contents()).toEqual([]);
    both.clock.advance(1_000);
    await both.there.live.look();
    expect(await cy.closed).toBe(4201);
    both.clock.advance(2_000);
    await both.there.live.look();
    expect(await bob.contents()).toEqual(["once"]);
    await both.wire.heal();
  });

  test("who joins where bells have been lost is given everything at once, and nothing older comes behind it", async () => {
    both = await twoInstances();
    const ann = await both.there.seat(both.ann); // the room has a feed there
    await both.wire.cut();
    const { message } = await post(both.here, both.ann, "first");
    await post(both.here, both.ann, "second");
    await editMessage(both.here.chat, both.ann, { room_id: both.room.id, message_id: message.id, content: "edited" });
    const bob = await both.there.seat(both.bob, { sync: { type: "sync", rooms: [[both.room.id, both.room.last_rev]] } });
    expect(await bob.contents()).toEqual(["second", "edited"]);
    expect((await bob.heard("synced"))[0]).toMatchObject({ verdict: "resumed", last_rev: both.room.last_rev + 3 });
    await both.wire.heal();
    await post(both.here, both.ann, "later");
    for (const seat of [ann, bob]) await seat.until("later");
    expect(await bob.contents()).toEqual(["second", "edited", "later"]);
    expect(await revsOf(ann)).toEqual((await revsOf(ann)).toSorted((a, b) => a - b));
  });

  test("who is put out is told so, also where that is found before the room's own row tells it", async () => {
    both = await twoInstances();
    const [bob, ann] = [await both.there.seat(both.bob), await both.there.seat(both.ann)];
    await both.wire.cut();
    await removeMember(both.here.chat, both.ann, { room_id: both.room.id, user_id: both.bob.user_id });
    await post(both.here, both.ann, "without bob");
    await both.there.live.lookAtRights();
    const [row] = await bob.heard("member");
    expect([row?.member.user_id, row?.member.left_at !== undefined]).toEqual([both.bob.user_id, true]);
    await both.wire.heal();
    await ann.until("without bob");
    expect([await bob.contents(), (await bob.heard("member")).length]).toEqual([[], 1]);
  });

  test.each(["comes back", "hears a later bell first"])("who lost their right while an instance was deaf is told nothing when it %s", async (how) => {
    both = await twoInstances();
    const [bob, ann] = [await both.there.seat(both.bob), await both.there.seat(both.ann)];
    await both.wire.cut();
    await endSignIn(both.here.chat, both.bob, { sign_in_id: both.bob.via.sign_in_id });
    await post(both.here, both.ann, "without bob");
    both.clock.advance(2_100);
    if (how === "comes back") await both.wire.heal();
    else await post(both.there, both.ann, "later");
    await ann.until("without bob");
    expect(await bob.closed).toBe(4201);
    expect(bob.frames.filter(({ type }) => type === "message")).toEqual([]);
    await both.wire.heal();
  });
});
