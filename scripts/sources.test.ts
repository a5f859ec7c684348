import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fingerprint, isUpToDate, stampOf } from "./sources.ts";

let root = "";
const put = (path: string, text: string) => Bun.write(join(root, path), text);
const executable = () => join(root, "dist/snug");

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "snug-sources-"));
  for (const path of ["package.json", "bun.lock", "server/main.ts", "scripts/build.ts", "client/main.tsx", "db/store.ts"]) await put(path, path);
  await put("dist/snug", "built");
  await Bun.write(stampOf(executable()), await fingerprint(root));
});

afterEach(() => rm(root, { recursive: true }));

test("an executable is up to date until a source of it changes", async () => {
  expect(await isUpToDate(root, executable())).toBe(true);
  await put("server/main.ts", "changed");
  expect(await isUpToDate(root, executable())).toBe(false);
});

test.each(["client/new.tsx", "scripts/build-client.ts", "bun.lock"])("%s changing makes it out of date", async (path) => {
  await put(path, "changed");
  expect(await isUpToDate(root, executable())).toBe(false);
});

test.each(["server/main.test.ts", "server/testing/world.ts", "scripts/walk.ts", "docs/protocol.md"])("%s is not what it is made of", async (path) => {
  await put(path, "changed");
  expect(await isUpToDate(root, executable())).toBe(true);
});

test("an executable that is not there, or was built by other means, is not up to date", async () => {
  await rm(stampOf(executable()));
  expect(await isUpToDate(root, executable())).toBe(false);
  await Bun.write(stampOf(executable()), await fingerprint(root));
  await rm(executable());
  expect(await isUpToDate(root, executable())).toBe(false);
});

test("a text that moves from one file to the next is a change", async () => {
  await put("server/a.ts", "ab");
  await put("server/b.ts", "c");
  const before = await fingerprint(root);
  await put("server/a.ts", "a");
  await put("server/b.ts", "bc");
  expect(await fingerprint(root)).not.toBe(before);
});
