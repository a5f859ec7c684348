/** Runs one step of the gate and judges it. Its whole output goes into reports/. */
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { testCases } from "./junit.ts";
import { openReport } from "./report.ts";
import { reportOf, type Step } from "./steps.ts";

export type Outcome = {
  readonly step: Step;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  /** What failed, in a word or by name. */
  readonly faults: readonly string[];
};

const LIMIT_MS = 5 * 60_000; // a step that hangs must fail, not hold the gate

export async function runStep(root: string, step: Step): Promise<Outcome> {
  const started = performance.now();
  const log = openSync(join(root, reportOf(step.name, "log")), "w");
  const child = Bun.spawn([...step.words], {
    cwd: root,
    env: { ...Bun.env, NO_COLOR: "1", ...step.env },
    stdio: ["ignore", log, log],
    timeout: step.limit_ms ?? LIMIT_MS,
    killSignal: "SIGKILL",
  });
  await child.exited;
  closeSync(log);
  const seconds = (performance.now() - started) / 1000;
  const ended = child.signalCode === "SIGKILL" ? "killed, after its time was up" : `ended with ${child.exitCode ?? child.signalCode}`;
  const wrong = child.exitCode === 0 ? [] : [ended];
  const counted = step.counts === "tests" ? await countTests(root, step, wrong) : { passed: wrong.length === 0 ? 1 : 0, faults: wrong };
  if (step.shows !== undefined) openReport(step.name, join(root, reportOf(step.name, "xml"))).add(step.shows, wrong[0] ?? null);
  return { step, passed: counted.passed, failed: counted.faults.length, seconds, faults: counted.faults };
}

// A skipped test is a failed one: a gate that may be skipped is open. So is a run without a test, and one that fails beside its tests
// (a file that does not load is in no report).
async function countTests(root: string, step: Step, wrong: readonly string[]): Promise<{ passed: number; faults: string[] }> {
  const report = Bun.file(join(root, reportOf(step.name, "xml")));
  const cases = (await report.exists()) ? testCases(await report.text()) : [];
  const faults = cases.filter(({ verdict }) => verdict !== "passed").map(({ name, file, verdict }) => `${verdict}: ${file}: ${name}`);
  const passed = cases.length - faults.length;
  if (cases.length === 0) return { passed, faults: ["ran no test", ...wrong] };
  return { passed, faults: faults.length === 0 ? [...wrong] : faults };
}

/** The last lines a step printed; all of them, if no number is given. */
export async function tailOf(root: string, step: Step, lines = Number.POSITIVE_INFINITY): Promise<string> {
  const text = await Bun.file(join(root, reportOf(step.name, "log"))).text();
  return Bun.stripANSI(text).trimEnd().split("\n").slice(-lines).join("\n");
}
