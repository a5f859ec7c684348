/** What all hearers of one room hear: the same bytes in the same order, each frame delivered when the last of them has it. */
import type { Seated } from "./seat.ts";
import { frameIn, PING } from "./wire.ts";

const BLOCK = 64 << 20;
const PING_BYTES = 2;

export type Stream = {
  /** Bytes that every hearer has. */
  length(): number;
  /** The texts of the frames heard. */
  frames(): string[];
};

/** `onFrame` is called once for each frame that has reached everybody. Throws from a socket's handler what was not alike: `failed` hears it. */
export function createStream(ears: readonly Seated[], onFrame: () => void, failed: (fault: Error) => void): Stream {
  let stream = Buffer.allocUnsafe(BLOCK);
  let written = 0; // up to here somebody has heard it
  const ends: number[] = []; // where frames end, as far as they have been seen
  const lacking: number[] = []; // how many hearers have yet to reach that end
  let walked = 0;
  let level = 0; // frames that everybody has

  /** Gives how many bytes were no news: pings. */
  const extend = (bytes: Buffer): number => {
    let pings = 0;
    while (written + bytes.length > stream.length) stream = Buffer.concat([stream, Buffer.allocUnsafe(stream.length)]);
    bytes.copy(stream, written);
    written += bytes.length;
    for (let frame = next(); frame; frame = next()) {
      if (stream[walked] === PING) {
        stream.copyWithin(walked, frame.end, written);
        pings += 1;
        written -= frame.end - walked;
        continue;
      }
      ends.push(frame.end);
      lacking.push(ears.length);
      walked = frame.end;
    }
    return pings;
  };
  const next = () => frameIn(stream.subarray(0, written), walked);

  for (const { wire } of ears) {
    let at = 0;
    let reached = 0; // frames this one has whole
    const heard = (bytes: Buffer): void => {
      const known = Math.min(bytes.length, written - at);
      if (known > 0 && bytes.compare(stream, at, at + known, 0, known) !== 0) return another(bytes);
      at += bytes.length;
      for (let pings = known < bytes.length ? extend(bytes.subarray(known)) : 0; pings > 0; pings -= 1) {
        at -= PING_BYTES;
        wire.pong();
      }
      for (let end = ends[reached]; end !== undefined && end <= at; end = ends[reached]) {
        lacking[reached] = (lacking[reached] ?? 0) - 1;
        reached += 1;
      }
      while (lacking[level] === 0) {
        level += 1;
        onFrame();
      }
    };
    /** Each is pinged at its own time, between two frames. */
    const another = (bytes: Buffer): void => {
      const differs = bytes.findIndex((byte, i) => byte !== stream[at + i]);
      const between = at + differs === 0 || ends.includes(at + differs, Math.max(0, reached - 1));
      if (!between || bytes[differs] !== PING || bytes[differs + 1] !== 0)
        return failed(new Error(`Two hearers heard different bytes: ${said(bytes)}`));
      wire.pong();
      if (differs > 0) heard(bytes.subarray(0, differs));
      if (differs + PING_BYTES < bytes.length) heard(bytes.subarray(differs + PING_BYTES));
    };
    wire.onChunk = heard;
    wire.onClose = () => failed(new Error("A hearer was closed"));
  }
  return {
    length: () => ends[level - 1] ?? 0,
    frames() {
      const texts: string[] = [];
      for (let at = 0; at < (ends[level - 1] ?? 0);) {
        const frame = frameIn(stream, at);
        if (!frame) break;
        texts.push(stream.toString("utf8", frame.start, frame.end));
        at = frame.end;
      }
      return texts;
    },
  };
}

const said = (bytes: Buffer): string => JSON.stringify(bytes.toString("latin1", 0, 200));
