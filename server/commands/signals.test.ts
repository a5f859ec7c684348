import { expect, test } from "bun:test";
import { join } from "node:path";
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

test("a process that asked for it goes on after a throw in a timer and a promise that nobody awaits; twenty end it with 1, and one that did not ask dies of the first", async () => {
  const run = async (survives: boolean, faults: number) => {
    const cast = join(import.meta.dir, "signals.cast.ts");
    const child = Bun.spawn([process.execPath, cast, survives ? "survives" : "dies", String(faults)], { stdout: "pipe", stderr: "ignore" });
    return { said: await new Response(child.stdout).text(), code: await child.exited };
  };
  expect(await run(true, 8)).toEqual({ said: "8 faults logged, and here still\n", code: 0 });
  expect(await run(true, 20)).toEqual({ said: "", code: 1 });
  expect(await run(false, 1)).toEqual({ said: "", code: 1 });
});

test("the first signal is heard and waited for, the second ends the process at once", async () => {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "signals.cast.ts"), "signals"], {
    stdout: "pipe",
    stderr: "inherit",
    timeout: 5_000,
    killSignal: "SIGKILL",
  });
  const reader = child.stdout.getReader();
  const line = async () => new TextDecoder().decode((await reader.read()).value).trim();
  expect(await line()).toBe("here");
  child.kill("SIGTERM");
  expect(await line()).toBe("heard, and still busy");
  expect(child.exitCode).toBeNull();
  child.kill("SIGINT");
  expect(await child.exited).toBe(1);
});
