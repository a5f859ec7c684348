import { expect, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { portraits } from "./poses.ts";

const docs = resolve(import.meta.dir, "../../../docs");
const BYTES_AT_MOST = 2_500_000; // who clones the repository carries them for ever

const picturesOf = async (page: string): Promise<{ alt: string; path: string }[]> =>
  [...(await Bun.file(page).text()).matchAll(/!\[([^\]]*)\]\(([^)]+\.webp)\)/gu)].map(([, alt = "", path = ""]) => ({ alt, path }));

test("the tour shows every picture that its command makes, each with words for who does not see it", async () => {
  const shown = await picturesOf(join(docs, "tour.md"));
  const names = portraits.map(({ name }) => name);
  expect(shown.map(({ path }) => path).toSorted()).toEqual(names.map((name) => `tour/${name}.webp`).toSorted());
  expect(shown.filter(({ alt }) => alt.length < 15)).toEqual([]);
  expect(readdirSync(join(docs, "tour")).toSorted()).toEqual(names.map((name) => `${name}.webp`).toSorted());
});

test("the README's pictures are some of the tour's", async () => {
  const shown = await picturesOf(join(docs, "../README.md"));
  expect(shown.length).toBeGreaterThan(0);
  for (const { alt, path } of shown) expect([alt.length > 15, path, await Bun.file(join(docs, "..", path)).exists()]).toEqual([true, path, true]);
});

test("all pictures together are small", () => {
  const sizes = readdirSync(join(docs, "tour")).map((name) => statSync(join(docs, "tour", name)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(BYTES_AT_MOST);
});
