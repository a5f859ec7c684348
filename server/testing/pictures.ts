/** Pictures and what only looks like one, made by code: small, valid where they are to be, and with notes that must not come back. */
import { crc32, deflateSync } from "node:zlib";

/** A grey noise that no encoder makes much smaller, so that a preview is smaller than it. `notes` become a text chunk; `tail` stands behind the end. */
export function pngOf(width: number, height: number, { notes = "", tail = "" }: { notes?: string; tail?: string } = {}): Uint8Array {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0, noise = 1; y < height; y += 1)
    for (let x = 1; x <= width; x += 1) rows[y * (width + 1) + x] = (noise = (noise * 48_271) % 2_147_483_647) & 0x7f;
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", headOf(width, height, GREY)),
    ...(notes === "" ? [] : [chunk("tEXt", Buffer.from(`Comment\0${notes}`, "latin1"))]),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
    Buffer.from(tail),
  ]);
}

/** In colour: red, green and blue of each pixel, from 0 to 255. */
export function paintedPng(width: number, height: number, colourAt: (x: number, y: number) => readonly [number, number, number]): Uint8Array {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) rows.set(colourAt(x, y), y * (width * 3 + 1) + 1 + x * 3);
  const chunks = [chunk("IHDR", headOf(width, height, COLOUR)), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...chunks]);
}

/** Only the header says how large it is: its pixels are those of one row. */
export function pngClaiming(width: number, height: number): Uint8Array {
  const bytes = Buffer.from(pngOf(8, 8));
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

/** The same picture as a JPEG, turned as a phone turns it, with a place in its notes. */
export async function jpegOf(width: number, height: number, { orientation = 1, notes = "" } = {}): Promise<Uint8Array> {
  const plain = await new Bun.Image(pngOf(width, height)).jpeg({ quality: 90 }).bytes();
  const tiff = Buffer.alloc(26 + notes.length);
  tiff.write("MM\0*", 0, "latin1");
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.set([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation], 10);
  tiff.write(notes, 26, "latin1");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(2 + 6 + tiff.length);
  const exif = Buffer.concat([Buffer.from([0xff, 0xe1]), length, Buffer.from("Exif\0\0", "latin1"), tiff]);
  return Buffer.concat([plain.subarray(0, 2), exif, plain.subarray(2)]);
}

/** A grey square that is built up in so many scans, of which all but the first change nothing. */
export function scansJpeg(side: number, scans: number): Uint8Array {
  const segment = (marker: number, ...body: number[]): Buffer =>
    Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff, ...body]);
  const bits = Math.ceil(side / 8) ** 2; // a zero for each block of the first scan, which makes nothing of any; then for each of the others
  const zeros = (count: number): Buffer => Buffer.concat([Buffer.alloc(count >> 3), Buffer.from(count % 8 === 0 ? [] : [0xff >> (count % 8)])]);
  const table = (kind: number): Buffer => segment(0xc4, kind, 1, ...Array<number>(15).fill(0), 0);
  const again = Buffer.concat([segment(0xda, 1, 1, 0x00, 1, 63, 0), zeros(bits)]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, 0, ...Array<number>(64).fill(1)),
    segment(0xc2, 8, side >> 8, side & 0xff, side >> 8, side & 0xff, 1, 1, 0x11, 0),
    table(0x00),
    table(0x10),
    segment(0xda, 1, 1, 0x00, 0, 0, 0),
    zeros(bits),
    ...Array<Buffer>(scans - 1).fill(again),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** Small, but for the profile of its colours: so many bytes of nothing, packed. */
export function profiledPng(bytes: number): Uint8Array {
  const plain = pngOf(8, 8);
  const profile = chunk("iCCP", Buffer.concat([Buffer.from("sea\0\0", "latin1"), deflateSync(Buffer.alloc(bytes))]));
  return Buffer.concat([plain.subarray(0, 33), profile, plain.subarray(33)]);
}

export const webpOf = async (width: number, height: number): Promise<Uint8Array> => new Bun.Image(pngOf(width, height)).webp({ quality: 90 }).bytes();

/** One pixel, twice, with a comment between. */
export function gifOf(notes = ""): Uint8Array {
  const frame = "\x21\xf9\x04\0\x0a\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
  const comment = notes === "" ? "" : `\x21\xfe${String.fromCharCode(notes.length)}${notes}\0`;
  return Buffer.from(`GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff${frame}${comment}${frame}\x3b`, "latin1");
}

const GREY = 0;
const COLOUR = 2;

/** Eight bits for each channel. */
function headOf(width: number, height: number, kind: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, kind, 0, 0, 0], 8);
  return head;
}

function chunk(name: string, body: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(name, "latin1"), body]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(body.length, 0);
  around.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
}
