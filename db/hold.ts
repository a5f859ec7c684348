/** Holds a file for one process: a lock that the kernel gives back when the process dies, however it dies. */
import { Database } from "bun:sqlite";

export type Hold = { release(): void };

const held = new Set<Database>(); // or the collector would close, and so release, what nobody refers to

/**
 * Null when it is held already, by another process or by this one. Makes the file if there is none; it stays empty. Throws what hinders that.
 * It is SQLite's own lock, because Bun has no other that works on every system.
 */
export function holdFile(path: string): Hold | null {
  const lock = new Database(path);
  try {
    lock.run("PRAGMA journal_mode=MEMORY; PRAGMA locking_mode=EXCLUSIVE"); // no journal: there is nothing to take back
    lock.run("BEGIN EXCLUSIVE");
    held.add(lock);
    return {
      release() {
        held.delete(lock);
        lock.close();
      },
    };
  } catch (fault) {
    lock.close();
    if (fault instanceof Error && "code" in fault && fault.code === "SQLITE_BUSY") return null;
    throw fault;
  }
}
