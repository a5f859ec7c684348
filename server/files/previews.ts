/** Decodes pictures to see that they are some, and makes the smaller ones that are shown: off the loop, one at a time. */
import { createFairQueue } from "./fair-queue.ts";
import { type Shape, type Small, smallOf } from "./small-pictures.ts";

const SIDE_MAX = 30_000;
const PREVIEW_SIDE = 720;
const PREVIEW_QUALITY = 80;
const PATIENCE_MS = 15_000;
const ENDS_MS = 60_000; // of a decoder that was given up: longer than what is let through takes
const PLAIN_BYTES = 200_000; // a small picture is its own preview
const WAITING_MAX = 64; // of one workspace: as many as eight people may bring at once, each for seconds at most

export const isBomb = ({ width, height }: Size, pixels: number): boolean =>
  width < 1 || height < 1 || width > SIDE_MAX || height > SIDE_MAX || width * height > pixels;
type Size = { width: number; height: number };

export type Opened = { preview: Uint8Array | null };

/** `pixels`: larger ones are not opened, because what a small file unfolds to is held in memory, four bytes for each. */
export function createPreviews(pixels: number) {
  const queue = createFairQueue(WAITING_MAX);
  let decoding: Promise<unknown> = Promise.resolve();

  /** Null for what is too large, or does not decode, or not in time. `bytes` alone are given to the decoder: a text would be read as a path. */
  const open = async <T>(size: Size, decode: () => Promise<T>): Promise<T | null> => {
    if (isBomb(size, pixels)) return null;
    const result = decode();
    decoding = within(ENDS_MS, result).then(nothing, nothing);
    return within(PATIENCE_MS, result).catch(() => null);
  };
  return {
    /**
     * One after the other, from the reading of the file on: however many come at once, one is in memory. Nobody can end a decoder: after one that was
     * given up the next begins when it has ended by itself, or has not for a minute. Refuses `unavailable` where too many of this workspace wait; no
     * other workspace waits for more than one of them.
     */
    inTurn: <T>(tenant_id: string, work: () => Promise<T>): Promise<T> =>
      queue.add(tenant_id, async () => {
        await decoding;
        return work();
      }),
    preview: (bytes: Uint8Array, size: Size): Promise<Opened | null> => open(size, () => decoded(bytes, size, pixels)),
    small: (bytes: Uint8Array, size: Size, shape: Shape): Promise<Small | null> => open(size, () => smallOf(bytes, size, shape, pixels)),
  };
}

const nothing = (): void => {};

const within = <T>(ms: number, opening: Promise<T>): Promise<T | null> =>
  Promise.race([opening, new Promise<null>((resolve) => AbortSignal.timeout(ms).addEventListener("abort", () => resolve(null)))]);

async function decoded(bytes: Uint8Array, { width, height }: Size, maxPixels: number): Promise<Opened> {
  const picture = new Bun.Image(bytes, { maxPixels, autoOrient: true })
    .resize(PREVIEW_SIDE, PREVIEW_SIDE, { fit: "inside", withoutEnlargement: true })
    .webp({ quality: PREVIEW_QUALITY });
  const preview = await picture.bytes();
  const isSmall = Math.max(width, height) <= PREVIEW_SIDE && bytes.length <= PLAIN_BYTES;
  return { preview: isSmall || preview.length >= bytes.length ? null : preview };
}
