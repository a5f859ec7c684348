import { expect, test } from "bun:test";
import type { Seated } from "./seat.ts";
import { createStream } from "./stream.ts";
import type { Wire } from "./wire.ts";

const frame = (text: string): Buffer => Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);

function ear(): Seated {
  const wire: Wire = { say() {}, onChunk: null, onClose() {}, received: 0, close() {} };
  return { wire, revs: new Map(), say() {}, hear() {}, hearText() {} };
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
