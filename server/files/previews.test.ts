import { afterEach, beforeEach, expect, test } from "bun:test";
import { open } from "node:fs/promises";
import { rmSync } from "node:fs";
import { pngOf } from "../testing/pictures.ts";
import { makeScratch } from "../testing/scratch.ts";
import { onDisk, pieces } from "../testing/uploads.ts";
import { createDepot } from "./depot.ts";
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
    inTurn(async () => done.push("first")),
    inTurn(() => Promise.reject(new Error("no disk"))),
    inTurn(async () => done.push("third")),
  ]);
  expect([said.map(({ status }) => status), done]).toEqual([
    ["fulfilled", "rejected", "fulfilled"],
    ["first", "third"],
  ]);
});
