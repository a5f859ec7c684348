import { expect, test } from "bun:test";
import type { Measured } from "./job.ts";
import type { Outcome } from "./rounds.ts";
import { perSecond, programs, type Scenario } from "./scenario.ts";
import { tableOf, voidOf } from "./table.ts";

const calm: Measured = {
  ...{ count: 1, per_second: 100, per_cpu_second: 100, p50_ms: 1, p99_ms: 1, bytes: 1, audited: 1, more: {} },
  ...{ server_cpu: 0.5, database_cpu: 0, generator_cpu: 0.5, other_cpu: 0 },
};
const scenario: Scenario = {
  group: "ingest",
  name: "ingest",
  store: "sqlite",
  cast: () => ({ rooms: [], people: [] }),
  contenders: programs("snug", "sqlite"),
  ask: () => ({ kind: "idle", seats: [] }),
  wanted: [{ what: "acks per second", against: "sqlite", of: perSecond, at: { least: 0.75 }, unit: "/s" }],
};
const outcome = (snug: Partial<Measured>[], sqlite: Partial<Measured>[], failed: string | null = null): Outcome => ({
  scenario,
  samples: new Map([
    ["snug", snug.map((one) => ({ ...calm, ...one }))],
    ["sqlite", sqlite.map((one) => ({ ...calm, ...one }))],
  ]),
  failed,
});
const verdictOf = (outcome: Outcome): string | undefined => tableOf([outcome]).split("\n").at(-1)?.split(" | ").at(-1)?.replace(" |", "");

test("a target is met at its bound and not met below it", () => {
  expect(verdictOf(outcome([{ per_second: 75 }], [{}]))).toBe("met");
  expect(verdictOf(outcome([{ per_second: 74 }], [{}]))).toBe("not met");
});

test("the median counts, not the best round", () => {
  expect(verdictOf(outcome([{ per_second: 10 }, { per_second: 20 }, { per_second: 500 }], [{}]))).toBe("not met");
});

test("each round is a ratio of its own: a machine that changes between them changes none", () => {
  const rounds = (...rates: number[]): Partial<Measured>[] => rates.map((per_second) => ({ per_second }));
  expect(verdictOf(outcome(rounds(80, 40, 120), rounds(100, 50, 150)))).toMatch(/^met/u);
  expect(verdictOf(outcome(rounds(70, 100, 70), rounds(100, 80, 100)))).toMatch(/^not met/u); // by the medians too
  expect(verdictOf(outcome(rounds(70, 90, 105), rounds(100, 130, 90)))).toMatch(/^not met/u); // 0.70, 0.69, 1.17; the medians say 0.90
});

test("what was not run has no verdict, on either side", () => {
  expect(verdictOf(outcome([], [{}]))).toBe("not run here");
  expect(verdictOf(outcome([{}], []))).toBe("not run here");
});

test("a wrong answer voids the run, in the gate too", () => {
  expect(voidOf(outcome([{}], [{}], "Audit: lost"), true)).toBe("ingest: void, Audit: lost");
  expect(voidOf(outcome([{}], [{}]), true)).toBeNull();
});

test("a busy generator, bare rounds that disagree and a busy machine are told beside the verdict", () => {
  expect(verdictOf(outcome([{ generator_cpu: 0.9 }], [{}]))).toBe("met (void, the generator was busy)");
  expect(verdictOf(outcome([{}], [{ per_second: 100 }, { per_second: 120 }]))).toBe("met (void, bare rounds disagree)");
  expect(verdictOf(outcome([{ other_cpu: 0.2 }], [{}]))).toBe("met (noisy, others used the machine)");
  expect(verdictOf(outcome([{}], [{ per_second: 100 }, { per_second: 110 }]))).toBe("met");
});
