import { afterEach, beforeEach, expect, test } from "bun:test";
import { open } from "node:fs/promises";
import { rmSync } from "node:fs";
import { pngOf, scansJpeg } from "../testing/pictures.ts";
import { refusalOf } from "../testing/refusals.ts";
import { makeScratch } from "../testing/scratch.ts";
import { onDisk, pieces } from "../testing/uploads.ts";
import { cleaned } from "./cleaned.ts";
import { createDepot } from "./depot.ts";
import { createFairQueue } from "./fair-queue.ts";
import { createPreviews } from "./previews.ts";

let folder: string;
beforeEach(() => void (folder = makeScratch("previews")));
afterEach(() => rmSync(folder, { recursive: true }));

test("of twelve pictures that come at once one is in memory, the others on disk; each gets its preview", async () => {
  const COUNT = 12;
  let names = 0;
  let opened = 0;
  const counts = { now: 0, most: 0 };
  const opens: typeof open = async (...place) => {
    const handle = await open(...place);
    if ((opened += 1) <= COUNT) return handle; // as they come; what is written of them later is written while they are in memory
    counts.now += 1;
    counts.most = Math.max(counts.most, counts.now);
    const close = handle.close.bind(handle);
    return Object.assign(handle, { close: () => close().finally(() => void (counts.now -= 1)) });
  };
  const depot = createDepot({ folder, pixels: 1_000_000, newName: () => `name-${(names += 1)}`, opens });
  const taken = await Promise.all(Array.from({ length: COUNT }, (_, i) => depot.take("one", pieces(pngOf(900, 100 + i), 20_000), 1_000_000)));
  expect([opened, counts]).toEqual([3 * COUNT, { now: 0, most: 1 }]);
  expect(taken.filter(({ picture }) => picture?.preview_hash)).toHaveLength(COUNT);
  for (const one of taken) await one.drop();
  expect(onDisk(folder)).toEqual([]);
});

test("one that fails keeps nobody from theirs, and is told to who brought it alone", async () => {
  const { inTurn } = createPreviews(1);
  const done: string[] = [];
  const said = await Promise.allSettled([
    inTurn("one", async () => done.push("first")),
    inTurn("one", () => Promise.reject(new Error("no disk"))),
    inTurn("one", async () => done.push("third")),
  ]);
  expect([said.map(({ status }) => status), done]).toEqual([
    ["fulfilled", "rejected", "fulfilled"],
    ["first", "third"],
  ]);
});

test("however many pictures one workspace brings, another's waits for one of them; one too many is told to come back, and leaves nothing", async () => {
  const { add } = createFairQueue(3);
  const done: string[] = [];
  const bring = (tenant_id: string, name: string): Promise<unknown> => add(tenant_id, async () => done.push(name));
  const brought = [bring("one", "1a"), ...["1b", "1c", "1d"].map((name) => bring("one", name))];
  const refused = refusalOf(bring("one", "1e"));
  brought.push(bring("two", "2a"), bring("three", "3a"), bring("two", "2b"));
  expect(await refused).toBe("unavailable");
  await Promise.all(brought);
  expect(done).toEqual(["1a", "1b", "2a", "3a", "1c", "2b", "1d"]);
  await bring("one", "again");
  expect(done.at(-1)).toBe("again");
});

test("a picture of a few scans is one; of a hundred bytes for each way over all its pixels it is a file like any other", async () => {
  const depot = createDepot({ folder, pixels: 1_000_000, newName: () => crypto.randomUUID() });
  const sizeOf = async (scans: number) => {
    const taken = await depot.take("one", pieces(scansJpeg(800, scans)), 10_000_000);
    await taken.drop();
    return [taken.type, taken.picture?.width];
  };
  expect([await sizeOf(1), await sizeOf(64), await sizeOf(65)]).toEqual([
    ["image/jpeg", 800],
    ["image/jpeg", 800],
    ["image/jpeg", undefined],
  ]);
  expect(cleaned("jpeg", scansJpeg(8, 100_000))).toBeNull();
});
