/**
 * Files beside a backup, and back from there. What lies under a hash is read through on the way and kept only if that is its hash: a copy that is told
 * of as taken is whole. Nothing is linked: who changes a backup's owner must not change the server's files.
 */
import { constants } from "node:fs";
import { copyFile, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { INCOMING, pathIn } from "./names.ts";

export type FileName = { tenant_id: string; hash: string };
/** `missing`: their bytes lie nowhere, or are others. */
export type Copied = { files: number; bytes: number; missing: number };

const STAGED = ".restoring"; // a dot is the beginning of no tenant's folder
const REPLACED = ".replaced";
const ROUNDS_MAX = 5;

/**
 * Copies files out of `from`, in which people go on placing and removing, into `to`, which must not be there. Rows are read first, so a file of theirs
 * may be gone by the time its turn comes: then newer rows are asked for. What is missing by two readings is missing.
 */
export function createCopies({ from, to }: { from: string; to: string }) {
  const part = `${to}.part`;
  const missing = new Set<string>();
  let rounds = 0;
  let last = new Set<string>();
  return {
    /** False when some were there by the rows and are no more: read the rows again. */
    async take(names: readonly FileName[]): Promise<boolean> {
      if ((rounds += 1) === 1) await rm(part, { recursive: true, force: true });
      last = new Set();
      let isNews = false;
      for (const { tenant_id, hash } of names) {
        const path = pathIn(tenant_id, hash);
        last.add(path);
        if ((await isThere(join(part, path))) || (await copied(join(from, path), join(part, path), hash))) continue;
        isNews ||= !missing.has(path);
        missing.add(path);
      }
      return !isNews || rounds === ROUNDS_MAX;
    },
    /** Gives the copy its name; of what was copied for former rows nothing stays. Makes no folder for no file. */
    async place(): Promise<Copied> {
      const told: Copied = { files: 0, bytes: 0, missing: 0 };
      for (const path of await filesIn(part)) {
        if (!last.has(path)) await rm(join(part, path));
        else [told.files, told.bytes] = [told.files + 1, told.bytes + (await stat(join(part, path))).size];
      }
      if (told.files === 0) return { ...told, missing: last.size };
      await syncAll(part);
      await rename(part, to);
      return { ...told, missing: last.size - told.files };
    },
    discard: (): Promise<void> => rm(part, { recursive: true, force: true }),
  };
}

/** Brings files out of a backup's folder `from` into `into`, which nobody uses meanwhile. Until `place` nothing that lies there changes. */
export async function stageFiles({ from, into, names }: { from: string; into: string; names: readonly FileName[] }) {
  const [staged, replaced] = [join(into, STAGED), join(into, REPLACED)];
  const wanted = new Set<string>();
  const told: Copied = { files: 0, bytes: 0, missing: 0 };
  await rm(staged, { recursive: true, force: true });
  for (const { tenant_id, hash } of names) {
    const path = pathIn(tenant_id, hash);
    const isHere = await isWhole(join(into, path), hash);
    const found = isHere ? join(into, path) : (await copied(join(from, path), join(staged, path), hash)) ? join(staged, path) : null;
    if (found === null) told.missing += 1;
    else [told.files, told.bytes] = [told.files + 1, told.bytes + (await stat(found)).size];
    wanted.add(path);
  }
  return {
    told,
    /** What the restored rows do not name is set aside, whole: in the folder that is given back, null where there was none. */
    async place(): Promise<string | null> {
      const others = (await filesIn(into)).filter((path) => !wanted.has(path) && !APART.test(path));
      await rm(replaced, { recursive: true, force: true });
      for (const path of others) await moved(join(into, path), join(replaced, path));
      for (const path of await filesIn(staged)) await moved(join(staged, path), join(into, path));
      await rm(staged, { recursive: true, force: true });
      if (wanted.size > 0 || others.length > 0) await syncAll(into);
      return others.length > 0 ? replaced : null;
    },
    discard: (): Promise<void> => rm(staged, { recursive: true, force: true }),
  };
}

const APART = new RegExp(`^(${INCOMING}|\\${STAGED}|\\${REPLACED})/`, "u");

/** False when there is nothing, or something else, under that hash; then nothing is left at `to`. */
async function copied(from: string, to: string, hash: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (fault) {
    if (isAbsent(fault)) return false;
    throw fault;
  }
  if (await isWhole(to, hash)) return true;
  await rm(to, { force: true });
  return false;
}

async function isWhole(path: string, hash: string): Promise<boolean> {
  if (!(await isThere(path))) return false;
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(path).stream()) hasher.update(chunk);
  return hasher.digest("hex") === hash;
}

const isThere = (path: string): Promise<boolean> => Bun.file(path).exists();

async function moved(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rename(from, to);
}

/** Their paths within the folder. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((fault: unknown) => {
    if (isAbsent(fault)) return [];
    throw fault;
  });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** Files and names are on disk. */
async function syncAll(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const path of [...entries.map((entry) => join(entry.parentPath, entry.name)), folder, dirname(folder)]) {
    const handle = await open(path, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

const isAbsent = (fault: unknown): boolean => fault instanceof Error && "code" in fault && fault.code === "ENOENT";
