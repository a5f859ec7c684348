/** Run by signals.test.ts in a process of its own: faults that nobody catches, by turns thrown in a timer and left in a promise. */
import { surviveFaults } from "./signals.ts";

const [survives, faults] = [Bun.argv[2] === "true", Number(Bun.argv[3])];
const logged: unknown[] = [];
const quiet = (): void => {};
if (survives) {
  const log = { debug: quiet, info: quiet, warn: quiet, error: (_event: string, fault: unknown) => void logged.push(fault) };
  surviveFaults({ now: Date.now, log, metrics: { count: quiet } });
}
for (let i = 0; i < faults; i += 1) {
  if (i % 2 === 0) setTimeout(() => JSON.parse("{"), 1);
  else void Promise.reject(new Error("nobody awaits it"));
}
setTimeout(() => {
  console.log(`${logged.length} faults logged, and here still`);
  process.exit(0);
}, 100);
