/** docs/performance.md, made of what was kept, and the picture beside it. */
import { basename, join } from "node:path";
import { type KeptOutcome, keptOf } from "./kept.ts";
import { pictureOf } from "./picture.ts";
import type { Scenario } from "./scenario.ts";
import { seedTable } from "./seed-figures.ts";
import { tableOf } from "./table.ts";

export async function writePage(root: string, path: string, scenarios: readonly Scenario[]): Promise<void> {
  const outcomes = await keptOf(root, scenarios);
  const picture = path.replace(/\.md$/u, "-growth.svg");
  const text = await Bun.file(join(import.meta.dir, "method.md")).text();
  await Bun.write(picture, pictureOf(outcomes.filter(({ scenario }) => scenario.group === "growth")));
  const fields: Record<string, string> = {
    machine: named(outcomes, ({ machine }) => machine),
    commit: named(outcomes, ({ commit }) => commit),
    date: named(outcomes, ({ date }) => date),
    picture: basename(picture),
    seed: seedTable(outcomes),
    table: tableOf(outcomes),
  };
  await Bun.write(
    path,
    text.replaceAll(/\{(\w+)\}/gu, (all, name: string) => fields[name] ?? all),
  );
}

const named = (outcomes: readonly KeptOutcome[], of: (outcome: KeptOutcome) => string): string =>
  [...new Set(outcomes.map(of).filter(Boolean))].join(", ") || "(nothing was measured)";
