/** A JPEG without its notes: of the segments before the picture those stay that its colours need. What stands behind its end is dropped. */
import { exifOf, liesOnItsSide, orientationIn } from "./exif.ts";
import type { Cleaned } from "./cleaned.ts";
import { PIECES_MAX } from "./kinds.ts";

/** Null for what is not built as a JPEG is. The pixels are not looked at. */
export function cleanedJpeg(from: Uint8Array): Cleaned | null {
  const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
  const parts: Uint8Array[] = [];
  let orientation = 1;
  let size: { width: number; height: number } | null = null;
  let at = 2;
  for (let pieces = 0; ; pieces += 1) {
    if (pieces > PIECES_MAX) return null;
    if (at + 4 > from.length || from[at] !== 0xff) return null;
    const marker = from[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1; // padding
      continue;
    }
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= END)) return null; // none of these stands between segments
    const end = at + 2 + view.getUint16(at + 2);
    if (end > from.length || end < at + 4) return null;
    if (marker === EXIF && latin(from, at + 4, 6) === "Exif\0\0") orientation = orientationIn(from.subarray(at + 10, end));
    if (isFrame(marker)) {
      if (end < at + 9) return null;
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    if (isKept(marker, from, at)) parts.push(from.subarray(at, end));
    at = end;
    if (marker !== SCAN) continue;
    const last = endOf(from, at);
    if (size === null || last === null) return null;
    parts.push(from.subarray(at, last));
    break;
  }
  const { width, height } = size;
  const turned = orientation === 1 ? [] : [exifSegment(orientation)];
  const bytes = Buffer.concat([from.subarray(0, 2), ...turned, ...parts]);
  return { bytes, ...(liesOnItsSide(orientation) ? { width: height, height: width } : { width, height }) };
}

const END = 0xd9;
const SCAN = 0xda;
const EXIF = 0xe1;

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Of the application's segments JFIF, a colour profile and Adobe's word on colours; no comment. */
function isKept(marker: number, from: Uint8Array, at: number): boolean {
  if (marker === 0xfe) return false;
  if (marker < 0xe0 || marker > 0xef) return true;
  const name = latin(from, at + 4, 12);
  return (
    (marker === 0xe0 && name.startsWith("JFIF\0")) || (marker === 0xe2 && name === "ICC_PROFILE\0") || (marker === 0xee && name.startsWith("Adobe"))
  );
}

/**
 * Behind the last scan: scans hold no marker but restarts, and between them stand tables alone. Null where it never ends, or has more scans than any
 * picture needs: each is a way over all its pixels, and a hundred bytes make one.
 */
function endOf(from: Uint8Array, start: number): number | null {
  const bytes = Buffer.from(from.buffer, from.byteOffset, from.byteLength);
  const end = bytes.indexOf(SIGN_OF_END, start);
  if (end === -1) return null;
  let scans = 1;
  for (let at = bytes.indexOf(SIGN_OF_SCAN, start); at !== -1 && at < end; at = bytes.indexOf(SIGN_OF_SCAN, at + 1)) {
    if ((scans += 1) > SCANS_MAX) return null;
  }
  return end + SIGN_OF_END.length;
}

const SCANS_MAX = 64; // cameras and programs write up to about fifteen
const SIGN_OF_END = Buffer.from([0xff, END]);
const SIGN_OF_SCAN = Buffer.from([0xff, SCAN]);

function exifSegment(orientation: number): Uint8Array {
  const tiff = exifOf(orientation);
  const length = 2 + 6 + tiff.length;
  return Buffer.concat([Buffer.from([0xff, EXIF, length >> 8, length & 0xff]), Buffer.from("Exif\0\0", "latin1"), tiff]);
}

const latin = (from: Uint8Array, at: number, length: number): string => Buffer.from(from.subarray(at, at + length)).toString("latin1");
