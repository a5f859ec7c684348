/**
 * Small pictures that stand for somebody or something: made anew from what was brought, so that nothing of its making comes along. Bun.Image makes a
 * picture smaller and cannot cut it, so a square is cut here, out of rows that are already small.
 */
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIDE = 256; // twice the largest face of a page, on a dense screen
const LONG_MAX = 8 * SIDE; // what is longer still is pressed together: it shows nothing in a square
const QUALITY = 86;

type Size = { width: number; height: number };
export type Small = Size & { bytes: Uint8Array };
/** `square` cuts away what lies beyond the middle; `whole` keeps all of it. */
export type Shape = "square" | "whole";

/** As WebP, `SIDE` pixels at most and never more than it had. `size` in pixels as it is looked at. Throws for what does not decode. */
export async function smallOf(bytes: Uint8Array, { width, height }: Size, shape: Shape, maxPixels: number): Promise<Small> {
  const picture = new Bun.Image(bytes, { maxPixels, autoOrient: true });
  if (shape === "whole") return encoded(picture.resize(SIDE, SIDE, { fit: "inside", withoutEnlargement: true }));
  const side = Math.min(SIDE, width, height);
  const scaled = (length: number): number => Math.min(LONG_MAX, Math.max(side, Math.round((length * side) / Math.min(width, height))));
  const small = await picture.resize(scaled(width), scaled(height)).png({ compressionLevel: 1 }).bytes();
  return encoded(new Bun.Image(squareOf(small)));
}

async function encoded(picture: Bun.Image): Promise<Small> {
  const bytes = await picture.webp({ quality: QUALITY }).bytes();
  return { bytes, width: picture.width, height: picture.height };
}

/** The middle of a PNG as Bun.Image writes it: eight bits for each of its channels, not interlaced. What its colours mean stays. */
function squareOf(png: Uint8Array): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const [width, height, channels] = [view.getUint32(16), view.getUint32(20), CHANNELS[view.getUint8(25)]];
  if (channels === undefined || view.getUint8(24) !== 8 || view.getUint8(28) !== 0) throw new Error("Bun.Image writes another kind of PNG");
  const side = Math.min(width, height);
  const [left, top] = [(width - side) >> 1, (height - side) >> 1];
  const chunks = chunksOf(png, view);
  const rows = unfiltered(
    inflateSync(Buffer.concat(chunks.flatMap(({ name, body }) => (name === "IDAT" ? [body] : [])))),
    width * channels,
    channels,
  );
  const cut = Buffer.alloc(side * (1 + side * channels)); // each row begins with a zero: as it is
  for (let y = 0; y < side; y += 1) {
    const from = ((top + y) * width + left) * channels;
    cut.set(rows.subarray(from, from + side * channels), y * (1 + side * channels) + 1);
  }
  const head = Buffer.from(png.subarray(16, 29));
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  const colours = chunks.filter(({ name }) => COLOURS.has(name));
  const all = [
    { name: "IHDR", body: head },
    ...colours,
    { name: "IDAT", body: deflateSync(cut, { level: 1 }) },
    { name: "IEND", body: Buffer.alloc(0) },
  ];
  return Buffer.concat([png.subarray(0, 8), ...all.map(chunkOf)]);
}

/** Grey, colour, grey and clear, colour and clear, by the number a PNG has for it. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };
const COLOURS: ReadonlySet<string> = new Set(["iCCP", "sRGB", "gAMA", "cHRM"]);

type Chunk = { name: string; body: Uint8Array };

function chunksOf(png: Uint8Array, view: DataView): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= png.length;) {
    const length = view.getUint32(at);
    chunks.push({ name: Buffer.from(png.subarray(at + 4, at + 8)).toString("latin1"), body: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

function chunkOf({ name, body }: Chunk): Uint8Array {
  const chunk = Buffer.alloc(12 + body.length);
  chunk.writeUInt32BE(body.length, 0);
  chunk.write(name, 4, "latin1");
  chunk.set(body, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + body.length)), 8 + body.length);
  return chunk;
}

/** A PNG's rows say how each byte differs from those before and above; these are the bytes. `stride` of a row, `step` of a pixel. */
function unfiltered(from: Uint8Array, stride: number, step: number): Uint8Array {
  const height = Math.floor(from.length / (stride + 1));
  const rows = new Uint8Array(height * stride);
  for (let y = 0; y < height; y += 1) {
    const kind = from[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const before = x >= step ? (rows[at - step] ?? 0) : 0;
      const above = y > 0 ? (rows[at - stride] ?? 0) : 0;
      const corner = x >= step && y > 0 ? (rows[at - stride - step] ?? 0) : 0;
      rows[at] = (from[at + y + 1] ?? 0) + guessed(kind, before, above, corner);
    }
  }
  return rows;
}

function guessed(kind: number, before: number, above: number, corner: number): number {
  if (kind === 1) return before;
  if (kind === 2) return above;
  if (kind === 3) return (before + above) >> 1;
  if (kind !== 4) return 0;
  const [a, b, c] = [Math.abs(above - corner), Math.abs(before - corner), Math.abs(before + above - 2 * corner)];
  return a <= b && a <= c ? before : b <= c ? above : corner;
}
