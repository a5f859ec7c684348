import { expect, test } from "bun:test";
import { inflateSync } from "node:zlib";
import { gifOf, jpegOf, paintedPng, pngOf, webpOf } from "../testing/pictures.ts";
import { smallOf } from "./small-pictures.ts";

const MOST = 50_000_000;
const thirds = (width: number, height: number) =>
  paintedPng(width, height, (x, y) => {
    const third = Math.floor((3 * (width > height ? x : y)) / Math.max(width, height));
    return third === 0 ? [255, 0, 0] : third === 1 ? [0, 255, 0] : [0, 0, 255];
  });

/** Red, green and blue of all of it together: what a single pixel has that is made of it. A PNG's first pixel stands in it as it is. */
async function colourOf(webp: Uint8Array): Promise<number[]> {
  const png = Buffer.from(await new Bun.Image(webp).resize(1, 1).png().bytes());
  const at = png.indexOf("IDAT");
  return [...inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4))).subarray(1, 4)];
}

test("the square is the middle of a picture, whichever way it lies", async () => {
  for (const [width, height] of [
    [900, 300],
    [300, 900],
  ] as const) {
    const { bytes, ...size } = await smallOf(thirds(width, height), { width, height }, "square", MOST);
    expect(size).toEqual({ width: 256, height: 256 });
    const [red = 255, green = 0, blue = 255] = await colourOf(bytes);
    expect([red < 8, green > 247, blue < 8]).toEqual([true, true, true]);
  }
});

test("every kind is cut, none is made larger than it was, and a strip is a small square", async () => {
  const kinds = {
    png: [pngOf(400, 500), 400, 500, 256],
    jpeg: [await jpegOf(400, 300, { orientation: 6 }), 300, 400, 256],
    gif: [gifOf(), 1, 1, 1],
    webp: [await webpOf(80, 120), 80, 120, 80],
    strip: [pngOf(9_000, 8), 9_000, 8, 8],
  } as const;
  for (const [name, [bytes, width, height, side]] of Object.entries(kinds)) {
    const { width: w, height: h } = await smallOf(bytes, { width, height }, "square", MOST);
    expect([name, w, h]).toEqual([name, side, side]);
  }
});

test("what is to stay whole stays so", async () => {
  const whole = async (width: number, height: number) => {
    const { width: w, height: h } = await smallOf(pngOf(width, height), { width, height }, "whole", MOST);
    return [w, h];
  };
  expect([await whole(900, 300), await whole(40, 30)]).toEqual([
    [256, 85],
    [40, 30],
  ]);
});
