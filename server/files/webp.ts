/** A WebP without its notes: its chunks but for Exif, XMP and what nobody knows; of Exif how it is turned stays. */
import type { Cleaned } from "./cleaned.ts";
import { exifOf, liesOnItsSide, orientationIn } from "./exif.ts";
import { PIECES_MAX } from "./kinds.ts";

const KEPT: ReadonlySet<string> = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]);
const HAS_EXIF = 0x08;
const HAS_XMP = 0x04;

/** Null for what is not built as a WebP is. The pixels are not looked at. */
export function cleanedWebp(from: Uint8Array): Cleaned | null {
  const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
  const whole = 8 + view.getUint32(4, true);
  if (whole > from.length) return null;
  const parts: Uint8Array[] = [];
  let orientation = 1;
  let size: { width: number; height: number } | null = null;
  let flags: Uint8Array | null = null;
  for (let at = 12, pieces = 0; at + 8 <= whole; pieces += 1) {
    if (pieces > PIECES_MAX) return null;
    const name = Buffer.from(from.subarray(at, at + 4)).toString("latin1");
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length + (length % 2);
    if (end > whole + 1 || at + 8 + length > from.length) return null;
    const chunk = padded(from.slice(at, at + 8 + length));
    size ??= sizeIn(name, view, at + 8);
    if (name === "VP8X") flags = chunk;
    if (name === "EXIF") orientation = orientationIn(withoutName(from.subarray(at + 8, at + 8 + length)));
    if (KEPT.has(name)) parts.push(chunk);
    at = end;
  }
  if (size === null) return null;
  const turned = orientation !== 1 && flags !== null;
  if (flags) flags[8] = ((flags[8] ?? 0) & ~(HAS_EXIF | HAS_XMP)) | (turned ? HAS_EXIF : 0);
  if (turned) parts.push(chunkOf("EXIF", exifOf(orientation)));
  const body = Buffer.concat([Buffer.from("WEBP", "latin1"), ...parts]);
  const { width, height } = size;
  return { bytes: chunkOf("RIFF", body), ...(turned && liesOnItsSide(orientation) ? { width: height, height: width } : { width, height }) };
}

/** Of the first chunk that says it. */
function sizeIn(name: string, view: DataView, at: number): { width: number; height: number } | null {
  const three = (from: number): number => view.getUint16(from, true) + (view.getUint8(from + 2) << 16);
  if (name === "VP8X") return { width: three(at + 4) + 1, height: three(at + 7) + 1 };
  if (name === "VP8 ") return { width: view.getUint16(at + 6, true) & 0x3fff, height: view.getUint16(at + 8, true) & 0x3fff };
  if (name !== "VP8L") return null;
  const bits = view.getUint32(at + 1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** Some write it as a JPEG has it. */
const withoutName = (exif: Uint8Array): Uint8Array => (Buffer.from(exif.subarray(0, 6)).toString("latin1") === "Exif\0\0" ? exif.subarray(6) : exif);

const padded = (chunk: Uint8Array): Uint8Array => (chunk.length % 2 === 0 ? chunk : Buffer.concat([chunk, new Uint8Array(1)]));

function chunkOf(name: string, body: Uint8Array): Uint8Array {
  const head = Buffer.alloc(8);
  head.write(name, "latin1");
  head.writeUInt32LE(body.length, 4);
  return padded(Buffer.concat([head, body]));
}
