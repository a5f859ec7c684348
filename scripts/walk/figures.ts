/**
 * Measures what the page promises (experience.md, Budgets): the executable on a real conversation, a real Chromium, each figure the median of five.
 * Prints a table and closes with `N passed, N failed`; exits with 1 where a bound is not kept. Wants a machine that does nothing else meanwhile.
 *
 *   bun run figures [PATH of a conversation, as `bun run seed` takes it] [start] [open] [switch] [arrive] [scroll] [type] [sidebar]
 */
import { cpus, loadavg } from "node:os";
import { join, resolve } from "node:path";
import { openReport } from "../check/report.ts";
import { openBrowser } from "./browser.ts";
import { type Bound, bounds, figures, isMet } from "./figure-bounds.ts";
import { measure, type Measured } from "./measures.ts";
import { CONVERSATION, startSeeded } from "./seeded.ts";

const root = resolve(import.meta.dir, "../..");
const report = openReport("figures");
const words = process.argv.slice(2);
const isPath = (word: string): boolean => /[./]/u.test(word);
const seeded = await startSeeded(join(root, "dist/snug"), words.find(isPath) ?? CONVERSATION);
const browser = await openBrowser();
let found: Measured;
try {
  found = await measure(
    browser,
    seeded,
    words.filter((word) => !isPath(word)),
  );
} finally {
  await browser.close();
  await seeded.stop();
}
const values: Measured = { ...found, ...(await weigh()) };
const lines = figures.flatMap((name) => {
  const value = values[name];
  return value === undefined ? [] : [lineOf(bounds[name], value)];
});
const failed = lines.filter(({ fault }) => fault !== null).length;
for (const { words, fault } of lines) report.add(words, fault);
const [busy = 0] = loadavg();
console.log(
  `The longest room holds ${seeded.long.last_seq.toLocaleString("en")} messages; ${busy.toFixed(1)} wish to run on ${cpus().length} processors.\n`,
);
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
