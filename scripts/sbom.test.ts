import { expect, test } from "bun:test";
import { join, resolve } from "node:path";
import { dependencies } from "../package.json";
import { billOf, integritiesIn, packageFolders, readPart } from "./sbom.ts";

const root = resolve(import.meta.dir, "..");
const lockfile = await Bun.file(join(root, "bun.lock")).text();

test("bundled files name their packages, scoped and nested ones too, each once; our own name none", () => {
  const files = ["server/main.ts", "node_modules/a/x.js", "node_modules/a/y.js", "node_modules/@s/b/z.js", "../w/node_modules/a/node_modules/c/c.js"];
  expect(packageFolders(files)).toEqual(["../w/node_modules/a/node_modules/c", "node_modules/@s/b", "node_modules/a"]);
});

test("every dependency of the product is in the lockfile with a checksum, and has a bill with its licence", async () => {
  const parts = await Promise.all(Object.keys(dependencies).map((name) => readPart(join(root, "node_modules", name))));
  const bill = JSON.stringify(billOf({ name: "snug", version: "1" }, parts, integritiesIn(lockfile)));
  for (const [name, version] of Object.entries(dependencies)) expect(bill).toContain(`pkg:npm/${name.replace("@", "%40")}@${version}`);
  expect(parts.filter(({ license }) => !/^(MIT|Apache-2\.0|BSD-3-Clause)$/.test(license))).toEqual([]);
});

test("a part that the lockfile does not know is refused", () => {
  const part = { name: "stray", version: "1.0.0", license: "MIT", notice: null };
  expect(() => billOf({ name: "snug", version: "1" }, [part], integritiesIn(lockfile))).toThrow("stray@1.0.0 is bundled, but not in bun.lock");
});
