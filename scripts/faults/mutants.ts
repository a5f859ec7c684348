/**
 * Mutants: broken promises kept as patches. Each is applied to a copy of the repository, built there and run; a mutant that no verdict catches
 * means the harness has gone blind. The copy without a patch, on which every seventh commit fails, must stay without a verdict.
 */
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openReport, REPORT_VARIABLE } from "../check/report.ts";
import { createChance } from "./chance.ts";
import type { Verdict } from "./checker.ts";
import { type Injector, kills, nothing, type Outcome, run } from "./run.ts";

const root = resolve(import.meta.dir, "../..");
const SAID = 1_000; // characters

type Mutant = {
  name: string;
  patches: readonly string[];
  injector: Injector;
  times: number;
  /** The verdict that must catch it; null: nothing may be found. */
  verdict: Verdict | null;
};
/** What no kill shows, since the page cache survives it: the command that must fail, of the sources or of what is built of them. */
type Told = { name: string; patches: readonly string[]; by: readonly string[]; built?: true };

export const mutants: readonly Mutant[] = [
  { name: "commits that fail, nothing else", patches: ["failing-commits"], injector: nothing, times: 8, verdict: null },
  { name: "reply before commit", patches: ["reply-before-commit"], injector: kills, times: 8, verdict: "lost" },
  { name: "no client_id", patches: ["no-client-id"], injector: kills, times: 5, verdict: "duplicate" },
  { name: "read, then subscribe a tick later", patches: ["subscribe-late"], injector: kills, times: 5, verdict: "silent-skip" },
  // Kills cannot show it: what they lose was not stored. Commits that fail do.
  { name: "publish before commit", patches: ["publish-before-commit", "failing-commits"], injector: nothing, times: 8, verdict: "phantom" },
];

export const told: readonly Told[] = [
  { name: "several commits for one post", patches: ["several-commits"], by: ["test", "--timeout", "120000", "./server/torn-wal.test.ts"] },
  {
    name: "synchronous=NORMAL",
    patches: ["synchronous-normal"],
    by: ["run", "scripts/faults.ts", "--outages", "--only", "after the flush"],
    built: true,
  },
];

/** Runs each and prints a line; gives how many were caught, of how many, and whether the clean copy stayed clean. */
export async function runMutants(seed: number): Promise<{ caught: number; of: number; clean: boolean }> {
  let caught = 0;
  let clean = true;
  const report = openReport("mutants");
  for (const mutant of mutants) {
    const { findings, failures, replies } = await runMutant(mutant, seed);
    const found = Map.groupBy(findings, ({ verdict }) => verdict);
    const verdicts = [...found].map(([verdict, some]) => `${verdict} ${some.length}`).join(", ");
    const by = mutant.verdict === null ? "" : found.has(mutant.verdict) ? `caught by ${mutant.verdict}: ` : "NOT CAUGHT: ";
    console.log(`${mutant.name}: ${replies} replies, ${by}${verdicts === "" ? "no verdict" : verdicts}`);
    if (mutant.verdict === null) clean = findings.length + failures.length === 0;
    else if (found.has(mutant.verdict)) caught += 1;
    const holds = mutant.verdict === null ? clean : found.has(mutant.verdict);
    report.add(mutant.verdict === null ? `${mutant.name}: no verdict` : `${mutant.name}: caught`, holds ? null : verdicts || "no verdict");
    if (mutant.verdict === null) for (const failure of failures) console.log(`  ${failure}`);
  }
  for (const one of told) {
    const untouched = await outcomeOf({ ...one, patches: [] });
    const holds = untouched.fails ? `it fails of the clean copy too: ${untouched.said}` : (await outcomeOf(one)).fails ? null : "it passed";
    console.log(`${one.name}: ${holds === null ? `caught by ${one.by.join(" ")}` : `NOT CAUGHT: ${holds}`}`);
    report.add(`${one.name}: caught`, holds);
    if (holds === null) caught += 1;
  }
  return { caught, of: mutants.filter(({ verdict }) => verdict !== null).length + told.length, clean };
}

function runMutant({ patches, injector, times }: Mutant, seed: number): Promise<Outcome> {
  return withCopy(patches, (copy) => {
    must([process.execPath, "run", "scripts/build.ts"], copy);
    return run({ executable: join(copy, "dist/snug"), database_url: null, injector, times, replies: 0, chance: createChance(seed) });
  });
}

/** Gives what `work` gives of a copy of the repository with these patches. */
async function withCopy<R>(patches: readonly string[], work: (copy: string) => Promise<R>): Promise<R> {
  const copy = mkdtempSync(join(tmpdir(), "snug-mutant-"));
  try {
    for (const name of sources()) cpSync(join(root, name), join(copy, name));
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    for (const patch of patches) must(["git", "apply", join(root, "scripts/faults/mutants", `${patch}.patch`)], copy);
    return await work(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The working tree as it is: what git tracks and what it does not ignore. */
function sources(): string[] {
  const listed = Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root });
  return listed.stdout
    .toString()
    .split("\n")
    .filter((name) => name !== "" && existsSync(join(root, name)));
}

/** Whether it fails, and the end of what it said. */
const outcomeOf = ({ patches, by, built }: Told): Promise<{ fails: boolean; said: string }> =>
  withCopy(patches, async (copy) => {
    if (built) must([process.execPath, "run", "scripts/build.ts"], copy);
    // Its cases are no report of the gate's: the verdict on it is.
    const env = { ...Bun.env, [REPORT_VARIABLE]: undefined };
    const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, ...by], { cwd: copy, env, stdout: "pipe", stderr: "pipe" });
    return { fails: exitCode !== 0, said: Buffer.concat([stdout, stderr]).toString().trim().slice(-SAID) };
  });

function must(words: string[], cwd: string): void {
  const done = Bun.spawnSync(words, { cwd, stderr: "pipe", stdout: "pipe" });
  if (done.exitCode !== 0) throw new Error(`${words.join(" ")}: ${done.stderr.toString()}`);
}
