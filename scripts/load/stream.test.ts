import { expect, test } from "bun:test";
import type { Seated } from "./seat.ts";
import { createStream } from "./stream.ts";
import type { Wire } from "./wire.ts";

const frame = (text: string): Buffer => Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);

const ping = Buffer.from([0x89, 0]);

function ear(): Seated & { pongs: number } {
  const here = { pongs: 0 };
  const wire: Wire = { say() {}, onChunk: null, pong: () => void (here.pongs += 1), onClose() {}, received: 0, close() {} };
  return Object.assign(here, { wire, revs: new Map(), say() {}, hear() {}, hearText() {} });
}

function listen(ears: readonly Seated[]) {
  const heard = { frames: 0, faults: [] as string[] };
  const stream = createStream(
    ears,
    () => void (heard.frames += 1),
    (fault) => void heard.faults.push(fault.message),
  );
  return { heard, stream, tell: (i: number, bytes: Buffer) => ears[i]?.wire.onChunk?.(bytes) };
}

test("a frame is delivered when the last hearer has the last byte of it, and not before", () => {
  const { heard, stream, tell } = listen([ear(), ear()]);
  const [one, two] = [frame("one"), frame("two")];
  tell(0, Buffer.concat([one, two]));
  expect(heard.frames).toBe(0);
  tell(1, one.subarray(0, 4));
  expect(heard.frames).toBe(0);
  tell(1, Buffer.concat([one.subarray(4), two]));
  expect(heard).toEqual({ frames: 2, faults: [] });
  expect(stream.frames()).toEqual(["one", "two"]);
});

test("a hearer that heard something else than the first one is a fault", () => {
  const { heard, tell } = listen([ear(), ear()]);
  tell(0, frame("one"));
  tell(1, frame("two"));
  expect(heard.frames).toBe(0);
  expect(heard.faults[0]).toContain("different bytes");
});

test("a hearer that is closed is a fault", () => {
  const ears = [ear()];
  const { heard } = listen(ears);
  ears[0]?.wire.onClose();
  expect(heard.faults).toEqual(["A hearer was closed"]);
});

test("each hearer is pinged at its own time, answers, and has heard nothing else than the others", () => {
  const ears = [ear(), ear(), ear()];
  const { heard, stream, tell } = listen(ears);
  const [one, two] = [frame("one"), frame("two")];
  tell(0, Buffer.concat([one, ping, two]));
  tell(1, Buffer.concat([ping, one, two]));
  tell(2, Buffer.concat([one, two, ping]));
  expect(heard).toEqual({ frames: 2, faults: [] });
  expect(stream.frames()).toEqual(["one", "two"]);
  expect(ears.map(({ pongs }) => pongs)).toEqual([1, 1, 1]);
});

test("a byte that only looks like a ping is a fault", () => {
  const { heard, tell } = listen([ear(), ear()]);
  tell(0, frame("one"));
  tell(1, Buffer.concat([frame("one").subarray(0, 3), ping]));
  expect(heard.faults[0]).toContain("different bytes");
});
