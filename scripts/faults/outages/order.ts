/**
 * The order oracle: whether what was replied was on the disk by then. A kill cannot tell, because the page cache survives it; the calls to the kernel
 * can. Between a message's writes to SQLite's log and its reply there must be a flush of that log.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call } from "../person.ts";
import { inScene, type Measured } from "../stalls/scene.ts";

const REPLIES = 1_000;
const CALLS = "pwrite64,pwritev,fsync,fdatasync,sendto,sendmsg,write,writev";

export async function repliesAfterFlush(executable: string): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "snug-order-"));
  const file = join(folder, "calls");
  try {
    const under = ["strace", "-f", "-y", "-s", "16", "-e", `trace=${CALLS}`, "-o", file];
    return await inScene({ executable, under }, async ({ reach, room_id, owner, served }) => {
      for (let i = 0; i < REPLIES; i += 1) {
        const client_id = `order-${String(i).padStart(16, "0")}`;
        const answer = await call(reach, "POST", `/rooms/${room_id}/messages`, owner, { client_id, content: `no. ${i}` });
        if (answer?.status !== 201) throw new Error(`A post was refused: ${JSON.stringify(answer)}`);
      }
      await served.terminate();
      const { replies, early, idle } = judged(readFileSync(file, "utf8"));
      const pass = replies >= REPLIES && early === 0 && idle === 0; // more: what set the scene was replied too
      return { pass, what: `${replies} replies, ${early} before the flush, ${idle} of which nothing was written` };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Of a trace of system calls, in the order in which the process made them: how many replies there were (201), how many of them while the log held
 * what was not flushed, and how many before which nothing had been written since the last.
 */
export function judged(trace: string): { replies: number; early: number; idle: number } {
  const found = { replies: 0, early: 0, idle: 0 };
  let isDirty = false;
  let isWritten = false;
  for (const line of trace.split("\n")) {
    if (WRITES.test(line)) isDirty = isWritten = true;
    else if (FLUSHES.test(line)) isDirty = false;
    else if (REPLY.test(line)) {
      found.replies += 1;
      if (isDirty) found.early += 1;
      if (!isWritten) found.idle += 1;
      isWritten = false;
    }
  }
  return found;
}

const WRITES = /\bpwritev?(64)?\(\d+<[^>]*-wal>/u;
const FLUSHES = /\b(fsync|fdatasync)\(\d+<[^>]*-wal>/u;
const REPLY = /\b(sendto|sendmsg|write|writev)\(.*"HTTP\/1\.1 201/u;
