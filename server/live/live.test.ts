import { afterEach, expect, test } from "bun:test";
import { acknowledge } from "../chat/acks.ts";
import { StoreAway } from "../../db/faults.ts";
import { addMember, leaveRoom, removeMember } from "../chat/membership.ts";
import { editMessage, postMessage } from "../chat/messages.ts";
import { createRoom } from "../chat/rooms.ts";
import type { SignedInPrincipal } from "../chat/principal.ts";
import { endSignIn, principalOf } from "../chat/sign-ins.ts";
import { patchUser } from "../chat/users.ts";
import type { Bell } from "../chat/chat.ts";
import { createMemoryBackplane } from "../backplane/memory.ts";
import { type House, house } from "../testing/seat.ts";
import { draft, draftFor } from "../testing/world.ts";

let here: House;
afterEach(() => here.dispose());

const post = (content: string, more: object = {}) => postMessage(here.chat, here.ann, draftFor(here.room, content, more));

test("a socket hears nothing of a room before its sync, and everything after", async () => {
  here = await house();
  const bob = await here.seat(here.bob, { sync: false });
  await post("before");
  expect(await bob.contents()).toEqual([]);
  expect((await bob.ask({ type: "sync", rooms: [[here.room.id, here.room.last_rev]] })).type).toBe("ok");
  await post("after");
  expect(await bob.contents()).toEqual(["before", "after"]);
});

test("a post by socket is answered with its row and heard by the room, each frame once", async () => {
  here = await house();
  const [ann, bob] = [await here.seat(here.ann), await here.seat(here.bob)];
  const frame = { type: "message", room_id: here.room.id, ...draft("hello") } as const;
  const first = await ann.ask(frame);
  const again = await ann.ask(frame);
  expect(first).toMatchObject({ type: "ok", message: { content: "hello", seq: 1 } });
  expect(again).toMatchObject({ type: "ok", duplicate: true, message: { seq: 1 } });
  expect(await bob.contents()).toEqual(["hello"]);
});

test("posts of one socket to one room are numbered in the order of their frames", async () => {
  here = await house();
  const [ann, bob] = [await here.seat(here.ann), await here.seat(here.bob)];
  for (let i = 0; i < 50; i += 1) ann.say({ type: "message", room_id: here.room.id, ...draft(i % 3 ? `m${i}` : `m${i} for @bob`) });
  await ann.ask({ type: "message", room_id: here.room.id, ...draft("last") });
  expect((await bob.heard("message")).map(({ message }) => message.seq)).toEqual(Array.from({ length: 51 }, (_, i) => i + 1));
  expect((await bob.contents()).slice(0, 4)).toEqual(["m0 for @bob", "m1", "m2", "m3 for @bob"]);
});

test("what cy and mallory say of the room is answered as of a room that does not exist", async () => {
  here = await house();
  const refused = async (who: typeof here.cy, room_id: string) => {
    const seat = await here.seat(who);
    return Promise.all([
      seat.ask({ type: "message", room_id, ...draft("no") }),
      seat.ask({ type: "ack", room_id, seq: 0 }),
      seat.ask({ type: "typing", room_id, is_typing: true }),
      seat.ask({ type: "edit", room_id, message_id: "m", content: "no" }),
      seat.ask({ type: "remove", room_id, message_id: "m" }),
    ]).then((answers) => answers.map(({ id: _, ...rest }) => rest));
  };
  const nowhere = await refused(here.ann, "nowhere");
  expect(nowhere.every((answer) => answer.type === "error" && answer.code === "not_found")).toBe(true);
  expect(await refused(here.cy, here.room.id)).toEqual(nowhere);
  expect(await refused(here.mallory, here.room.id)).toEqual(nowhere);
});

test("a member who was removed hears nothing more from the room, in one tick", async () => {
  here = await house();
  const bob = await here.seat(here.bob);
  await post("with bob");
  await removeMember(here.chat, here.ann, { room_id: here.room.id, user_id: here.bob.user_id });
  await post("without bob");
  expect(await bob.contents()).toEqual(["with bob"]);
  expect((await bob.heard("member")).map(({ member }) => member.left_at !== undefined)).toEqual([true]);
});

test("a room gained while connected arrives, then its rows, then live", async () => {
  here = await house();
  const cy = await here.seat(here.cy);
  await post("before cy");
  await addMember(here.chat, here.ann, { room_id: here.room.id, user_id: here.cy.user_id });
  await post("with cy");
  await cy.until("with cy");
  expect(await cy.contents()).toEqual(["with cy"]);
  expect((await cy.heard("room"))[0]?.room.me).toMatchObject({ role: "member" });
});

test("joining during a burst has no seam: what is published while the rows are read is heard too", async () => {
  here = await house();
  const { chat, room } = here;
  const ann = await here.seat(here.ann); // the room has a feed
  for (let round = 0; round < 5; round += 1) {
    const burst = Array.from({ length: 60 }, (_, i) => post(`r${round} m${i}`));
    const bob = await here.seat(here.bob, { sync: { type: "sync", rooms: [[room.id, room.last_rev]] } });
    await Promise.all(burst);
    const seqs = [...new Set((await bob.heard("message")).map(({ message }) => message.seq))];
    expect(seqs).toEqual(Array.from({ length: (round + 1) * 60 }, (_, i) => i + 1));
    await bob.close();
  }
  expect(chat.sessions.online(here.ann.tenant_id, [here.ann.user_id])).toBe(1);
  expect((await ann.contents()).length).toBe(300);
});

test("a resume tells what changed since its rev, as it is now, and ends in a verdict", async () => {
  here = await house();
  const first = await post("first");
  await post("second");
  const bob = await here.seat(here.bob);
  const held = (await bob.heard("hello"))[0]?.rooms.find(({ id }) => id === here.room.id)?.last_rev ?? 0;
  await bob.close();
  await editMessage(here.chat, here.ann, { room_id: here.room.id, message_id: first.message.id, content: "first, better" });
  await post("third");
  const back = await here.seat(here.bob, { sync: { type: "sync", epoch: "epoch-1", rooms: [[here.room.id, held]] } });
  expect(await back.contents()).toEqual(["first, better", "third"]);
  expect((await back.heard("synced")).map(({ verdict }) => verdict)).toEqual(["resumed"]);
});

test("another epoch, a cursor from nowhere and being too far behind are a reset, and live goes on", async () => {
  here = await house();
  await post("one");
  const verdictOf = async (sync: { epoch?: string; rooms: [string, number][] }) => {
    const bob = await here.seat(here.bob, { sync: { type: "sync", ...sync } });
    const [synced] = await bob.heard("synced");
    const before = await bob.contents();
    await post("live");
    const heard = await bob.contents();
    await bob.close();
    return [synced?.verdict, before, heard.at(-1)];
  };
  const last_rev = here.room.last_rev;
  expect(await verdictOf({ epoch: "epoch-1", rooms: [[here.room.id, last_rev]] })).toEqual(["resumed", ["one"], "live"]);
  expect(await verdictOf({ epoch: "another", rooms: [[here.room.id, last_rev]] })).toEqual(["reset", [], "live"]);
  expect(await verdictOf({ epoch: "epoch-1", rooms: [[here.room.id, 99_999]] })).toEqual(["reset", [], "live"]);
});

test("a sync without rooms resumes from what was never acked", async () => {
  here = await house();
  const posts = await Promise.all(["one", "two", "three"].map((text) => post(text)));
  const bob = await here.seat(here.bob);
  const first = posts.map(({ message }) => message.seq).sort((a, b) => a - b)[0] ?? 0;
  expect((await bob.ask({ type: "ack", room_id: here.room.id, seq: first })).type).toBe("ok");
  await bob.close();
  const back = await here.seat(here.bob, { sync: { type: "sync" } });
  expect((await back.heard("message")).map(({ message }) => message.seq)).toEqual([2, 3]);
});

test("an ack in one tab is told to the other, and to nobody else", async () => {
  here = await house();
  await post("read me");
  const [one, two, ann] = [await here.seat(here.bob), await here.seat(here.bob), await here.seat(here.ann)];
  await one.ask({ type: "ack", room_id: here.room.id, seq: 1 });
  expect(await two.heard("ack")).toEqual([{ type: "ack", room_id: here.room.id, user_id: here.bob.user_id, seq: 1 }]);
  expect(await ann.heard("ack")).toEqual([]);
});

test("typing is heard by the room and by nobody outside it", async () => {
  here = await house();
  const [ann, bob, cy] = [await here.seat(here.ann), await here.seat(here.bob), await here.seat(here.cy)];
  await ann.ask({ type: "typing", room_id: here.room.id, is_typing: true });
  expect((await bob.heard("typing")).map(({ user_id }) => user_id)).toEqual([here.ann.user_id]);
  expect(await cy.heard("typing")).toEqual([]);
});

test("a sign-in that is ended and a user who is disabled close their sockets with the code that says so", async () => {
  here = await house();
  const [cy, bob] = [await here.seat(here.cy), await here.seat(here.bob)];
  await endSignIn(here.chat, here.cy, { sign_in_id: here.cy.via.sign_in_id });
  expect(await cy.closed).toBe(4201);
  await patchUser(here.chat, here.ann, { user_id: here.bob.user_id, disabled: true });
  expect(await bob.closed).toBe(4202);
});

test("an open socket is use of its sign-in, until that has lived its longest", async () => {
  here = await house();
  const bob = await here.seat(here.bob);
  const holds = ({ tenant_id, user_id, via }: SignedInPrincipal) => principalOf(here.chat, { tid: tenant_id, sub: user_id, sid: via.sign_in_id });
  for (let day = 0; day < 28; day += 4) {
    here.clock.advance(4 * 86_400_000);
    await here.live.touch();
  }
  expect(await holds(here.bob)).not.toBeNull();
  expect(await holds(here.cy)).toBeNull(); // nobody used it for seven days
  expect(await bob.contents()).toEqual([]);
  here.clock.advance(2 * 86_400_000);
  await here.live.touch();
  expect(await bob.closed).toBe(4201);
});

test("a resume that the database breaks off costs the socket: nobody goes on with half of it", async () => {
  here = await house();
  const { read } = here.chat.store;
  const bob = await here.seat(here.bob, { sync: false });
  await post("missed");
  let away = true;
  const broken = new Proxy(read, {
    get(target, name, receiver) {
      if (away) throw new StoreAway("for this test");
      return Reflect.get(target, name, receiver);
    },
  });
  Object.assign(here.chat.store, { read: broken });
  bob.say({ type: "sync", rooms: [[here.room.id, here.room.last_rev]] });
  expect(await bob.closed).toBe(4003);
  away = false;
  const again = await here.seat(here.bob, { sync: { type: "sync", rooms: [[here.room.id, here.room.last_rev]] } });
  expect(await again.contents()).toEqual(["missed"]);
});

test("what no bell told is found by the look: rights and rows", async () => {
  const deaf = createMemoryBackplane();
  here = await house({}, { backplane: { ...deaf, ring: (_: Bell) => {}, ringUser: () => {} } });
  const [bob, cy] = [await here.seat(here.bob), await here.seat(here.cy)];
  await post("no bell");
  expect(await bob.contents()).toEqual([]);
  await endSignIn(here.chat, here.cy, { sign_in_id: here.cy.via.sign_in_id });
  here.clock.advance(6_000);
  await here.live.look();
  expect(await cy.closed).toBe(4201);
  expect(await bob.contents()).toEqual(["no bell"]);
});

test("a lost bell is made good by the next one, in order and once", async () => {
  const plane = createMemoryBackplane();
  let lose = false;
  here = await house({}, { backplane: { ...plane, ring: (bell) => (lose ? undefined : plane.ring(bell)) } });
  const bob = await here.seat(here.bob);
  await post("one");
  lose = true;
  await post("two");
  lose = false;
  await post("three");
  await bob.until("three");
  expect(await bob.contents()).toEqual(["one", "two", "three"]);
});

test("a socket whose ticket names one room hears and does nothing outside it", async () => {
  here = await house();
  const { room: other } = await createRoom(here.chat, here.ann, {
    type: "channel",
    name: "other",
    visibility: "private",
    user_ids: [here.bob.user_id],
  });
  const narrow = await here.seat({ ...here.bob, room_id: here.room.id });
  expect((await narrow.heard("hello"))[0]?.rooms.map(({ id }) => id)).toEqual([here.room.id]);
  await postMessage(here.chat, here.ann, draftFor(other, "elsewhere"));
  await post("here");
  expect(await narrow.contents()).toEqual(["here"]);
  expect(await narrow.ask({ type: "ack", room_id: other.id, seq: 1 })).toMatchObject({ code: "not_found" });
  await acknowledge(here.chat, here.bob, { room_id: other.id, seq: 1 });
  await acknowledge(here.chat, here.bob, { room_id: here.room.id, seq: 1 });
  expect((await narrow.heard("ack")).map(({ room_id }) => room_id)).toEqual([here.room.id]);
  await leaveRoom(here.chat, here.bob, { room_id: other.id });
});

test("presence is told once a second to the room, and offline only after the grace", async () => {
  here = await house();
  const ann = await here.seat(here.ann);
  const bob = await here.seat(here.bob);
  await here.live.beat();
  expect((await ann.heard("presence")).flatMap(({ users }) => users.map(({ user_id, status }) => `${user_id} ${status}`))).toContain("bob-id active");
  await bob.close();
  here.clock.advance(2_000);
  await here.live.beat();
  const last = async () => (await ann.heard("presence")).at(-1)?.users;
  expect(await last()).not.toMatchObject([{ user_id: "bob-id", status: "offline" }]);
  here.clock.advance(4_000);
  await here.live.beat();
  expect(await last()).toMatchObject([{ user_id: "bob-id", status: "offline" }]);
});

test("a drain answers what has begun, says when to come back, and closes with 1012", async () => {
  here = await house();
  const [ann, bob] = [await here.seat(here.ann), await here.seat(here.bob)];
  const posts = Array.from({ length: 20 }, (_, i) => ann.ask({ type: "message", room_id: here.room.id, ...draft(`m${i}`) }));
  await ann.heard("pong");
  const draining = here.live.drain();
  expect((await Promise.all(posts)).every(({ type }) => type === "ok")).toBe(true);
  await draining;
  expect(await bob.closed).toBe(1012);
  expect(bob.frames.at(-1)).toMatchObject({ type: "shutdown" });
});
