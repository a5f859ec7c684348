/** The table that is told and written: target, what was measured, the ratio of the medians, and whether the target is met. */
import { join } from "node:path";
import type { Measured } from "./job.ts";
import { machineHere } from "./machine.ts";
import type { Outcome } from "./rounds.ts";
import type { Wanted } from "./scenario.ts";
import type { SubjectName } from "./subject.ts";

const GENERATOR_MAX = 0.85;
const SPREAD_MAX = 0.15;

export function tableOf(outcomes: readonly Outcome[]): string {
  const head = ["| Scenario | What | Snug: median (min–max) | Beside it | Ratio | Target | Verdict |", "| --- | --- | --- | --- | --- | --- | --- |"];
  return [...head, ...outcomes.flatMap((outcome) => outcome.scenario.wanted.map((wanted) => rowOf(outcome, wanted)))].join("\n");
}

function rowOf(outcome: Outcome, wanted: Wanted): string {
  const { scenario } = outcome;
  const ours = figures(outcome, "snug", wanted);
  const theirs = wanted.against === null ? [] : figures(outcome, wanted.against, wanted);
  const beside =
    wanted.against === null ? "" : theirs.length === 0 ? `${wanted.against}: not run here` : `${wanted.against} ${shown(theirs, wanted.unit)}`;
  const value = wanted.against === null ? median(ours) : median(ours) / median(theirs);
  const target = "least" in wanted.at ? `≥ ${wanted.at.least}` : `≤ ${wanted.at.most}`;
  const met = "least" in wanted.at ? value >= wanted.at.least : value <= wanted.at.most;
  const unrun = ours.length === 0 || (wanted.against !== null && theirs.length === 0);
  const why = voidOf(outcome, false);
  const verdict = unrun ? "not run here" : `${met ? "met" : "not met"}${why === null ? "" : ` (${why.slice(why.indexOf(": ") + 2)})`}`;
  const ratio = unrun || wanted.against === null ? "" : value.toFixed(2);
  return `| ${[scenario.name, wanted.what, shown(ours, wanted.unit), beside, ratio, target, verdict].join(" | ")} |`;
}

/** Why the figures of a run do not count; null if they do. In the gate others use the machine too, so only wrong answers count there. */
export function voidOf({ scenario, samples, failed }: Outcome, quick: boolean): string | null {
  if (failed !== null) return `${scenario.name}: void, ${failed}`;
  if (quick) return null;
  const all = [...samples.values()].flat();
  if (all.some(({ generator_cpu }) => generator_cpu > GENERATOR_MAX)) return `${scenario.name}: void, the generator was busy`;
  const bare = (samples.get(scenario.subjects[1] ?? "snug") ?? []).map((measured) => scenario.wanted[0]?.of(measured) ?? 0);
  if (bare.length > 1 && (Math.max(...bare) - Math.min(...bare)) / median(bare) > SPREAD_MAX) return `${scenario.name}: void, bare rounds disagree`;
  if (all.some(({ other_cpu }) => other_cpu > SPREAD_MAX)) return `${scenario.name}: noisy, others used the machine`;
  return null;
}

/** docs/performance.md. */
export async function pageOf(outcomes: readonly Outcome[], root: string): Promise<string> {
  const before = await Bun.file(join(import.meta.dir, "method.md")).text();
  const head = Bun.spawnSync(["git", "rev-parse", "--short=12", "HEAD"], { cwd: root }).stdout.toString().trim();
  return before
    .replace("{machine}", machineHere(root))
    .replace("{commit}", head)
    .replace("{date}", new Date().toISOString().slice(0, 10))
    .replace("{table}", tableOf(outcomes));
}

const figures = ({ samples }: Outcome, name: SubjectName, { of }: Wanted): number[] =>
  (samples.get(name) ?? []).map((measured: Measured) => of(measured));

function shown(numbers: readonly number[], unit: string): string {
  if (numbers.length === 0) return "";
  return `${written(median(numbers))} (${written(Math.min(...numbers))}–${written(Math.max(...numbers))}) ${unit}`;
}

const written = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(2));

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
