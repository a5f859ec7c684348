import { expect, test } from "bun:test";
import { survivor } from "./signals.ts";

function standing() {
  let ms = 0;
  const told: unknown[] = [];
  const counted: string[] = [];
  let ends = 0;
  const quiet = (): void => {};
  const survive = survivor(
    {
      now: () => ms,
      log: { debug: quiet, info: quiet, warn: quiet, error: (_, fault) => void told.push(fault) },
      metrics: { count: (name) => void counted.push(name) },
    },
    () => void (ends += 1),
  );
  return { survive, told, counted, ends: () => ends, pass: (by: number) => void (ms += by) };
}

test("a fault that nobody caught is logged, counted and survived", () => {
  const { survive, told, counted, ends } = standing();
  const fault = new Error("a socket handler threw");
  survive(fault);
  expect([told, counted, ends()]).toEqual([[fault], ["snug_faults_total"], 0]);
});

test("twenty within a minute end the process, nineteen do not", () => {
  const { survive, ends, pass } = standing();
  for (let i = 0; i < 19; i += 1) {
    survive(new Error(`${i}`));
    pass(3_000);
  }
  expect(ends()).toBe(0);
  survive(new Error("the twentieth"));
  expect(ends()).toBe(1);
});

test("twenty over more than a minute do not", () => {
  const { survive, ends, pass } = standing();
  for (let i = 0; i < 100; i += 1) {
    survive(new Error(`${i}`));
    pass(3_200);
  }
  expect(ends()).toBe(0);
});
