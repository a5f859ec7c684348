/**
 * What a script of ours shows, in the form `bun test` gives: the gate counts each case by itself, and a ledger can name it. Each case is written
 * as soon as it is known, so that a script that dies has told what came before. Writes nothing unless the gate says where.
 */
import { writeFileSync } from "node:fs";

/** `fault`: why it does not hold; null if it does. */
export type Case = { readonly name: string; readonly fault: string | null };
export type Report = { add(name: string, fault: string | null): void };

/** The environment variable in which the gate says where a step's cases belong. */
export const REPORT_VARIABLE = "CHECK_REPORT";

export function openReport(name: string, path: string | undefined = Bun.env[REPORT_VARIABLE]): Report {
  const cases: Case[] = [];
  return {
    add(sentence, fault) {
      cases.push({ name: sentence, fault });
      if (path !== undefined) writeFileSync(path, reportText(name, cases));
    },
  };
}

/** A JUnit report. */
export function reportText(name: string, cases: readonly Case[]): string {
  const file = escaped(name);
  const lines = cases.map((one) => {
    const inner = one.fault === null ? "" : `<failure message="${escaped(one.fault)}" />`;
    return `  <testcase name="${escaped(one.name)}" file="${file}">${inner}</testcase>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${file}"><testsuite name="${file}" file="${file}">\n${lines.join("")}</testsuite></testsuites>\n`;
}

// oxlint-disable-next-line no-control-regex -- XML has no way to write these
const unwritable = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/gu;

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;" };
  return text
    .toWellFormed()
    .replaceAll(unwritable, "\ufffd")
    .replaceAll(/[&<>"\n]/gu, (sign) => entities[sign] ?? sign);
}
