import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { postMessage } from "../chat/messages.ts";
import { notify } from "../chat/notifications.ts";
import { refusalCodes } from "../chat/refusal.ts";
import { type ClientFrames, clientFrames } from "../protocol.ts";
import { type Doors, openDoors } from "../testing/doors.ts";
import { framed, opcodes, type RawSocket } from "../testing/raw-socket.ts";
import { draft, draftFor, type World, world } from "../testing/world.ts";
import { FRAME_BYTES, type Input, inputs } from "./hostile.bytes.cast.ts";
import { ECHO, formless, type Odd, oddFrames } from "./hostile.frames.cast.ts";

const AT_ONCE_MS = 1_000;
const RSS_MAX = 50 << 20;
let here: World;
let doors: Doors;
let witness: RawSocket;
let rss: number;
beforeAll(async () => {
  here = await world();
  doors = await openDoors(here);
  witness = await doors.socketOf(here.ann);
  for (let i = 0; i < 200; i += 1) (await doors.socketOf(here.bob)).destroy(); // what a socket costs at first is not the input's
  rss = resident();
});
afterAll(async () => {
  await doors.stop();
  await here.dispose();
});

function resident(): number {
  Bun.gc(true);
  return process.memoryUsage.rss();
}

/** Another person's socket is answered at once, nothing was a fault, and all so far has not cost what one may. */
async function unharmed(what: string): Promise<void> {
  const begun = performance.now();
  await witness.exchange({ type: "ping", id: "witness" });
  const taken = performance.now() - begun;
  if (taken > AT_ONCE_MS || here.faults.length > 0) throw new Error(`${what}: answered after ${taken} ms, faults: ${here.faults.join()}`);
  if (process.memoryUsage.rss() - rss < RSS_MAX) return; // garbage counts only if it is too much
  const grown = resident() - rss;
  if (grown >= RSS_MAX) throw new Error(`${what}: all so far has cost ${grown >> 20} MB`);
}

describe("bytes that are no WebSocket, or too much of one, harm nobody else:", () => {
  test("there are two hundred of them at least, each with its own name", () => {
    expect(new Set(inputs.map(({ name }) => name)).size).toBe(inputs.length);
    expect(inputs.length).toBeGreaterThanOrEqual(200);
    expect(here.chat.config.bounds.bytes).toBe(FRAME_BYTES);
  });

  for (const input of inputs) {
    test(input.name, async () => {
      const socket = await doors.socketOf(here.bob);
      const from = socket.texts.length;
      socket.write(input.bytes());
      expect(await fateOf(socket, input, from)).toBe(input.ends);
      await unharmed(input.name);
      for (const text of socket.texts.slice(from)) expect(text).not.toContain('"internal"');
      socket.destroy();
    });
  }
});

async function fateOf(socket: RawSocket, { ends }: Input, from: number): Promise<Input["ends"]> {
  if (typeof ends === "number") {
    const code = await socket.closing;
    await socket.closed;
    expect(socket.texts.slice(from).filter((text) => !text.startsWith('{"type":"error"'))).toEqual([]);
    return code;
  }
  if (ends === "anything") return ends;
  if (ends === "waits") {
    await unharmed("what is not whole");
    const closed = await Promise.race([socket.closing, Promise.resolve("waits" as const)]);
    expect(socket.texts.slice(from)).toEqual([]);
    return closed;
  }
  await socket.exchange({ type: "ping", id: "end" });
  return socket.texts.slice(from).some((text) => text.startsWith('{"type":"error"')) ? "refused" : "heard";
}

test("pieces without an end are silence: sixty seconds of them and the socket is cut, one that speaks is not", async () => {
  const [endless, speaks] = [await doors.socketOf(here.bob), await doors.socketOf(here.bob)];
  endless.write(framed("{", { fin: false }));
  for (let second = 0; second < 60; second += 10) {
    endless.write(framed("", { fin: false, opcode: opcodes.continuation }));
    here.clock.advance(10_000);
    for (const socket of [speaks, witness]) await socket.exchange({ type: "ping", id: "here" });
    await doors.live.beat();
  }
  expect(await endless.closing).toBe(1006);
  expect((await speaks.exchange({ type: "ping", id: "here" })).length).toBe(1);
  speaks.destroy();
});

/** What each verb accepts, so that the odd thing alone is what an odd frame is refused for. */
async function right(): Promise<ClientFrames> {
  const room_id = here.room.id;
  const { message } = await postMessage(here.chat, here.bob, draftFor(here.room, "odd frames are about this"));
  const { notification_id } = await notify(here.chat, here.ann, { topic: "tide", payload: {}, targets: { user_ids: [here.bob.user_id] } });
  return {
    message: { type: "message", room_id, ...draft("right"), meta: { right: true }, reply_to: message.id },
    edit: { type: "edit", room_id, message_id: message.id, content: "mended" },
    remove: { type: "remove", room_id, message_id: message.id },
    react: { type: "react", room_id, message_id: message.id, emoji: "👍" },
    unreact: { type: "unreact", room_id, message_id: message.id, emoji: "👍" },
    ack: { type: "ack", room_id, seq: 0 },
    typing: { type: "typing", room_id, is_typing: true },
    notification_ack: { type: "notification_ack", notification_id },
    presence: { type: "presence", status: "active" },
    sync: { type: "sync", epoch: "epoch-1", rooms: [[room_id, 0]] },
    ping: { type: "ping" },
    send_message: { type: "send_message", room_id, ...draft("right by another name"), meta: { right: true }, reply_to: message.id },
    "typing.start": { type: "typing.start", room_id },
    "typing.stop": { type: "typing.stop", room_id },
  };
}

describe("frames of every type with every odd value in every field are refused by name or done, never a fault and never repeated:", () => {
  for (const type of Object.keys(clientFrames) as (keyof ClientFrames)[]) {
    test(
      type,
      async () => {
        const frames = await right();
        const socket = await doors.socketOf(here.bob);
        const first = await socket.exchange({ ...frames[type], id: "right" });
        expect(first.some((text) => /^\{"type":"(ok|pong)","id":"right"/u.test(text))).toBe(true);
        const odd = oddFrames(type, frames[type]);
        expect(odd.length).toBeGreaterThan(100);
        const begun: string[] = [];
        for (const one of odd) begun.push(...(await sayOdd(socket, one)));
        for (const id of begun) await socket.until(`"id":"${id}"`);
        await socket.exchange({ type: "ping", id: "end" });
        expect(begun.filter((id) => socket.texts.filter((text) => answers.exec(text)?.[1] === id).length !== 1)).toEqual([]);
        for (const text of socket.texts) expect(text).not.toContain('"internal"');
        socket.destroy();
      },
      20_000,
    );
  }

  test("and those of no type", async () => {
    const socket = await doors.socketOf(here.bob);
    for (const one of formless) await sayOdd(socket, one);
    socket.destroy();
  });

  test("they have changed nobody's rights and no object", async () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect("role" in {}).toBe(false);
    const { users } = here.chat.store.t;
    const roles = await here.chat.store.read.select({ id: users.id, role: users.role }).from(users);
    expect(roles.find(({ id }) => id === here.bob.user_id)?.role).toBe("member");
  });
});

const answers = /^\{"type":"(?:ok|error|pong)","id":"([^"]+)"/u;
let count = 0;

/** Says it under an id of its own and holds what it is refused with to the closed table. Gives that id where an answer is still to come. */
async function sayOdd(socket: RawSocket, { text, isWrong, isNamed }: Odd): Promise<string[]> {
  const from = socket.texts.length;
  const id = `odd-${(count += 1)}`;
  socket.text(text.replaceAll('"id":"odd"', `"id":"${id}"`));
  await socket.exchange({ type: "ping", id: "end" });
  const errors = socket.texts.slice(from).filter((one) => one.startsWith('{"type":"error"'));
  const fault = (why: string): Error => new Error(`${why}: ${text.slice(0, 300)} => ${errors.join().slice(0, 300)}`);
  const own = errors.filter((one) => one.includes(`"id":"${id}"`) || one.includes('"re":')); // those of verbs begun before may come now
  if (isWrong && own.length !== 1) throw fault("not refused, or twice");
  for (const error of errors) {
    const { code, retry }: { code: string; retry: boolean } = JSON.parse(error);
    if (code === "internal" || retry || !refusalCodes.some((known) => known === code)) throw fault("no refusal of the table");
    if (!isNamed && error.includes(ECHO) && own.includes(error)) throw fault("repeated");
  }
  await unharmed(text.slice(0, 300));
  return isWrong || isNamed || !text.includes('"id":"odd"') ? [] : [id];
}
