/** What tests send as files, and what lies on disk afterwards. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** In pieces, as a line brings them. */
export async function* pieces(bytes: Uint8Array | string, size = 1_000): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(bytes);
  for (let from = 0; from < all.length; from += size) yield all.subarray(from, from + size);
}

/** Of the folder of a world's files, the names of all there are; temporary ones begin with `incoming/`. */
export const onDisk = (folder: string): string[] =>
  (existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
