/**
 * While somebody reads a folder of files through, as a backup does, nobody removes from it: what goes is marked as gone, and a later sweep takes its bytes.
 * Whoever reads says so by a file whose time it renews; one that was killed is believed for a minute.
 */
import { mkdir, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { INCOMING } from "./names.ts";

const PREFIX = "reading-"; // among what comes in: what is left of it goes as anything left there does
const BELIEVED_MS = 60_000;

/** `renew` says it again, far more often than once a minute. */
export type Reading = { renew(): Promise<void>; end(): Promise<void> };

/** Begin before the rows are read that name what is to be there. Where there is no folder, or none that may be written to, nothing is kept. */
export async function beginReading(folder: string): Promise<Reading> {
  const path = join(folder, INCOMING, `${PREFIX}${crypto.randomUUID()}`);
  if (!(await isThere(folder)) || !(await isWritten(path))) return { renew: nothing, end: nothing };
  return {
    async renew() {
      const now = new Date();
      await utimes(path, now, now).catch(nothing); // who removed it wants it to end
    },
    end: () => rm(path, { force: true }),
  };
}

const nothing = async (): Promise<void> => {};

/** Whether somebody reads it through now. */
export async function isBeingRead(folder: string): Promise<boolean> {
  const names = await readdir(join(folder, INCOMING)).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(PREFIX))) {
    const found = await stat(join(folder, INCOMING, name)).catch(() => null);
    if (found && Date.now() - found.mtimeMs < BELIEVED_MS) return true;
  }
  return false;
}

async function isWritten(path: string): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, "", { mode: 0o600 });
    return true;
  } catch {
    return false; // then what goes meanwhile makes the rows be read again
  }
}

const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;
