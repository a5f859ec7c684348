/**
 * Holds the ledgers to their word: each test that a table of the pages below names in its column "Test" must have run and passed in this run,
 * everywhere it ran (on both databases, if it ran on both). A name may also be that of a `describe`: then all that
 * stands in it must have passed. Prints what is missing and exits with 1.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestCase, testCases } from "./junit.ts";

const LEDGERS = ["docs/security-model.md", "docs/promises.md", "docs/acceptance.md"];

/** The tests named in backticks in the columns headed "Test" or "Tests" of a Markdown text. `\|` in a cell is a `|`. */
export function testsNamedIn(markdown: string): string[] {
  const named: string[] = [];
  let column: number | null = null; // of the table we are in; -1 where it has no such column
  for (const line of markdown.split("\n")) {
    const cells = cellsOf(line);
    if (cells === null) column = null;
    else if (column === null) column = cells.findIndex((cell) => /^tests?$/i.test(cell));
    else named.push(...[...(cells[column] ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ""));
  }
  return named;
}

/** What is wrong with the tests that a ledger names, given what ran: one sentence for each. */
export function ledgerFaults(named: readonly string[], ran: readonly TestCase[]): string[] {
  return [...new Set(named)].flatMap((name) => {
    const runs = ran.filter((test) => test.name === name || test.suites.includes(name));
    if (runs.length === 0) return [`did not run: ${name}`];
    return runs.every((test) => test.verdict === "passed") ? [] : [`did not pass: ${name}`];
  });
}

function cellsOf(line: string): string[] | null {
  if (!line.trimStart().startsWith("|")) return null;
  const cells = line.trim().split(/(?<!\\)\|/);
  return cells.slice(1, -1).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

if (import.meta.main) {
  const root = resolve(import.meta.dir, "../..");
  const reports = [...new Bun.Glob("reports/*.xml").scanSync(root)];
  const ran = (await Promise.all(reports.map(async (path) => testCases(await Bun.file(join(root, path)).text())))).flat();
  let wrong = 0;
  for (const ledger of LEDGERS.filter((path) => existsSync(join(root, path)))) {
    const named = testsNamedIn(await Bun.file(join(root, ledger)).text());
    const faults = named.length === 0 ? ["names no test"] : ledgerFaults(named, ran);
    for (const fault of faults) console.log(`${ledger}: ${fault}`);
    console.log(`${ledger}: ${named.length} tests named, ${faults.length} faults`);
    wrong += faults.length;
  }
  process.exit(wrong === 0 ? 0 : 1);
}
