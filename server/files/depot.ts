/**
 * Files on disk, named by what they hold: `<tenant>/<two>/<hash>`. Bytes come into a temporary file, are on disk before they are named, and take their
 * place by one rename: killed at any byte, there is a temporary that nothing knows of, and the sweep takes it.
 *
 * Removing and placing the same bytes may meet, also on two instances that share the folder. Who places has a row first; who removes sets the bytes
 * aside, looks for rows once more, and puts them back if there is one: whoever's row came later places, after that look, bytes of their own.
 */
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Depot, Picture, Taken } from "../chat/depot.ts";
import { refuse } from "../chat/refusal.ts";
import { cleaned } from "./cleaned.ts";
import { type PictureKind, pictureKindOf, typeOf } from "./kinds.ts";
import { INCOMING, pathIn } from "./names.ts";
import { createPreviews } from "./previews.ts";
import { isBeingRead } from "./reading.ts";
import type { Shape, Small } from "./small-pictures.ts";

/** Larger ones are kept as they came: a picture is cleaned in memory. */
const PICTURE_BYTES = 32 << 20;
const SMALL_BYTES = 256 << 10; // everybody loads it: what has 256 pixels and is larger brings something else along, as its profile of colours
const HEAD_BYTES = 4_096;
const PIECE_BYTES = 1 << 20;

export type DepotParts = { folder: string; pixels: number; newName(): string; opens?: typeof open };
type Written = { path: string; hash: string; bytes: number; head: Uint8Array };

export function createDepot({ folder, pixels, newName, opens = open }: DepotParts): Depot {
  const { inTurn, preview, small } = createPreviews(pixels);
  const incoming = join(folder, INCOMING);
  const placeOf = (tenant_id: string, hash: string): string => join(folder, pathIn(tenant_id, hash));

  const write = async (body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, most: number): Promise<Written> => {
    const path = join(incoming, newName());
    try {
      await mkdir(incoming, { recursive: true, mode: 0o700 });
      const file = await opens(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
      try {
        return { path, ...(await poured(file, body, most)) };
      } finally {
        await file.close();
      }
    } catch (fault) {
      await rm(path, { force: true });
      return refuseIfFull(fault);
    }
  };
  const place = async (tenant_id: string, { path, hash }: Written): Promise<void> => {
    const to = placeOf(tenant_id, hash);
    try {
      const made = await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      await rename(path, to);
      for (const one of made === undefined ? [dirname(to)] : [dirname(to), dirname(dirname(to)), folder]) await syncFolder(one);
    } catch (fault) {
      refuseIfFull(fault);
    }
  };

  /** What the bytes are as they will be kept. Whatever is odd about a picture makes it a file like any other. */
  const opened = async (
    tenant_id: string,
    raw: Written,
  ): Promise<{ kept: Written; picture: { width: number; height: number } | null; small: Written | null }> => {
    const kind = pictureKindOf(raw.head);
    return kind === null || raw.bytes > PICTURE_BYTES ? { kept: raw, picture: null, small: null } : inTurn(tenant_id, () => openedAs(kind, raw));
  };
  const openedAs = async (kind: PictureKind, raw: Written): ReturnType<typeof opened> => {
    const plain = { kept: raw, picture: null, small: null };
    const clean = cleaned(kind, await Bun.file(raw.path).bytes());
    if (!clean) return plain;
    const kept = await write(pieces(clean.bytes), Infinity);
    await rm(raw.path, { force: true });
    try {
      const shown = await preview(clean.bytes, clean);
      if (!shown) return { ...plain, kept };
      const small = shown.preview && (await write([shown.preview], Infinity));
      return { kept, picture: { width: clean.width, height: clean.height }, small };
    } catch (fault) {
      await rm(kept.path, { force: true });
      throw fault;
    }
  };

  /** Null, and nothing left of it, for what cannot be opened as a picture. */
  const reduced = async (
    tenant_id: string,
    raw: Written,
    shape: Shape,
  ): Promise<{ kept: Written; picture: { width: number; height: number } } | null> => {
    let made: Small | null = null;
    try {
      const kind = pictureKindOf(raw.head);
      if (kind === null || raw.bytes > PICTURE_BYTES) return null;
      made = await inTurn(tenant_id, async () => {
        const clean = cleaned(kind, await Bun.file(raw.path).bytes());
        return clean && small(clean.bytes, clean, shape);
      });
    } finally {
      await rm(raw.path, { force: true });
    }
    if (!made || made.bytes.length > SMALL_BYTES) return null;
    return { kept: await write([made.bytes], Infinity), picture: { width: made.width, height: made.height } };
  };

  return {
    async takeSmall(tenant_id, body, most, shape): Promise<Taken | null> {
      const raw = await write(body, most);
      const made = await reduced(tenant_id, raw, shape);
      if (!made) return null;
      const { kept, picture } = made;
      return {
        ...{ hash: kept.hash, bytes: kept.bytes, received: raw.bytes, type: typeOf(kept.head), picture: { ...picture, preview_hash: null } },
        place: () => place(tenant_id, kept),
        drop: () => rm(kept.path, { force: true }),
      };
    },
    async take(tenant_id, body, most): Promise<Taken> {
      const raw = await write(body, most);
      try {
        const { kept, picture, small } = await opened(tenant_id, raw);
        return {
          hash: kept.hash,
          bytes: kept.bytes,
          received: raw.bytes,
          type: typeOf(kept.head),
          picture: picture && ({ ...picture, preview_hash: small?.hash ?? null } satisfies Picture),
          async place() {
            if (small) await place(tenant_id, small);
            await place(tenant_id, kept);
          },
          async drop() {
            for (const one of [kept, small]) if (one) await rm(one.path, { force: true });
          },
        };
      } catch (fault) {
        await rm(raw.path, { force: true });
        throw fault;
      }
    },
    async find(tenant_id, hash) {
      const path = placeOf(tenant_id, hash);
      return (await Bun.file(path).exists()) ? path : null;
    },
    async remove(tenant_id, hash, isWanted) {
      if (await isBeingRead(folder)) return false;
      if (await isWanted()) return true;
      const [place, aside] = [placeOf(tenant_id, hash), join(incoming, newName())];
      await mkdir(incoming, { recursive: true, mode: 0o700 });
      if (!(await renamed(place, aside))) return true;
      if (await isWanted()) await renamed(aside, place);
      else await rm(aside, { force: true });
      return true;
    },
    async sweep(before) {
      for (const name of await readdir(incoming).catch(() => [])) {
        const path = join(incoming, name);
        const found = await stat(path).catch(() => null);
        if (found && found.mtimeMs < before) await rm(path, { force: true });
      }
    },
  };
}

/** A hash of all of it at once would hold the loop. */
function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) yield bytes.subarray(from, from + PIECE_BYTES);
}

async function poured(file: FileHandle, body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, most: number): Promise<Omit<Written, "path">> {
  const hasher = new Bun.CryptoHasher("sha256");
  const heads: Uint8Array[] = [];
  let headed = 0;
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > most) refuse("too_large");
    if (headed < HEAD_BYTES) {
      heads.push(chunk.slice(0, HEAD_BYTES - headed));
      headed += heads.at(-1)?.length ?? 0;
    }
    hasher.update(chunk);
    await file.writeFile(chunk); // goes on where it stands, and ends only when all of it is written
  }
  await file.sync();
  return { hash: hasher.digest("hex"), bytes, head: Buffer.concat(heads) };
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (fault) {
    if (codeOf(fault) === "ENOENT") return false;
    throw fault;
  }
}

/** The name is on disk too. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function refuseIfFull(fault: unknown): never {
  if (["ENOSPC", "EDQUOT"].includes(codeOf(fault))) refuse("storage_full", { retry_after_ms: 5_000 });
  throw fault;
}

const codeOf = (fault: unknown): string => (fault instanceof Error && "code" in fault && typeof fault.code === "string" ? fault.code : "");
