/**
 * The table that is told and written: target, what was measured, the median of the rounds' ratios, and whether the target is met. A round measures both
 * within seconds, and what else a machine does changes within minutes: so each round is a ratio of its own.
 */
import type { Measured } from "./job.ts";
import type { Outcome } from "./rounds.ts";
import type { Wanted } from "./scenario.ts";

const GENERATOR_MAX = 0.85;
const SPREAD_MAX = 0.15;

export function tableOf(outcomes: readonly Outcome[]): string {
  const head = ["| Scenario | What | Snug: median (min–max) | Beside it | Ratio | Target | Verdict |", "| --- | --- | --- | --- | --- | --- | --- |"];
  return [...head, ...outcomes.flatMap((outcome) => outcome.scenario.wanted.map((wanted) => rowOf(outcome, wanted)))].join("\n");
}

function rowOf(outcome: Outcome, wanted: Wanted): string {
  const { scenario } = outcome;
  const { against, unit, what } = wanted;
  const ours = figures(outcome, wanted.whose ?? scenario.contenders[0]?.label ?? "", wanted);
  const theirs = against === null ? [] : figures(outcome, against, wanted);
  const beside = against === null ? "" : theirs.length === 0 ? `${against}: not run here` : `${against} ${shown(theirs, unit)}`;
  const value = against === null ? median(ours) : median(ratiosOf(ours, theirs));
  const unrun = ours.length === 0 || (against !== null && theirs.length === 0);
  const ratio = unrun || against === null ? "" : value.toFixed(2);
  return `| ${[scenario.name, what, shown(ours, unit), beside, ratio, boundOf(wanted), unrun ? "not run here" : verdictOf(outcome, wanted, value)].join(" | ")} |`;
}

/** Round by round; where one side has fewer, by the medians. */
function ratiosOf(ours: readonly number[], theirs: readonly number[]): number[] {
  if (ours.length !== theirs.length) return [median(ours) / median(theirs)];
  return ours.map((one, round) => one / (theirs[round] ?? Number.NaN));
}

function verdictOf(outcome: Outcome, { at }: Wanted, value: number): string {
  const why = voidOf(outcome, false);
  const reason = why === null ? "" : ` (${why.slice(why.indexOf(": ") + 2)})`;
  if ("most" in at && at.most === Infinity) return `told${reason}`;
  return `${("least" in at ? value >= at.least : value <= at.most) ? "met" : "not met"}${reason}`;
}

function boundOf({ at }: Wanted): string {
  if ("least" in at) return `≥ ${at.least.toLocaleString("en")}`;
  return at.most === Infinity ? "" : `≤ ${at.most.toLocaleString("en")}`;
}

/** Why the figures of a run do not count; null if they do. In the gate others use the machine too, so only wrong answers count there. */
export function voidOf({ scenario, samples, failed }: Outcome, quick: boolean): string | null {
  if (failed !== null) return `${scenario.name}: void, ${failed}`;
  if (quick) return null;
  const all = [...samples.values()].flat();
  if (all.some(({ generator_cpu }) => generator_cpu > GENERATOR_MAX)) return `${scenario.name}: void, the generator was busy`;
  const beside = scenario.contenders.find(({ program }) => program !== "snug")?.label;
  const wanted = scenario.wanted.find(({ against }) => against === beside);
  const bare = wanted && beside ? (samples.get(beside) ?? []).map(wanted.of) : [];
  if (bare.length > 1 && (Math.max(...bare) - Math.min(...bare)) / median(bare) > SPREAD_MAX) return `${scenario.name}: void, bare rounds disagree`;
  if (all.some(({ other_cpu }) => other_cpu > SPREAD_MAX)) return `${scenario.name}: noisy, others used the machine`;
  return null;
}

const figures = ({ samples }: Outcome, label: string, { of }: Wanted): number[] =>
  (samples.get(label) ?? []).map((measured: Measured) => of(measured));

export function shown(numbers: readonly number[], unit: string): string {
  if (numbers.length === 0) return "";
  return `${written(median(numbers))} (${written(Math.min(...numbers))}–${written(Math.max(...numbers))}) ${unit}`.trimEnd();
}

const written = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(2));

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
