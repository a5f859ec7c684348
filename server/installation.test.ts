import { afterEach, beforeEach, expect, test } from "bun:test";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { openStore } from "../db/open.ts";
import type { Store } from "../db/store.ts";
import { CannotStart } from "./cannot-start.ts";
import { openInstallation, renewBoot } from "./installation.ts";
import { makeScratch } from "./testing/scratch.ts";
import { type TestStore, testStore } from "./testing/store.ts";

let opened: TestStore;
let folder: string;
let boot_file: string;
beforeEach(async () => {
  opened = await testStore("sqlite");
  folder = makeScratch("boot");
  boot_file = join(folder, "boot");
});
afterEach(async () => {
  await opened.dispose();
  rmSync(folder, { recursive: true });
});
const open = (store: Store = opened.store, prints: string[] = ["print"]) => openInstallation(store, { boot_file, prints, now: 1_000 });
const rowOf = async ({ t, read }: Store) => (await read.select().from(t.installation).where(eq(t.installation.id, 1)))[0];

/** A copy of the database as it is on disk now, opened. */
async function copied(name: string): Promise<{ store: Store; close(): Promise<void> }> {
  const path = opened.url.replace("sqlite:", "");
  const copy = join(folder, name);
  for (const tail of ["", "-wal"]) if (existsSync(path + tail)) copyFileSync(path + tail, copy + tail);
  const store = await openStore(`sqlite:${copy}`);
  return { store, close: () => store.close() };
}

test("a history keeps its epoch over every start, and its boot is another each time", async () => {
  const first = await open();
  const before = await rowOf(opened.store);
  expect(await open()).toEqual(first);
  const after = await rowOf(opened.store);
  expect(after?.boot).not.toBe(before?.boot);
  expect(readFileSync(boot_file, "utf8")).toBe(after?.boot ?? "");
  expect(after?.created_at).toBe(1_000);
});

test("a copy made before the last start is another history", async () => {
  const first = await open();
  const copy = await copied("copy.db");
  await open();
  const second = await open(copy.store);
  expect(second.epoch).not.toBe(first.epoch);
  expect(await open(copy.store)).toEqual(second); // and from then on keeps its own
  await copy.close();
});

test("a copy made before the boot was renewed is another history, the original is not", async () => {
  const first = await open();
  const copy = await copied("copy.db");
  await renewBoot(opened.store, boot_file);
  const beside = readFileSync(boot_file, "utf8");
  const original = await copied("original.db");
  expect(await open(original.store)).toEqual(first);
  await original.close();
  writeFileSync(boot_file, beside);
  expect((await open(copy.store)).epoch).not.toBe(first.epoch);
  await copy.close();
});

test("a database without its file beside it is another history", async () => {
  const first = await open();
  rmSync(boot_file);
  expect((await open()).epoch).not.toBe(first.epoch);
});

test("wherever a start dies between file and database, the next one finds the same history", async () => {
  const first = await open();
  const failing: Store = { ...opened.store, write: () => Promise.reject(new Error("killed before COMMIT")) };
  await expect(open(failing)).rejects.toThrow("killed before COMMIT");
  expect(readFileSync(boot_file, "utf8").split(",")).toHaveLength(2);
  expect(await open()).toEqual(first);

  const torn: Store = {
    ...opened.store,
    async write(work) {
      await opened.store.write(work);
      throw new Error("killed after COMMIT");
    },
  };
  await expect(open(torn)).rejects.toThrow("killed after COMMIT");
  expect(await open()).toEqual(first);
});

test("a database opens to one of the secrets it knows, and learns the others; to a strange one it does not", async () => {
  const first = await open(opened.store, ["old"]);
  await expect(open(opened.store, ["new"])).rejects.toThrow(CannotStart);
  expect(await open(opened.store, ["new", "old"])).toEqual(first);
  expect(await open(opened.store, ["new"])).toEqual(first);
});

test("on Postgres the cluster itself says which history it is", async () => {
  const postgres = await testStore("postgres");
  const here = () => openInstallation(postgres.store, { boot_file: null, prints: ["print"], now: 1_000 });
  const first = await here();
  expect(await here()).toEqual(first);
  const { t } = postgres.store;
  const row = await rowOf(postgres.store);
  expect(row?.boot).toMatch(/^\d+:\d+:\d+$/u);
  await postgres.store.write((tx) => tx.update(t.installation).set({ boot: "7:1:16384" })); // as a dump from elsewhere has it
  expect((await here()).epoch).not.toBe(first.epoch);
  await postgres.dispose();
});
