/** Holds a data folder for one process: a lock that the kernel gives back when the process dies, however it dies. */
import { Database } from "bun:sqlite";
import { join } from "node:path";

export type Hold = { release(): void };

/** Null when another process holds the folder. */
export function holdFolder(folder: string): Hold | null {
  const lock = new Database(join(folder, "lock"));
  try {
    lock.run("PRAGMA locking_mode=EXCLUSIVE");
    lock.run("BEGIN EXCLUSIVE");
  } catch {
    lock.close();
    return null;
  }
  return { release: () => lock.close() };
}
