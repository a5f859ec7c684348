import { afterEach, describe, expect, test } from "bun:test";
import { type Doors, openDoors } from "../testing/doors.ts";
import { framed, opcodes, type RawSocket } from "../testing/raw-socket.ts";
import { type World, world } from "../testing/world.ts";

let here: World;
let doors: Doors;
afterEach(async () => {
  await doors.stop();
  await here.dispose();
});

async function limited(): Promise<RawSocket> {
  here = await world();
  doors = await openDoors(here, { frames: { per_second: 50, burst: 100 } });
  return doors.socketOf(here.bob);
}

/** Says so many frames at once and waits until the last of them has been answered, or the socket is closed. */
async function say(socket: RawSocket, round: number, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, i) => `${round}-${i}`);
  socket.write(Buffer.concat(ids.map((id) => framed(`{"type":"ping","id":"${id}"}`))));
  await Promise.race([socket.until(`"id":"${ids.at(-1)}"`), socket.closed]);
}

describe("a flood ends its socket:", () => {
  test("of frames that are binary, as of those that are text", async () => {
    const bob = await limited();
    bob.write(Buffer.concat(Array.from({ length: 99 }, () => framed("x", { opcode: opcodes.binary }))));
    await say(bob, 1, 1); // the hundredth: the bucket counts all
    expect(bob.texts.at(-1)).toBe('{"type":"pong","id":"1-0"}');
    await say(bob, 2, 1);
    expect(bob.texts.at(-1)).toContain('"rate_limited"');
    bob.write(Buffer.concat(Array.from({ length: 600 }, () => framed("x", { opcode: opcodes.binary }))));
    expect(await bob.closing).toBe(1008);
  });

  test("though some of its frames fit in between", async () => {
    const bob = await limited();
    for (let round = 0; round < 50; round += 1) {
      await say(bob, round, 30);
      here.clock.advance(20); // one more may pass
    }
    expect(await Promise.race([bob.closing, Promise.resolve("open")])).toBe(1008);
  });

  test("and who says a little more than fits is refused what is over, and stays", async () => {
    const bob = await limited();
    for (let round = 0; round < 60; round += 1) {
      await say(bob, round, 60);
      here.clock.advance(1_000);
    }
    const refused = bob.texts.filter((text) => text.includes('"rate_limited"')).length;
    expect(refused).toBeGreaterThan(500);
    expect((await bob.exchange({ type: "ping", id: "still here" })).at(-1)).toBe('{"type":"pong","id":"still here"}');
    bob.destroy();
  });
});
