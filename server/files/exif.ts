/** How a picture is to be turned: the one thing in a camera's notes that its pixels need. The rest (place, time, device) is nobody's. */

/** 1 to 8 as Exif numbers them; 1, as it lies, where nothing else can be read. `tiff` begins at its byte order. */
export function orientationIn(tiff: Uint8Array): number {
  if (tiff.length < 14) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = view.getUint16(0) === LITTLE;
  if (!little && view.getUint16(0) !== BIG) return 1;
  const at = view.getUint32(4, little);
  if (at + 2 > tiff.length) return 1;
  const entries = Math.min(view.getUint16(at, little), ENTRIES_MAX);
  for (let i = 0; i < entries; i += 1) {
    const entry = at + 2 + 12 * i;
    if (entry + 12 > tiff.length) return 1;
    if (view.getUint16(entry, little) !== ORIENTATION) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Notes that say nothing else. */
export function exifOf(orientation: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, BIG);
  view.setUint16(2, 42);
  view.setUint32(4, 8);
  view.setUint16(8, 1);
  view.setUint16(10, ORIENTATION);
  view.setUint16(12, 3); // a short
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return new Uint8Array(view.buffer);
}

/** Whether width and height change places when it is turned so. */
export const liesOnItsSide = (orientation: number): boolean => orientation >= 5;

const LITTLE = 0x4949;
const BIG = 0x4d4d;
const ORIENTATION = 0x0112;
const ENTRIES_MAX = 200;
