import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testCases } from "./junit.ts";
import { REPORT_VARIABLE } from "./report.ts";
import { runStep, tailOf } from "./run.ts";
import { reportOf, type Step, stepsFor } from "./steps.ts";

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "snug-gate-"));
  await mkdir(join(root, "reports"));
});

afterEach(() => rm(root, { recursive: true }));

const says = (code: string, more: Partial<Step> = {}): Step => ({ name: "step", words: [process.execPath, "-e", code], ...more });

/** Runs `bun test` over these files as a step that counts tests. */
async function tested(files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) await Bun.write(join(root, name), `import { expect, test } from "bun:test";\n${text}`);
  const report = ["--reporter=junit", `--reporter-outfile=${reportOf("step", "xml")}`];
  return runStep(root, { name: "step", words: [process.execPath, "test", ...report], counts: "tests" });
}

const PASSES = 'test("a", () => {});\ntest("b", () => {});';

test("a step that ends well counts as one passed, one that does not as one failed; both leave what they printed", async () => {
  expect(await runStep(root, says('console.log("here")'))).toMatchObject({ passed: 1, failed: 0, faults: [] });
  const step = says('console.error("\\u001b[31mwhy\\u001b[0m"); process.exit(3)');
  expect(await runStep(root, step)).toMatchObject({ passed: 0, failed: 1, faults: ["ended with 3"] });
  expect(await tailOf(root, step, 5)).toBe("why");
});

test("what another step shows is a case in the reports, failed when the step is", async () => {
  const shown = async (code: string) => {
    await runStep(root, says(code, { shows: "all is well" }));
    return testCases(await Bun.file(join(root, reportOf("step", "xml"))).text());
  };
  expect(await shown("")).toMatchObject([{ name: "all is well", verdict: "passed" }]);
  expect(await shown("process.exit(1)")).toMatchObject([{ name: "all is well", verdict: "failed" }]);
});

test("a script that tells its cases and dies is counted by what it told, and failed", async () => {
  const module = join(import.meta.dir, "report.ts");
  const told = `const { openReport } = await import(${JSON.stringify(module)}); openReport("faults").add("a kill", null);`;
  const step = (code: string): Step => says(code, { counts: "tests", env: { [REPORT_VARIABLE]: join(root, reportOf("step", "xml")) } });
  expect(await runStep(root, step(told))).toMatchObject({ passed: 1, failed: 0 });
  expect(await runStep(root, step(`${told} process.exit(7);`))).toMatchObject({ passed: 1, failed: 1, faults: ["ended with 7"] });
});

test("a step that hangs is ended and failed", async () => {
  const step = says("setInterval(() => {}, 1000)", { limit_ms: 200 });
  expect(await runStep(root, step)).toMatchObject({ passed: 0, failed: 1, faults: ["killed, after its time was up"] });
});

test("tests are counted one by one", async () => {
  expect(await tested({ "a.test.ts": PASSES })).toMatchObject({ passed: 2, failed: 0 });
});

test("a failed test is named and fails the step", async () => {
  const outcome = await tested({ "a.test.ts": `${PASSES}\ntest("c", () => expect(1).toBe(2));` });
  expect(outcome).toMatchObject({ passed: 2, failed: 1, faults: ["failed: a.test.ts: c"] });
});

test("a skipped test fails the step, though bun calls it well ended", async () => {
  const outcome = await tested({ "a.test.ts": `${PASSES}\ntest.skip("c", () => {});` });
  expect(outcome).toMatchObject({ passed: 2, failed: 1, faults: ["skipped: a.test.ts: c"] });
});

test("a file that does not load fails the step, though no test of it did", async () => {
  const outcome = await tested({ "a.test.ts": PASSES, "b.test.ts": 'throw new Error("no");' });
  expect(outcome).toMatchObject({ passed: 2, failed: 1, faults: ["ended with 1"] });
});

test("a run without a test fails", async () => {
  expect(await tested({})).toMatchObject({ passed: 0, faults: ["ran no test", "ended with 1"] });
});

test("the long form has every step of the short one, and more", () => {
  const names = (full: boolean) =>
    stepsFor({ install: true, full })
      .flat(2)
      .map(({ name }) => name);
  expect(names(true)).toEqual(expect.arrayContaining([...names(false), "mutants", "container"]));
  expect(names(false)).not.toContain("container");
  expect(names(true).at(-1)).toBe("ledgers");
  expect(new Set(names(true)).size).toBe(names(true).length); // a step's report has its name
  for (const line of stepsFor({ install: true, full: false })) expect(line.length).toBeLessThanOrEqual(3);
});

test("what is told by how long it takes has a line for itself", () => {
  const alone = (full: boolean) =>
    stepsFor({ install: false, full })
      .filter((line) => line.flat().length === 1)
      .flat(2)
      .map(({ name }) => name);
  expect(alone(false)).toEqual(expect.arrayContaining(["start", "walk", "stalls"]));
  expect(alone(true)).toEqual(expect.arrayContaining([...alone(false), "faults", "storms", "turns"]));
});
