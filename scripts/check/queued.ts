/**
 * How many milliseconds a process' first thread has been ready to run and stood in line for a processor: what else runs on this machine, and nothing that
 * the process could mend. Where a time is judged on a busy machine it is taken off. 0 where the system does not say (only Linux does).
 */
import { existsSync, readFileSync } from "node:fs";

export function queuedMs(pid: number): number {
  const path = `/proc/${pid}/task/${pid}/schedstat`;
  return existsSync(path) ? Number(readFileSync(path, "utf8").split(" ")[1]) / 1e6 : 0;
}

/** How long an answer of this process took, without what it stood in line meanwhile. What we stood counts: it may have worked in that time. */
export async function ownMs(pid: number, answered: () => Promise<unknown>): Promise<number> {
  const [begun, stood] = [performance.now(), queuedMs(pid)];
  await answered();
  return performance.now() - begun - (queuedMs(pid) - stood);
}
