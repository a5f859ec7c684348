import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeScratch } from "../testing/scratch.ts";
import { onDisk } from "../testing/uploads.ts";
import { createCopies, type FileName } from "./copies.ts";
import { pathIn } from "./names.ts";

let scratch: string;
let from: string;
let to: string;
beforeEach(() => {
  scratch = makeScratch("copies");
  [from, to] = [join(scratch, "files"), join(scratch, "copy.files")];
});
afterEach(() => rmSync(scratch, { recursive: true }));

const named = (text: string): FileName => ({ tenant_id: "one", hash: new Bun.CryptoHasher("sha256").update(text).digest("hex") });
const lying = (text: string): FileName => {
  const path = join(from, pathIn("one", named(text).hash));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return named(text);
};
const pathsOf = (...texts: string[]): string[] =>
  texts.map((text) => pathIn("one", named(text).hash)).toSorted((one, other) => (one < other ? -1 : 1));

test("what goes between the reading of the rows and its turn makes them be read again; then it is in neither", async () => {
  const copies = createCopies({ from, to });
  const [stays, goes, soon] = [lying("stays"), named("goes"), lying("goes soon")];
  expect(await copies.take([stays, goes, soon])).toBe(false);
  expect(await copies.take([stays, lying("came meanwhile")])).toBe(true);
  expect(onDisk(to)).toEqual([]); // no name before it is whole
  expect(await copies.place()).toEqual({ files: 2, bytes: "stays".length + "came meanwhile".length, missing: 0 });
  expect(onDisk(to)).toEqual(pathsOf("stays", "came meanwhile"));
});

test("what two readings name and nobody has is missing, and told; so is what has other bytes than its name says", async () => {
  const copies = createCopies({ from, to });
  const damaged = lying("damaged");
  writeFileSync(join(from, pathIn("one", damaged.hash)), "Damaged");
  const rows = [lying("whole"), named("lost"), damaged];
  expect([await copies.take(rows), await copies.take(rows)]).toEqual([false, true]);
  expect(await copies.place()).toMatchObject({ files: 1, missing: 2 });
  expect(onDisk(to)).toEqual(pathsOf("whole"));
});

test("where files go as fast as they are looked for it ends all the same; where there are none there is no folder", async () => {
  const copies = createCopies({ from, to });
  let rounds = 0;
  do rounds += 1;
  while (!(await copies.take([named(`gone ${rounds}`)])) && rounds < 20);
  expect([rounds, await copies.place()]).toEqual([5, { files: 0, bytes: 0, missing: 1 }]);
  expect(onDisk(scratch)).toEqual([]);
});
