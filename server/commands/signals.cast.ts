/** Run by signals.test.ts in a process of its own: one that never ends by itself, or faults that nobody catches. */
import { signalled, surviveFaults } from "./signals.ts";

const [what = "", faults = "0"] = Bun.argv.slice(2);
if (what === "signals") await neverEnd();
else fail(what === "survives", Number(faults));

async function neverEnd(): Promise<void> {
  const signal = signalled();
  const busy = setInterval(() => {}, 1_000);
  console.log("here");
  await signal;
  console.log("heard, and still busy");
  busy.ref();
}

/** By turns thrown in a timer and left in a promise. */
function fail(survives: boolean, count: number): void {
  const logged: unknown[] = [];
  const quiet = (): void => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: (_event: string, fault: unknown) => void logged.push(fault) };
  if (survives) surviveFaults({ now: Date.now, log, metrics: { count: quiet } });
  for (let i = 0; i < count; i += 1) {
    if (i % 2 === 0) setTimeout(() => JSON.parse("{"), 1);
    else void Promise.reject(new Error("nobody awaits it"));
  }
  setTimeout(() => {
    console.log(`${logged.length} faults logged, and here still`);
    process.exit(0);
  }, 100);
}
