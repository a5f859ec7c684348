/**
 * Measures what the page promises (experience.md, Budgets): the executable on a real conversation, a real Chromium, each figure the median of five.
 * Prints a table and closes with `N passed, N failed`; exits with 1 where a bound is not kept. Wants a machine that does nothing else meanwhile.
 *
 *   bun run figures [PATH of a conversation, as `bun run seed` takes it]
 */
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { openReport } from "../check/report.ts";
import { chromium as browserPath } from "./chromium.ts";
import { type Bound, bounds, type Figure, isMet } from "./figure-bounds.ts";
import { measure, type Measured } from "./measures.ts";
import { CONVERSATION, startSeeded } from "./seeded.ts";

const root = resolve(import.meta.dir, "../..");
const report = openReport("figures");
const seeded = await startSeeded(join(root, "dist/snug"), process.argv[2] ?? CONVERSATION);
const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
let found: Measured;
try {
  found = await measure(browser, seeded);
} finally {
  await browser.close();
  await seeded.stop();
}
const values: Record<Figure, number> = { ...found, ...(await weigh()) };
const lines = Object.entries(bounds).map(([name, bound]) => lineOf(bound, values[name as Figure]));
const failed = lines.filter(({ fault }) => fault !== null).length;
for (const { words, fault } of lines) report.add(words, fault);
console.log(`The longest room holds ${seeded.long.last_seq.toLocaleString("en")} messages.\n`);
for (const { line } of lines) console.log(line);
console.log(`\n${lines.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function lineOf(bound: Bound, value: number): { words: string; line: string; fault: string | null } {
  const { words, bound: most, unit, strict } = bound;
  const measured = `${value.toFixed(unit === "rows" ? 0 : 1)} ${unit}`;
  const must = `${strict ? "<" : "≤"} ${most.toLocaleString("en")} ${unit}`;
  const isKept = isMet(bound, value);
  return { words, line: `${isKept ? "met    " : "NOT MET"} ${measured.padStart(11)}  ${must.padEnd(11)} ${words}`, fault: isKept ? null : measured };
}

/** What the page's first answer names: what is imported later is not in it. */
async function weigh(): Promise<{ script: number; style: number }> {
  const html = await Bun.file(join(root, "dist/ui/index.html")).text();
  const sum = (kind: string): number =>
    [...html.matchAll(new RegExp(`(?:src|href)="(/assets/[^"]+\\.${kind})"`, "gu"))]
      .map(([, path]) => Bun.file(join(root, `dist/ui${path}.gz`)).size)
      .reduce((all, one) => all + one, 0) / 1_024;
  return { script: sum("js"), style: sum("css") };
}
