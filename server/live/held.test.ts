import { afterEach, describe, expect, test } from "bun:test";
import { removeMember } from "../chat/membership.ts";
import { getMessage, pageMessages, postMessage } from "../chat/messages.ts";
import { sinceRev } from "../chat/since.ts";
import { endSignIn } from "../chat/sign-ins.ts";
import { patchUser } from "../chat/users.ts";
import { openDoors } from "../testing/doors.ts";
import { type Gate, holdRead, makeGate } from "../testing/gate.ts";
import { refusalOf } from "../testing/refusals.ts";
import { type House, house } from "../testing/seat.ts";
import { draft, draftFor } from "../testing/world.ts";

let here: House;
afterEach(() => here.dispose());

/** What may end while somebody is held; and what ends nothing. */
const ends = {
  "the sign-in ends": { code: 4201, run: () => endSignIn(here.chat, here.bob, { sign_in_id: here.bob.via.sign_in_id }) },
  "the person is disabled": { code: 4202, run: () => patchUser(here.chat, here.ann, { user_id: here.bob.user_id, disabled: true }) },
  "the person is put out of the room": {
    code: null,
    run: () => removeMember(here.chat, here.ann, { room_id: here.room.id, user_id: here.bob.user_id }),
  },
};
type End = (typeof ends)[keyof typeof ends];

const post = (content: string) => postMessage(here.chat, here.ann, draftFor(here.room, content));
const said = async (): Promise<string[]> => (await pageMessages(here.chat, here.ann, { room_id: here.room.id })).items.map(({ content }) => content);

/** Whoever posts "held" is held by a handler of `message.posting`. */
function holdPosts(): Gate {
  const gate = makeGate();
  here.chat.hooks.bind("message.posting", async (event, next) => {
    if (event.draft.content === "held") await gate.pass();
    await next();
  });
  return gate;
}

describe("a post that a handler holds, and another that waits behind it,", () => {
  const hold = async () => {
    here = await house();
    const gate = holdPosts();
    const [ann, bob] = [await here.seat(here.ann), await here.seat(here.bob)];
    const frames = ["held", "behind"].map((content) => ({ type: "message" as const, room_id: here.room.id, ...draft(content) }));
    for (const frame of frames) bob.say({ ...frame, id: frame.content });
    await gate.reached;
    return { gate, ann, bob };
  };

  test("are stored, answered and heard when nothing ends meanwhile", async () => {
    const { gate, ann, bob } = await hold();
    gate.open();
    await ann.until("behind");
    expect(await ann.contents()).toEqual(["held", "behind"]);
    expect((await bob.heard("ok")).map(({ id }) => id)).toEqual(["held", "behind"]);
    expect(await said()).toEqual(["held", "behind"]);
  });

  for (const [name, { code, run }] of Object.entries(ends)) {
    test(`are neither stored nor heard when ${name} meanwhile`, async () => {
      const { gate, ann, bob } = await hold();
      await run();
      if (code !== null) expect(await bob.closed).toBe(code);
      const before = bob.frames.length;
      gate.open();
      await settled();
      await post("afterwards");
      await ann.until("afterwards");
      expect(await ann.contents()).toEqual(["afterwards"]);
      expect(await said()).toEqual(["afterwards"]);
      if (code !== null) expect(bob.frames.length).toBe(before);
      else {
        for (const id of ["held", "behind"]) await bob.when((frame) => "id" in frame && frame.id === id); // in no order, and a ping is answered before
        expect((await bob.heard("error")).map(({ id, code }) => `${id}: ${code}`).sort()).toEqual(["behind: not_found", "held: not_found"]);
      }
      expect(here.faults).toEqual([]);
    });
  }

  test("stand when their sender has only closed the tab", async () => {
    const { gate, ann, bob } = await hold();
    await bob.close();
    gate.open();
    await ann.until("behind");
    expect(await said()).toEqual(["held", "behind"]);
  });
});

describe("a resume whose rows are still being read", () => {
  const hold = async () => {
    here = await house();
    await post("with bob");
    const ann = await here.seat(here.ann); // the room has a feed, so the next question of it is the resume's
    const bob = await here.seat(here.bob, { sync: false });
    const gate = holdRead(here.chat, "rooms");
    bob.say({ type: "sync", id: "resume", rooms: [[here.room.id, 0]] });
    await gate.reached;
    return { gate, ann, bob };
  };

  test("tells them, and live goes on, when nothing ends meanwhile", async () => {
    const { gate, bob } = await hold();
    await post("meanwhile");
    gate.open();
    await bob.until("meanwhile");
    await post("live");
    await bob.until("live");
    expect([...new Set(await bob.contents())]).toEqual(["with bob", "meanwhile", "live"]);
  });

  for (const [name, { code, run }] of Object.entries(ends) as [string, End][]) {
    test(`tells nothing when ${name} meanwhile`, async () => {
      const { gate, ann, bob } = await hold();
      await run();
      if (code !== null) expect(await bob.closed).toBe(code);
      await post("without bob");
      gate.open();
      await settled();
      await post("still without bob");
      await ann.until("still without bob");
      if (code === null) await bob.heard("pong");
      expect(bob.frames.filter(({ type }) => type === "message" || type === "synced")).toEqual([]);
      expect(here.faults).toEqual([]);
    });
  }
});

describe("a page whose rows are still being read tells nothing to who is put out meanwhile, and all to who is not:", () => {
  const reads = {
    "since a rev": { table: "rooms", read: () => sinceRev(here.chat, here.bob, { room_id: here.room.id, since_rev: 0 }) },
    "after a seq": { table: "messages", read: () => pageMessages(here.chat, here.bob, { room_id: here.room.id, after_seq: 0 }) },
    "around a seq": { table: "messages", read: () => pageMessages(here.chat, here.bob, { room_id: here.room.id, around_seq: 1 }) },
    "the newest": { table: "messages", read: () => pageMessages(here.chat, here.bob, { room_id: here.room.id }) },
  } as const;
  for (const [name, { table, read }] of Object.entries(reads)) {
    test(name, async () => {
      here = await house();
      await post("with bob");
      const held = holdRead(here.chat, table);
      const page = read();
      await held.reached;
      held.open();
      expect(JSON.stringify(await page)).toContain("with bob");
      const gate = holdRead(here.chat, table);
      const refused = refusalOf(read());
      await gate.reached;
      await ends["the person is put out of the room"].run();
      await post("without bob");
      gate.open();
      expect(await refused).toBe("not_found");
    });
  }

  test("one message", async () => {
    here = await house();
    const { message } = await post("with bob");
    const read = () => getMessage(here.chat, here.bob, { room_id: here.room.id, message_id: message.id });
    expect((await read()).message.content).toBe("with bob");
    const gate = holdRead(here.chat, "messages");
    const refused = refusalOf(read());
    await gate.reached;
    await ends["the person is put out of the room"].run();
    gate.open();
    expect(await refused).toBe("not_found");
  });
});

test("a socket that never answers its close hears what is said until then, and nothing more", async () => {
  here = await house();
  const doors = await openDoors(here);
  const [bob, ann] = [await doors.socketOf(here.bob), await doors.socketOf(here.ann)];
  for (const socket of [bob, ann]) await socket.exchange({ type: "sync", id: "begin", rooms: [] });
  await post("with bob");
  await bob.until('"content":"with bob"');
  await ends["the sign-in ends"].run();
  expect(await bob.closing).toBe(4201);
  const before = bob.bytes().length;
  await post("without bob");
  await ann.until('"content":"without bob"');
  await bob.closed;
  expect(bob.bytes().length).toBe(before);
  ann.destroy();
  await doors.stop();
});

/** What was held has gone on as far as it goes: the writer is free, and sockets have had turns to send. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await here.chat.store.read.select().from(here.chat.store.t.installation);
  await here.chat.store.write(async () => {});
}
