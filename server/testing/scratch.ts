/** Where tests keep databases that are thrown away: in memory if the machine offers it, which makes a fresh one ten times cheaper. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MEMORY = "/dev/shm";
const ENOUGH_BYTES = 2 ** 30; // in a container it often has 64 MiB, less than a few databases

/**
 * Makes a folder that only its owner may enter; whoever asks removes it. What a process left behind because it was killed is removed by the
 * next one that asks. In `root`, where it matters what a write to it costs.
 */
export function makeScratch(name: string, root = hasRoom() ? MEMORY : tmpdir()): string {
  if (!swept.has(root)) sweep(root);
  swept.add(root);
  return mkdtempSync(join(root, `snug-${process.pid}-${name}-`));
}

const swept = new Set<string>();

function hasRoom(): boolean {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ENOUGH_BYTES;
}

function sweep(root: string): void {
  for (const folder of readdirSync(root)) {
    const [, pid] = /^snug-(\d+)-/.exec(folder) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) remove(join(root, folder));
  }
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // another user's: theirs to remove
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return fault instanceof Error && "code" in fault && fault.code === "EPERM"; // somebody else's
  }
}
