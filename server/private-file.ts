/** Small files of the data folder that only Snug's own user may read. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes the file whole or not at all, 0600 from its first byte, and returns when it is on disk under its name. */
export function writePrivately(path: string, text: string): void {
  const part = `${path}.part`;
  rmSync(part, { force: true }); // one left by a crash would keep its mode
  writeFileSync(part, text, { mode: 0o600, flush: true });
  renameSync(part, path);
  syncFolder(dirname(path));
}

/** So that the name survives a power cut too: without its secret a database would not open again. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
