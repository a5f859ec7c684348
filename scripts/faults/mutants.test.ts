import { expect, test } from "bun:test";
import { join, resolve } from "node:path";
import { mutants, told } from "./mutants.ts";

const root = resolve(import.meta.dir, "../..");

test("every mutant still fits the code it breaks", () => {
  const patches = [...new Set([...mutants, ...told].flatMap((mutant) => mutant.patches))];
  const misfits = patches.filter(
    (name) => Bun.spawnSync(["git", "apply", "--check", join(import.meta.dir, "mutants", `${name}.patch`)], { cwd: root }).exitCode !== 0,
  );
  expect(patches.length).toBeGreaterThan(4);
  expect(misfits).toEqual([]);
});
