import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { type Loop, startWork } from "./work.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function started(...loops: Loop[]) {
  const ended: string[] = [];
  const failed: unknown[] = [];
  const work = startWork(loops, { ended: (name) => void ended.push(name), failed: (_, fault) => void failed.push(fault) });
  return { work, ended, failed };
}
/** Moves the clock and lets what became due run as far as it can. */
async function pass(ms: number): Promise<void> {
  jest.advanceTimersByTime(ms);
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve();
}

test("a loop runs each time its interval has passed, and its end is told", async () => {
  let runs = 0;
  const { work, ended } = started({ name: "tend", every_ms: 1_000, run: () => void (runs += 1) });
  await pass(999);
  expect(runs).toBe(0);
  await pass(1);
  await pass(1_000);
  expect(runs).toBe(2);
  expect(ended).toEqual(["tend", "tend"]);
  await work.stop();
});

test("a loop never overlaps itself, and a slow one holds up no other", async () => {
  let begun = 0;
  let other = 0;
  const slow = Promise.withResolvers<void>();
  const { work } = started(
    { name: "slow", every_ms: 1_000, run: () => ((begun += 1), slow.promise) },
    { name: "other", every_ms: 1_000, run: () => void (other += 1) },
  );
  await pass(1_000);
  await pass(1_000);
  await pass(1_000);
  expect([begun, other]).toEqual([1, 3]);
  slow.resolve();
  await pass(0);
  await pass(1_000);
  expect(begun).toBe(2);
  await work.stop();
});

test("a run that fails is told and comes again", async () => {
  const faults = [new Error("at once"), new Error("later")];
  const { work, ended, failed } = started({
    name: "sweep",
    every_ms: 1_000,
    run() {
      const fault = faults[failed.length];
      if (failed.length === 0) throw fault;
      return Promise.reject(fault ?? new Error("too often"));
    },
  });
  await pass(1_000);
  await pass(1_000);
  expect(failed).toEqual(faults);
  expect(ended).toEqual(["sweep", "sweep"]);
  await work.stop();
});

test("stopping waits for the run under way and begins no other", async () => {
  let begun = 0;
  let stopped = false;
  const running = Promise.withResolvers<void>();
  const { work } = started({ name: "tend", every_ms: 1_000, run: () => ((begun += 1), running.promise) });
  await pass(1_000);
  const stopping = work.stop().then(() => (stopped = true));
  await pass(5_000);
  expect([begun, stopped]).toEqual([1, false]);
  running.resolve();
  await stopping;
  await pass(5_000);
  expect(begun).toBe(1);
});
