/**
 * Mutants: broken promises kept as patches. Each is applied to a copy of the repository, built there and run; a mutant that no verdict catches
 * means the harness has gone blind. The copy without a patch, on which every seventh commit fails, must stay without a verdict.
 */
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createChance } from "./chance.ts";
import { killLoop, type Outcome } from "./run.ts";

const root = resolve(import.meta.dir, "../..");

type Mutant = { name: string; patches: readonly string[]; kills: number; caught: boolean };

/** `kills: 0` runs without kills for as long as three of them would take: these are caught by commits that fail. */
export const mutants: readonly Mutant[] = [
  { name: "commits that fail, nothing else", patches: ["failing-commits"], kills: 0, caught: false },
  { name: "reply before commit", patches: ["reply-before-commit"], kills: 8, caught: true },
  { name: "no client_id", patches: ["no-client-id"], kills: 5, caught: true },
  { name: "read, then subscribe a tick later", patches: ["subscribe-late"], kills: 5, caught: true },
  { name: "publish before commit", patches: ["publish-before-commit", "failing-commits"], kills: 0, caught: true },
];

/** Runs each and prints a line; gives how many of the four were caught, and whether the clean copy stayed clean. */
export async function runMutants(seed: number, port: () => number): Promise<{ caught: number; clean: boolean }> {
  let caught = 0;
  let clean = true;
  for (const mutant of mutants) {
    const { findings, replies } = await runMutant(mutant, seed, port());
    const verdicts = [...Map.groupBy(findings, ({ verdict }) => verdict)].map(([verdict, found]) => `${verdict} ${found.length}`).join(", ");
    console.log(`${mutant.name}: ${replies} replies, ${verdicts === "" ? "no verdict" : verdicts}`);
    if (mutant.caught && findings.length > 0) caught += 1;
    if (!mutant.caught && findings.length > 0) clean = false;
  }
  return { caught, clean };
}

async function runMutant({ patches, kills }: Mutant, seed: number, port: number): Promise<Outcome> {
  const copy = mkdtempSync(join(tmpdir(), "snug-mutant-"));
  try {
    for (const name of sources()) cpSync(join(root, name), join(copy, name));
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    for (const patch of patches) must(["git", "apply", join(root, "scripts/faults/mutants", `${patch}.patch`)], copy);
    must([process.execPath, "run", "scripts/build.ts"], copy);
    const quiet = kills === 0;
    const between = quiet ? { between: async () => {} } : {};
    return await killLoop({ executable: join(copy, "dist/snug"), port, flags: [], kills: quiet ? 8 : kills, chance: createChance(seed), ...between });
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

function must(words: string[], cwd: string): void {
  const done = Bun.spawnSync(words, { cwd, stderr: "pipe", stdout: "pipe" });
  if (done.exitCode !== 0) throw new Error(`${words.join(" ")}: ${done.stderr.toString()}`);
}
