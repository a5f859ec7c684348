/** Where the processor time of one counted thing goes, beside bare: microseconds, and how much of what we need more is our own script's. */
import type { Measured } from "./job.ts";
import type { Outcome } from "./rounds.ts";
import { median } from "./table.ts";

const PARTS = ["script", "bun", "kernel", "database"] as const;

export function whereTable(outcomes: readonly Outcome[]): string {
  const head = [
    "| Scenario | Program | CPU of one | Script | Bun | Kernel | Postgres | Script in what it needs more than bare |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
  ];
  return [...head, ...outcomes.flatMap(rowsOf)].join("\n");
}

function rowsOf({ scenario, samples }: Outcome): string[] {
  const parts = new Map([...samples].flatMap(([label, measured]) => (measured.some(({ where }) => where) ? [[label, partsOf(measured)]] : [])));
  const bare = parts.get(scenario.contenders.find(({ program }) => program !== "snug")?.label ?? "");
  return [...parts].map(([label, each]) => {
    const ours = label === "snug" && bare ? shareOf(each, bare) : "";
    return `| ${[scenario.name, label, ...[sum(each), ...each].map((us) => `${us.toFixed(2)} µs`), ours].join(" | ")} |`;
  });
}

/** Microseconds of one counted thing, in the order of PARTS. */
function partsOf(measured: readonly Measured[]): number[] {
  const looked = measured.filter(({ where }) => where !== undefined);
  return PARTS.map((part) => median(looked.map((one) => costOf(one) * (one.where?.[part] ?? 0))));
}

const sum = (parts: readonly number[]): number => parts.reduce((all, part) => all + part, 0);

/** How much of what `ours` takes beyond `bare` is script, the first of the parts. */
function shareOf(ours: readonly number[], bare: readonly number[]): string {
  const more = sum(ours) - sum(bare);
  const script = (ours[0] ?? 0) - (bare[0] ?? 0);
  return more > 0 ? `${script.toFixed(2)} of ${more.toFixed(2)} µs` : "";
}

/** Microseconds of the server's and its database's processor time for one counted thing. */
const costOf = ({ server_cpu, database_cpu, per_second }: Measured): number => ((server_cpu + database_cpu) / per_second) * 1e6;
