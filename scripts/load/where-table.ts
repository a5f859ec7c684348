/** Where the processor time of one counted thing goes, beside bare: microseconds, and how much of what we need more is our own script's. */
import type { Measured } from "./job.ts";
import type { Outcome } from "./rounds.ts";
import { median } from "./table.ts";

const PARTS = ["script", "bun", "kernel", "database"] as const;

export function whereTable(outcomes: readonly Outcome[]): string {
  const head = ["| Scenario | Program | CPU of one | Script | Bun | Kernel | Postgres |", "| --- | --- | --- | --- | --- | --- | --- |"];
  return [...head, ...outcomes.flatMap(rowsOf)].join("\n");
}

function rowsOf({ scenario, samples }: Outcome): string[] {
  return [...samples].flatMap(([label, measured]) => {
    const looked = measured.filter(({ where }) => where !== undefined);
    if (looked.length === 0) return [];
    const parts = PARTS.map((part) => median(looked.map((one) => costOf(one) * (one.where?.[part] ?? 0))));
    const all = parts.reduce((sum, part) => sum + part, 0);
    return [`| ${[scenario.name, label, ...[all, ...parts].map((us) => `${us.toFixed(2)} µs`)].join(" | ")} |`];
  });
}

/** Microseconds of the server's and its database's processor time for one counted thing. */
const costOf = ({ server_cpu, database_cpu, per_second }: Measured): number => ((server_cpu + database_cpu) / per_second) * 1e6;
