/** A GIF without its notes: its pictures, how they follow each other and how often; no comment, no text, no application's own. */
import type { Cleaned } from "./cleaned.ts";
import { PIECES_MAX } from "./kinds.ts";

/** Null for what is not built as a GIF is. The pixels are not looked at. */
export function cleanedGif(from: Uint8Array): Cleaned | null {
  const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
  const head = 13 + tableBytes(view.getUint8(10));
  const parts: Uint8Array[] = [from.subarray(0, head)];
  for (let at = head, pieces = 0; ; pieces += 1) {
    if (pieces > PIECES_MAX) return null;
    const sign = view.getUint8(at);
    if (sign === TRAILER) break;
    const end = sign === PICTURE ? pictureEnd(view, at) : sign === EXTENSION ? blocksEnd(view, at + 2) : null;
    if (end === null || end > from.length) return null;
    if (sign === PICTURE || isKept(from, at)) parts.push(from.subarray(at, end));
    at = end;
  }
  return { bytes: Buffer.concat([...parts, new Uint8Array([TRAILER])]), width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

const PICTURE = 0x2c;
const EXTENSION = 0x21;
const TRAILER = 0x3b;

/** How long a picture stands, and how often all are shown. */
function isKept(from: Uint8Array, at: number): boolean {
  const label = from[at + 1];
  const name = Buffer.from(from.subarray(at + 3, at + 14)).toString("latin1");
  return label === 0xf9 || (label === 0xff && (name === "NETSCAPE2.0" || name === "ANIMEXTS1.0"));
}

const tableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));

const pictureEnd = (view: DataView, at: number): number => blocksEnd(view, at + 11 + tableBytes(view.getUint8(at + 9)));

function blocksEnd(view: DataView, at: number): number {
  let end = at;
  for (let length = view.getUint8(end); length > 0; length = view.getUint8(end)) end += 1 + length;
  return end + 1;
}
