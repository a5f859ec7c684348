import { describe, expect, test } from "bun:test";
import { gifOf, jpegOf, pngClaiming, pngOf, webpOf } from "../testing/pictures.ts";
import { cleaned } from "./cleaned.ts";
import { pictureKindOf, typeOf } from "./kinds.ts";
import { isBomb } from "./previews.ts";

const SECRET = "48.8584N 2.2945E taken by ann";
const holds = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes).includes(text);
const decodes = (bytes: Uint8Array) => new Bun.Image(bytes).resize(8).webp().bytes();

describe("a picture is kept without what it tells of its maker, and still is one:", () => {
  const pictures: Record<string, () => Promise<[kind: "png" | "jpeg" | "gif", bytes: Uint8Array, width: number, height: number]>> = {
    png: async () => ["png", pngOf(40, 30, { notes: SECRET }), 40, 30],
    "a jpeg that lies on its side, whose size is told as it is looked at": async () => [
      "jpeg",
      await jpegOf(40, 30, { orientation: 6, notes: SECRET }),
      30,
      40,
    ],
    "a jpeg that stands": async () => ["jpeg", await jpegOf(40, 30, { notes: SECRET }), 40, 30],
    gif: async () => ["gif", gifOf(SECRET), 1, 1],
  };
  for (const [name, make] of Object.entries(pictures))
    test(name, async () => {
      const [kind, bytes, width, height] = await make();
      expect([pictureKindOf(bytes), holds(bytes, SECRET)]).toEqual([kind, true]);
      const clean = cleaned(kind, bytes) ?? expect.unreachable();
      expect([clean.width, clean.height, holds(clean.bytes, SECRET)]).toEqual([width, height, false]);
      expect((await decodes(clean.bytes)).length).toBeGreaterThan(0);
      expect(cleaned(kind, clean.bytes)?.bytes).toEqual(clean.bytes); // it is clean
    });

  test("a turned jpeg is turned as before", async () => {
    const clean = cleaned("jpeg", await jpegOf(40, 30, { orientation: 6, notes: SECRET })) ?? expect.unreachable();
    const seen = new Bun.Image(clean.bytes, { autoOrient: true }).webp();
    await seen.bytes();
    expect([seen.width, seen.height]).toEqual([30, 40]);
  });

  test("webp, with notes behind its pixels", async () => {
    const plain = await webpOf(40, 30);
    const notes = Buffer.from(`XMP ${"\0".repeat(4)}${SECRET}`);
    notes.writeUInt32LE(SECRET.length, 4);
    const bytes = Buffer.concat([plain, notes, Buffer.alloc(SECRET.length % 2)]);
    bytes.writeUInt32LE(bytes.length - 8, 4);
    const clean = cleaned("webp", bytes) ?? expect.unreachable();
    expect([clean.width, clean.height, holds(bytes, SECRET), holds(clean.bytes, SECRET)]).toEqual([40, 30, true, false]);
    expect((await decodes(clean.bytes)).length).toBeGreaterThan(0);
  });
});

test("what stands behind the end of a picture, where another file could begin, is not kept", async () => {
  const script = "<script>canary()</script>PK\x03\x04";
  for (const [kind, bytes] of [
    ["png", pngOf(9, 9)],
    ["jpeg", await jpegOf(9, 9)],
    ["gif", gifOf()],
    ["webp", await webpOf(9, 9)],
  ] as const) {
    const clean = cleaned(kind, Buffer.concat([bytes, Buffer.from(script)])) ?? expect.unreachable();
    expect([kind, holds(clean.bytes, "canary")]).toEqual([kind, false]);
    expect(clean.bytes.length).toBeLessThanOrEqual(bytes.length);
  }
});

test("what is cut off anywhere is cleaned or refused, and never a fault", async () => {
  for (const [kind, bytes] of [
    ["png", pngOf(20, 20)],
    ["jpeg", await jpegOf(20, 20, { orientation: 3 })],
    ["gif", gifOf("note")],
    ["webp", await webpOf(20, 20)],
  ] as const) {
    for (let length = 0; length < bytes.length; length += length < 64 ? 1 : 7)
      expect(cleaned(kind, bytes.subarray(0, length))?.width ?? null).toBeOneOf([null, 20, 1]);
    for (let at = 0; at < Math.min(400, bytes.length); at += 1) cleaned(kind, Buffer.from(bytes).fill(0xff, at, Math.min(bytes.length, at + 4)));
  }
});

test("a picture of thousands of pieces is one; of more than anybody's it is none, whatever they are", async () => {
  const [png, jpeg, gif] = [Buffer.from(pngOf(9, 9)), Buffer.from(await jpegOf(9, 9)), Buffer.from(gifOf())];
  const webp = Buffer.from(await webpOf(9, 9));
  const built: Record<string, [kind: "png" | "jpeg" | "gif" | "webp", (count: number) => Uint8Array]> = {
    "kept of a png": ["png", (count) => Buffer.concat([png.subarray(0, 33), Buffer.from("\0\0\0\0sBIT\0\0\0\0".repeat(count)), png.subarray(33)])],
    "left out of a png": [
      "png",
      (count) => Buffer.concat([png.subarray(0, 33), Buffer.from("\0\0\0\0tEXt\0\0\0\0".repeat(count)), png.subarray(33)]),
    ],
    "of a jpeg": ["jpeg", (count) => Buffer.concat([jpeg.subarray(0, 2), Buffer.from("\xff\xdb\0\x02".repeat(count), "latin1"), jpeg.subarray(2)])],
    "padding of a jpeg": ["jpeg", (count) => Buffer.concat([jpeg.subarray(0, 2), Buffer.alloc(count, 0xff), jpeg.subarray(2)])],
    "of a gif": ["gif", (count) => Buffer.concat([gif.subarray(0, -1), Buffer.from("\x21\xf9\0".repeat(count), "latin1"), gif.subarray(-1)])],
    "of a webp": [
      "webp",
      (count) => {
        const all = Buffer.concat([webp, Buffer.from("XMP \0\0\0\0".repeat(count))]);
        all.writeUInt32LE(all.length - 8, 4);
        return all;
      },
    ],
  };
  for (const [name, [kind, make]] of Object.entries(built))
    expect([name, cleaned(kind, make(15_000))?.width, cleaned(kind, make(21_000))]).toEqual([name, kind === "gif" ? 1 : 9, null]);
});

test("a header of 100,000 pixels is known for a bomb before anything is opened", () => {
  const large = cleaned("png", pngClaiming(100_000, 100_000)) ?? expect.unreachable();
  const most = 50_000_000;
  expect([large.width, isBomb(large, most)]).toEqual([100_000, true]);
  const sizes = [
    [8_000, 6_000],
    [0, 6],
    [8_000, 7_000],
    [40_000, 6],
  ] as const;
  expect(sizes.map(([width, height]) => isBomb({ width, height }, most))).toEqual([false, true, true, true]);
});

test("a type is told from the first bytes alone; HTML and SVG are text, and nothing that a page would run", () => {
  const told = (text: string): string => typeOf(Buffer.from(text, "latin1"));
  expect(
    ["<svg xmlns='http://www.w3.org/2000/svg' onload='canary()'/>", "<html>", "MZ\0", "%PDF-1.7", "PK\x03\x04", "", "\xff\xff"].map(told),
  ).toEqual([
    ...["text/plain", "text/plain", "application/octet-stream", "application/pdf", "application/zip", "text/plain", "application/octet-stream"],
  ]);
});
