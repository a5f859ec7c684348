/** Decodes pictures to see that they are some, and makes the smaller ones that are shown: off the loop. */
import { type Shape, type Small, smallOf } from "./small-pictures.ts";

const SIDE_MAX = 30_000;
const PREVIEW_SIDE = 720;
const PREVIEW_QUALITY = 80;
const PATIENCE_MS = 15_000;
const PLAIN_BYTES = 200_000; // a small picture is its own preview

export const isBomb = ({ width, height }: Size, pixels: number): boolean =>
  width < 1 || height < 1 || width > SIDE_MAX || height > SIDE_MAX || width * height > pixels;
type Size = { width: number; height: number };

export type Opened = { preview: Uint8Array | null };

/** `pixels`: larger ones are not opened, because what a small file unfolds to is held in memory, four bytes for each. */
export function createPreviews(pixels: number) {
  let turn: Promise<unknown> = Promise.resolve();

  /** Null for what is too large, or does not decode, or not in time. `bytes` alone are given to the decoder: a text would be read as a path. */
  const open = async <T>(size: Size, decode: () => Promise<T>): Promise<T | null> =>
    isBomb(size, pixels) ? null : inTime(decode()).catch(() => null);
  return {
    /** One after the other, from the reading of the file on: however many come at once, one is in memory. */
    inTurn<T>(work: () => Promise<T>): Promise<T> {
      const mine = turn.then(work);
      turn = mine.then(
        () => undefined, // of the one before nothing is held
        () => undefined,
      );
      return mine;
    },
    preview: (bytes: Uint8Array, size: Size): Promise<Opened | null> => open(size, () => decoded(bytes, size, pixels)),
    small: (bytes: Uint8Array, size: Size, shape: Shape): Promise<Small | null> => open(size, () => smallOf(bytes, size, shape, pixels)),
  };
}

const inTime = <T>(opening: Promise<T>): Promise<T | null> =>
  Promise.race([opening, new Promise<null>((resolve) => AbortSignal.timeout(PATIENCE_MS).addEventListener("abort", () => resolve(null)))]);

async function decoded(bytes: Uint8Array, { width, height }: Size, maxPixels: number): Promise<Opened> {
  const picture = new Bun.Image(bytes, { maxPixels, autoOrient: true })
    .resize(PREVIEW_SIDE, PREVIEW_SIDE, { fit: "inside", withoutEnlargement: true })
    .webp({ quality: PREVIEW_QUALITY });
  const preview = await picture.bytes();
  const isSmall = Math.max(width, height) <= PREVIEW_SIDE && bytes.length <= PLAIN_BYTES;
  return { preview: isSmall || preview.length >= bytes.length ? null : preview };
}
