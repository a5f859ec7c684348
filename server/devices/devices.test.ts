/**
 * Three devices of one person, each the client's own models on a real server: whatever is posted, read, edited and removed, whoever comes and goes
 * and whichever line breaks, every device shows what is true. `FC_SEED=n` and `FC_RUNS=n` repeat or lengthen the search.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import fc from "fast-check";
import { patchConfig } from "../chat/tenant-config.ts";
import { type Doors, openDoors } from "../testing/doors.ts";
import { world, type World } from "../testing/world.ts";
import type { Device } from "./device.cast.ts";
import { type Deed, type Doing, doings, run } from "./deeds.cast.ts";
import { openStage, type Stage } from "./stage.cast.ts";

let here: World;
let doors: Doors;
beforeAll(async () => {
  here = await world();
  await patchConfig(here.chat, here.ann, { receipts: true });
  doors = await openDoors(here);
});
afterAll(async () => {
  await doors.stop();
  await here.dispose();
});

const unread = (device: Device, { pier }: Stage): number | undefined => device.app.rooms.rooms.value.get(pier.id)?.me.unread;

test("after five posts two tabs and a phone show five; what one tab has seen, the others do not count two seconds later", async () => {
  const stage = await openStage(here, doors);
  const { devices, pier } = stage;
  const [t1] = devices;
  await stage.agree();
  for (let i = 1; i <= 5; i += 1) await stage.tell(pier, `number ${i}`);
  await stage.agree();
  expect(devices.map((device) => unread(device, stage))).toEqual([5, 5, 5]);
  if (t1) stage.read(t1, pier, 5);
  await stage.pass(1_000); // of the devices' clocks; the rest is the server's
  for (const until = performance.now() + 1_000; performance.now() < until && devices.some((device) => unread(device, stage) !== 0);)
    await stage.pass(0);
  expect(devices.map((device) => unread(device, stage))).toEqual([0, 0, 0]);
  await stage.close();
});

const doing = (weight: number, ...names: Doing[]) => ({ weight, arbitrary: fc.constantFrom(...names) });
const deed: fc.Arbitrary<Deed> = fc.record({
  what: fc.oneof(
    doing(8, "write", "tell", "read"),
    doing(4, "open", "scroll", "edit", "remove", "rewrite", "bury"),
    doing(4, "mark", "like", "likeBack"),
    doing(5, "answer", "answerBack"),
    doing(5, "pin", "pinBack", "openPins", "openThread", "watch", "annReads"),
    doing(3, "leave", "join", "putOut", "add"),
    doing(5, "cut", "deafen", "mend"),
    doing(1, "burst"),
  ),
  device: fc.nat(2),
  room: fc.nat(2),
  at: fc.nat(99),
  content: fc.constantFrom("hello", "for @bob", "for the whole @room", "@bob, and the whole @room"),
});

test("whatever happens, every device equals the model", async () => {
  const seed = Number(process.env["FC_SEED"] ?? crypto.getRandomValues(new Int32Array(1))[0]);
  console.log(`three devices, FC_SEED=${seed}`);
  const done = new Set<Doing>();
  const inOrder = (...whats: readonly Doing[]): Deed[] => whats.map((what) => ({ what, device: 0, room: 1, at: 50, content: "each" }));
  const examples = [
    inOrder(...doings),
    inOrder("tell", "open", "cut", "read", "write", "mend"),
    inOrder("tell", "open", "tell", "read", "write"),
    inOrder("tell", "open", "tell", "read", "mark", "write", "read", "mark", "deafen", "read", "mend", "like", "likeBack", "like"),
    inOrder("tell", "open", "cut", "rewrite", "mend"),
    inOrder("tell", "answer", "open", "bury", "answerBack"),
    inOrder("tell", "open", "openPins", "pin", "pinBack", "pin", "cut", "pinBack", "bury", "mend", "pinBack", "deafen", "pinBack", "mend"),
    inOrder("tell", "open", "answer", "openThread", "answerBack", "cut", "answer", "bury", "mend", "answer", "likeBack", "deafen", "answer", "mend"),
    inOrder(
      "open",
      "write",
      "watch",
      "annReads",
      "write",
      "cut",
      "annReads",
      "mend",
      "write",
      "deafen",
      "annReads",
      "mend",
      "leave",
      "join",
      "watch",
    ),
    inOrder("tell", "open", "answer", "answerBack", "bury", "cut", "answer", "bury", "mend", "answerBack", "deafen", "answer", "mend"),
    inOrder("tell", "open", "deafen", "write", "bury", "leave", "mend", "join"),
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 40, size: "max" }), async (deeds) => {
      const stage = await openStage(here, doors);
      try {
        await stage.fill();
        await stage.agree();
        for (const [i, one] of deeds.entries()) if (await run(stage, one, i)) done.add(one.what);
        for (const device of stage.devices.filter((one) => one.line() !== "whole")) {
          await stage.mend(device);
          await stage.agree();
        }
        await stage.pass(5_000);
        await stage.compare();
      } finally {
        await stage.close();
      }
    }),
    {
      numRuns: Number(process.env["FC_RUNS"] ?? 25),
      interruptAfterTimeLimit: 200_000, // a failure that is still being made smaller is told as small as it is by then
      seed,
      examples: examples.map((one): [Deed[]] => [one]),
    },
  );
  expect([...done].sort()).toEqual([...doings].sort());
}, 300_000);
