/**
 * Where the processor time of one counted thing goes, by `perf` on the servers' core: in the kernel, in Bun's native code, in the script that it
 * has compiled, or in Postgres. A sample that is looked at so is slower than others, and is never a figure.
 */
import { join } from "node:path";
import type { Target, Where } from "./job.ts";
import { makeFolder, SERVER_CORE } from "./subject.ts";

const HERTZ = "1997";

/** Looks for this long from now on. Rejects where there is no `perf`, or no right to use it. */
export async function lookWhere({ pid, beside }: Target, ms: number): Promise<Where> {
  const folder = makeFolder();
  try {
    const data = join(folder.path, "perf.data");
    await perf("record", "-q", "-C", String(SERVER_CORE), "-F", HERTZ, "-o", data, "--", "sleep", String(ms / 1_000));
    return sharesOf(await perf("script", "-i", data, "-F", "comm,pid,ip,dso"), beside ? [pid, beside.pid] : [pid]);
  } finally {
    folder.remove();
  }
}

/** Of lines as `perf script` writes them: command, process, address, and in brackets to what it belongs. */
export function sharesOf(text: string, pids: readonly number[]): Where {
  const counts = { kernel: 0, bun: 0, script: 0, database: 0 };
  for (const line of text.split("\n")) {
    const [, command = "", pid = "", object = ""] = /^\s*(.+?)\s+(\d+)\s+[0-9a-f]+\s+\((.*)\)\s*$/u.exec(line) ?? [];
    const isServer = pids.includes(Number(pid));
    if (!isServer && command !== "postgres") continue;
    if (!isServer) counts.database += 1;
    else if (object.startsWith("[") && object !== "[vdso]") counts.kernel += 1;
    else if (/(?:^|\/)perf-\d+\.map$|^\/\/anon$/u.test(object))
      counts.script += 1; // no file: compiled at run time
    else counts.bun += 1;
  }
  const all = counts.kernel + counts.bun + counts.script + counts.database;
  if (all === 0) throw new Error("perf saw nothing of the server");
  return { kernel: counts.kernel / all, bun: counts.bun / all, script: counts.script / all, database: counts.database / all };
}

async function perf(...words: string[]): Promise<string> {
  const child = Bun.spawn(["perf", ...words], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [text, wrong] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(`perf ${words[0]}: ${wrong.trim()}`);
  return text;
}
