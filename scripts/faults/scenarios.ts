/** Scenarios that are played one after the other and each say in a line what was measured. One that cannot be played here has failed, and says why. */
import { openReport } from "../check/report.ts";
import type { Measured } from "./stalls/scene.ts";

export type Scenario = readonly [name: string, play: (executable: string) => Promise<Measured>];

/** True if all is as promised; each is a case of the report `title`. `only`: those whose name holds it, or one of several between `|`. */
export async function playAll(title: string, scenarios: readonly Scenario[], executable: string, only: string): Promise<boolean> {
  const report = openReport(title);
  let passed = 0;
  const chosen = scenarios.filter(([name]) => only.split("|").some((words) => name.includes(words)));
  for (const [name, play] of chosen) {
    const { pass, what } = await play(executable).catch((fault: unknown): Measured => ({ pass: false, what: String(fault) }));
    console.log(`${pass ? "ok  " : "FAIL"} ${name}: ${what}`);
    report.add(name, pass ? null : what);
    if (pass) passed += 1;
  }
  console.log(`${title}: ${passed} of ${chosen.length}`);
  return passed === chosen.length;
}
