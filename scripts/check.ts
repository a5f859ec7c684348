/**
 * The one gate: whatever must hold, holds here. `bun run check` for who works on Snug, `npm test` (which also installs) for everybody else.
 *
 *   --install     first install packages and browser      --full        the long form: all faults, the mutants, the container
 *   --only a,b    these steps alone, by name              --list        the steps' names
 *
 * Every step runs, whatever failed before it. Its output is in reports/. The last line is `N passed, N failed`: tests one by one, each
 * other step as one. Imports nothing of node_modules, since it runs before anything is installed.
 */
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Outcome, runStep, tailOf } from "./check/run.ts";
import { reportOf, type Step, stepsFor } from "./check/steps.ts";

const root = resolve(import.meta.dir, "..");
const TAIL_LINES = 60;

const flags = { install: { type: "boolean" }, full: { type: "boolean" }, list: { type: "boolean" }, only: { type: "string" } } as const;
const { install = false, full = false, list = false, only } = parseArgs({ options: flags }).values;

const lines = chosen(stepsFor({ install, full }), only?.split(","));
if (list) {
  for (const { name } of lines.flat(2)) console.log(name);
  process.exit(0);
}

// A report of an earlier run must not speak for this one.
if (only === undefined) await rm(join(root, "reports"), { recursive: true, force: true });
for (const { name } of lines.flat(2)) for (const kind of ["log", "xml"] as const) await rm(join(root, reportOf(name, kind)), { force: true });
await mkdir(join(root, "reports"), { recursive: true });

const started = performance.now();
const outcomes: Outcome[] = [];
for (const lanes of lines) outcomes.push(...(await Promise.all(lanes.map(inTurn))).flat());
const passed = sum(outcomes.map((outcome) => outcome.passed));
const failed = sum(outcomes.map((outcome) => outcome.failed));
console.log(`${Math.round((performance.now() - started) / 1000)} s in all`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

async function inTurn(lane: readonly Step[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const step of lane) outcomes.push(await tell(await runStep(root, step)));
  return outcomes;
}

async function tell(outcome: Outcome): Promise<Outcome> {
  const { step, seconds, faults } = outcome;
  const count = step.counts === "tests" ? ` (${outcome.passed} passed)` : "";
  console.log(`${faults.length === 0 ? "ok  " : "FAIL"} ${step.name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s${count}`);
  for (const line of (await tailOf(root, step)).split("\n")) if (line.startsWith("AGAIN ")) console.log(line); // what failed once (scripts/walk.ts)
  if (faults.length > 0) {
    console.log(`---- ${reportOf(step.name, "log")}, its last lines:\n${await tailOf(root, step, TAIL_LINES)}`);
    console.log(`---- ${step.name}:\n${faults.join("\n")}\n----`);
  }
  return outcome;
}

function chosen(all: Step[][][], names: readonly string[] | undefined): Step[][][] {
  if (names === undefined) return all;
  const known = all.flat(2).map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`No step is called ${unknown.join(", ")}. The steps: ${known.join(", ")}`);
  return all.map((lanes) => lanes.map((lane) => lane.filter(({ name }) => names.includes(name))));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
