/** The scenarios of `bun run faults --stalls`: each is played on an executable of its own and prints what was measured. */
import { floodIsBounded } from "./stalls/flood.ts";
import { halfOpenIsClosed } from "./stalls/half-open.ts";
import type { Measured } from "./stalls/scene.ts";
import { stopsInOrder } from "./stalls/drain.ts";
import { stalledCostsLittle, stalledIsClosed } from "./stalls/stalled.ts";

const AS_PID_1 = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];

const scenarios: readonly (readonly [name: string, play: (executable: string) => Promise<Measured>])[] = [
  ["a stalled reader", stalledIsClosed],
  ["two hundred stalled readers", stalledCostsLittle],
  ["a flood, limits as they are", (executable) => floodIsBounded(executable, false)],
  ["a flood, limits lifted", (executable) => floodIsBounded(executable, true)],
  ["SIGTERM", (executable) => stopsInOrder(executable)],
  ["SIGTERM as PID 1", (executable) => stopsInOrder(executable, AS_PID_1)],
  ["a half-open peer", halfOpenIsClosed],
];

/** True if all is as promised. `only`: those whose name holds it. */
export async function runStalls(executable: string, only = ""): Promise<boolean> {
  let passed = 0;
  const chosen = scenarios.filter(([name]) => name.includes(only));
  for (const [name, play] of chosen) {
    const { pass, what } = await play(executable).catch((fault: unknown): Measured => ({ pass: false, what: String(fault) }));
    console.log(`${pass ? "ok  " : "FAIL"} ${name}: ${what}`);
    if (pass) passed += 1;
  }
  console.log(`stalls: ${passed} of ${chosen.length}`);
  return passed === chosen.length;
}
