import { expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeScratch } from "../../server/testing/scratch.ts";
import { imageConfigOf } from "./container-tools.ts";
import { testCases } from "./junit.ts";
import { ledgerFaults, testsNamedIn } from "./ledgers.ts";
import { journalFaults, tagFaults } from "./migrations.ts";
import { openReport } from "./report.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bun test" tests="4"><testsuite name="a.test.ts" file="a.test.ts">
  <testcase name="bob &amp; ann say &quot;hi&quot;" file="a.test.ts" />
  <testsuite name="outer"><testsuite name="inner"><testcase name="nested" file="a.test.ts"><failure type="E">no</failure></testcase></testsuite></testsuite>
  <testcase name="later" file="a.test.ts"><skipped message="TODO" /></testcase>
</testsuite></testsuites>`;

test("a report gives each test by its own name, however deep, with its verdict", () => {
  expect(testCases(REPORT)).toEqual([
    { name: 'bob & ann say "hi"', file: "a.test.ts", suites: [], verdict: "passed" },
    { name: "nested", file: "a.test.ts", suites: ["outer", "inner"], verdict: "failed" },
    { name: "later", file: "a.test.ts", suites: [], verdict: "skipped" },
  ]);
});

test("a report without a test gives none", () => {
  expect(testCases('<testsuites name="bun test" tests="0"></testsuites>')).toEqual([]);
});

const LEDGER = `
A \`word\` of prose.

| Row | Test | Note |
|---|---|---|
| one | \`a is so\`, \`b is \\| so\` | \`code\` |
| two | none | |

| Row | Note |
|---|---|
| Test | \`not this\` |

| Tests |
|---|
| \`c is so\` |
`;

test("a ledger names the tests of its column Test, in every table that has one, and nothing else in backticks", () => {
  expect(testsNamedIn(LEDGER)).toEqual(["a is so", "b is | so", "c is so"]);
});

const ran = (name: string, verdict: "passed" | "failed" | "skipped") => ({ name, file: "x.test.ts", suites: ["all of it"], verdict });

test("a named test that passed wherever it ran is no fault", () => {
  expect(ledgerFaults(["a", "a"], [ran("a", "passed"), ran("a", "passed"), ran("b", "failed")])).toEqual([]);
});

test("a named test that did not run, was skipped, or failed on one of two databases is a fault", () => {
  const reports = [ran("skipped one", "skipped"), ran("half", "passed"), ran("half", "failed")];
  expect(ledgerFaults(["absent", "skipped one", "half"], reports)).toEqual([
    "did not run: absent",
    "did not pass: skipped one",
    "did not pass: half",
  ]);
});

test("a named describe stands for all that is in it", () => {
  expect(ledgerFaults(["all of it"], [ran("a", "passed"), ran("b", "passed")])).toEqual([]);
  expect(ledgerFaults(["all of it"], [ran("a", "passed"), ran("b", "failed")])).toEqual(["did not pass: all of it"]);
});

test("what a script tells is read as a test is, and written case by case", async () => {
  const folder = makeScratch("report");
  const path = join(folder, "faults.xml");
  const report = openReport("faults", path);
  report.add('a "kill" & <more>', null);
  report.add("a stop", "line one\nline \u0001 two");
  expect(testCases(await Bun.file(path).text())).toEqual([
    { name: 'a "kill" & <more>', file: "faults", suites: [], verdict: "passed" },
    { name: "a stop", file: "faults", suites: [], verdict: "failed" },
  ]);
  rmSync(folder, { recursive: true });
});

const entry = (idx: number, when: number, tag = `${idx}`) => ({ idx, when, tag });

test("a journal whose times rise and whose places are whole has no fault", () => {
  expect(journalFaults([entry(0, 1), entry(1, 2), entry(2, 5)])).toEqual([]);
});

test("a migration that is not later than the one before would be skipped, and is a fault", () => {
  expect(journalFaults([entry(0, 5), entry(1, 5)])).toEqual(["1: not later than 0, so it would be skipped"]);
});

test("a hole in a journal is a fault", () => {
  expect(journalFaults([entry(0, 1), entry(2, 2)])).toEqual(["2: idx is 2 where 1 is due"]);
});

test("both dialects have the same tags in the same places", () => {
  expect(tagFaults([entry(0, 1, "first")], [entry(0, 9, "first")])).toEqual([]);
  expect(tagFaults([entry(0, 1, "first"), entry(1, 2, "more")], [entry(0, 1, "first")])).toEqual(["sqlite has more where postgres has nothing"]);
});

const inspected = (config: object) => JSON.stringify({ Docker: { config } });
const image = {
  User: "10001:10001",
  Entrypoint: ["/snug"],
  Env: ["A=b"],
  Volumes: { "/data": {} },
  Healthcheck: { Test: ["CMD", "/snug", "healthcheck"] },
};

test("an image says how it is run", () => {
  expect(imageConfigOf(inspected(image))).toEqual({
    user: { uid: 10001, gid: 10001 },
    entry: ["/snug"],
    env: ["A=b"],
    volumes: ["/data"],
    health: ["/snug", "healthcheck"],
  });
});

test.each([
  ["no user", { User: "" }],
  ["a name", { User: "snug" }],
  ["root", { User: "0:0" }],
  ["no health check", { Healthcheck: {} }],
  ["a health check by a shell", { Healthcheck: { Test: ["CMD-SHELL", "snug healthcheck"] } }],
])("an image with %s is refused", (_, flaw) => {
  expect(() => imageConfigOf(inspected({ ...image, ...flaw }))).toThrow("The image");
});

test("the acceptance list has each of its numbers once, and a step that begins with it", async () => {
  const list = await Bun.file(join(import.meta.dir, "../../docs/acceptance.md")).text();
  const rows = [...list.matchAll(/^\| (\d+) \|.*$/gmu)].map(([row, number]) => ({ number: Number(number), row }));
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 43 }, (_, i) => i + 1));
  expect(rows.filter(({ number, row }) => !row.includes(`\`${number}. `)).map(({ number }) => number)).toEqual([]);
  const hasNumber = (name: string): boolean => /^\d+\. /u.test(name);
  const numbered = list.replaceAll(/^\| – \|.*\n/gmu, ""); // what has no number in experience.md has none here
  expect(testsNamedIn(numbered).filter((name) => !hasNumber(name))).toEqual([]);
  const others = testsNamedIn(list.replaceAll(/^\| \d+ \|.*\n/gmu, ""));
  expect(others.length).toBeGreaterThan(20);
  expect(others.filter(hasNumber)).toEqual([]);
});
