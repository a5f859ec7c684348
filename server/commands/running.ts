/** The server that runs on a data folder, as it wrote itself down; null when there is none, or what is written is of a process that has ended. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export function runningServer(data: string): { pid: number; url: string } | null {
  try {
    const written: unknown = JSON.parse(readFileSync(join(data, "running.json"), "utf8"));
    if (typeof written !== "object" || written === null || !("pid" in written) || !("url" in written)) return null;
    const { pid, url } = written;
    if (typeof pid !== "number" || typeof url !== "string") return null;
    process.kill(pid, 0); // throws when there is no such process
    return { pid, url };
  } catch {
    return null;
  }
}
