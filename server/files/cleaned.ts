/**
 * Pictures without what they tell of who made them. Nothing is encoded anew: what the picture needs is copied, piece by piece as its format is
 * built, and everything else is left out, also what stands behind its end, where a second file of another kind could be.
 */
import type { PictureKind } from "./kinds.ts";
import { cleanedGif } from "./gif.ts";
import { cleanedJpeg } from "./jpeg.ts";
import { cleanedPng } from "./png.ts";
import { cleanedWebp } from "./webp.ts";

/** `width` and `height` in pixels, as it is looked at: read from its header, so that a bomb is known before it is opened. */
export type Cleaned = { bytes: Uint8Array; width: number; height: number };

/** Null for what is not built as it claims to be. */
export function cleaned(kind: PictureKind, from: Uint8Array): Cleaned | null {
  try {
    return cleaners[kind](from);
  } catch (fault) {
    if (fault instanceof RangeError) return null; // it ends in the middle of a number
    throw fault;
  }
}

const cleaners: Record<PictureKind, (from: Uint8Array) => Cleaned | null> = {
  jpeg: cleanedJpeg,
  png: cleanedPng,
  gif: cleanedGif,
  webp: cleanedWebp,
};
