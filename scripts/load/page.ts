/** docs/performance.md, made of what was kept, and the picture beside it. */
import { basename, join } from "node:path";
import { type KeptOutcome, keptOf } from "./kept.ts";
import { pictureOf } from "./picture.ts";
import type { Scenario } from "./scenario.ts";
import { seedTable } from "./seed-figures.ts";
import { tableOf } from "./table.ts";
import { whereTable } from "./where-table.ts";

export async function writePage(root: string, path: string, scenarios: readonly Scenario[]): Promise<void> {
  const outcomes = await keptOf(root, "figures", scenarios);
  const picture = path.replace(/\.md$/u, "-growth.svg");
  const text = await Bun.file(join(import.meta.dir, "method.md")).text();
  await Bun.write(picture, pictureOf(outcomes.filter(({ scenario }) => scenario.group === "growth")));
  const timed = outcomes.filter(({ scenario }) => TIMED.has(scenario.group)).flatMap(({ samples }) => [...samples.values()]);
  const fields: Record<string, string> = {
    machine: named(outcomes, ({ machine }) => machine),
    commit: named(outcomes, ({ commit }) => commit),
    date: named(outcomes, ({ date }) => date),
    picture: basename(picture),
    rounds: fromTo(timed.map(({ length }) => length)),
    seconds: fromTo(timed.flat().map(({ count, per_second }) => Math.round(count / per_second))),
    seed: seedTable(outcomes),
    table: tableOf(outcomes),
    where: whereTable(await keptOf(root, "where", scenarios)),
  };
  await Bun.write(
    path,
    text.replaceAll(/\{(\w+)\}/gu, (all, name: string) => fields[name] ?? all),
  );
}

/** A run may be made in parts, and its parts be of different lengths: the page says between what. */
const TIMED: ReadonlySet<string> = new Set(["ingest", "fan-out", "prosody", "reads", "growth", "extended"]);
const fromTo = (numbers: readonly number[]): string =>
  numbers.length === 0 ? "(nothing was measured)" : [...new Set([Math.min(...numbers), Math.max(...numbers)])].join(" to ");

const named = (outcomes: readonly KeptOutcome[], of: (outcome: KeptOutcome) => string): string =>
  [...new Set(outcomes.map(of).filter(Boolean))].join(", ") || "(nothing was measured)";
