/**
 * Memory that is there before it is measured with. The host of a virtual machine takes back what the guest has free, two megabytes at a time, and brings
 * each page anew when it is first touched: twelve microseconds where this was found, and two where it was there. Whoever stores more, or comes first,
 * would pay for that. So all that is free is touched once, and of each piece that could be taken back a page is held, by a process of its own that does
 * nothing else.
 *
 * Run as a program with the megabytes as its word: says a line when they are there, and holds them until its input ends. Linux only, like the load.
 */
import { dlopen, FFIType, toArrayBuffer } from "bun:ffi";
import { readFileSync } from "node:fs";

const PAGE = 4_096;
const HELD_EVERY = 64; // pages: neighbours in the guest's books are mostly neighbours for the host, and a piece of 512 has some of these
const PIECE_MB = 1_024;
const LEFT_MB = 1_024; // to whoever else is here
const [READ_WRITE, PRIVATE_ANONYMOUS, DONT_NEED, NO_HUGE_PAGES] = [3, 0x22, 4, 15];

export type Backed = { stop(): Promise<void> };

/** Resolves when what is free by now is there, a minute or less. */
export async function backMemory(): Promise<Backed> {
  const free_mb = Math.floor(Number(/^MemFree:\s+(\d+) kB$/mu.exec(readFileSync("/proc/meminfo", "utf8"))?.[1] ?? 0) / 1_024) - LEFT_MB;
  if (free_mb < PIECE_MB) return { stop: async () => {} };
  const child = Bun.spawn([process.execPath, "run", import.meta.path, String(free_mb)], { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  const first = await child.stdout.getReader().read();
  if (first.done) throw new Error("The memory cannot be held");
  return {
    async stop() {
      await child.stdin.end();
      await child.exited;
    },
  };
}

function hold(mb: number): void {
  const { mmap, madvise } = dlopen("libc.so.6", {
    mmap: { args: [FFIType.ptr, FFIType.u64, FFIType.i32, FFIType.i32, FFIType.i32, FFIType.i64], returns: FFIType.ptr },
    madvise: { args: [FFIType.u64, FFIType.u64, FFIType.i32], returns: FFIType.i32 },
  }).symbols;
  const pieces = Array.from({ length: Math.floor(mb / PIECE_MB) }, () => {
    const bytes = PIECE_MB << 20;
    const at = mmap(null, bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
    if (at === null || madvise(at, bytes, NO_HUGE_PAGES) !== 0) throw new Error("There is no such memory");
    const memory = new Uint8Array(toArrayBuffer(at, 0, bytes));
    for (let byte = 0; byte < bytes; byte += PAGE) memory[byte] = 1;
    return { at, bytes };
  });
  for (const { at, bytes } of pieces)
    for (let byte = 0; byte < bytes; byte += HELD_EVERY * PAGE) madvise(Number(at) + byte + PAGE, (HELD_EVERY - 1) * PAGE, DONT_NEED);
}

if (import.meta.main) {
  hold(Number(process.argv[2]));
  console.log("held");
  await Bun.stdin.text();
}
