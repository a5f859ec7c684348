/** Outcomes are kept by scenario, so that a run of hours may be made in parts and the page written from all of them. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Measured } from "./job.ts";
import { machineHere } from "./machine.ts";
import type { Outcome } from "./rounds.ts";
import type { Scenario } from "./scenario.ts";

type Kept = { commit: string; machine: string; date: string; failed: string | null; samples: [label: string, measured: Measured[]][] };
export type KeptOutcome = Outcome & Pick<Kept, "commit" | "machine" | "date">;

/** Figures, or where the time goes: the same scenario has both. */
export type Kind = "figures" | "where";

export async function keep(root: string, kind: Kind, { scenario, samples, failed }: Outcome): Promise<void> {
  mkdirSync(folderOf(root), { recursive: true });
  const kept: Kept = {
    commit: commitOf(root),
    machine: machineHere(root),
    date: new Date().toISOString().slice(0, 10),
    failed,
    samples: [...samples].map(([label, measured]) => [label, [...measured]]),
  };
  await Bun.write(pathOf(root, kind, scenario), JSON.stringify(kept, null, 1));
}

/** What was measured of these scenarios, whenever that was; those that never were have no samples. */
export async function keptOf(root: string, kind: Kind, scenarios: readonly Scenario[]): Promise<KeptOutcome[]> {
  return Promise.all(
    scenarios.map(async (scenario) => {
      const path = pathOf(root, kind, scenario);
      const kept: Kept = existsSync(path) ? await Bun.file(path).json() : { commit: "", machine: "", date: "", failed: null, samples: [] };
      return { ...kept, scenario, samples: new Map(kept.samples) };
    }),
  );
}

const folderOf = (root: string): string => join(root, "out/load");
const pathOf = (root: string, kind: Kind, { name }: Scenario): string =>
  join(folderOf(root), `${name.replaceAll(/[^a-z0-9]+/giu, "-")}${kind === "where" ? ".where" : ""}.json`);
const commitOf = (root: string): string =>
  Bun.spawnSync(["git", "describe", "--always", "--dirty=-changed", "--abbrev=12", "--exclude=*"], { cwd: root }).stdout.toString().trim();
