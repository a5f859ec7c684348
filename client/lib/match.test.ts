import { expect, test } from "bun:test";
import { matching } from "./match.ts";

const find = (query: string, ...names: string[]): string[] => matching(query, names, (name) => [name]);

test("exact comes first, then a beginning, then the beginning of a word, then the middle, then the letters in order", () => {
  expect(find("art", "smart", "a rat trap", "modern art", "artists", "art", "music")).toEqual([
    "art",
    "artists",
    "modern art",
    "smart",
    "a rat trap",
  ]);
});

test("neither case nor accents are needed, and words may be parted by dots and dashes", () => {
  expect(find("eva", "Éva Kovács", "bob")).toEqual(["Éva Kovács"]);
  expect(find("zhou", "Mei-Ling Zhou")).toEqual(["Mei-Ling Zhou"]);
  expect(find("ling", "Mei-Ling Zhou", "dumpling")).toEqual(["Mei-Ling Zhou", "dumpling"]);
});

test("nothing typed is answered by all, as they stand; what nobody is called by nobody", () => {
  expect(find(" ", "b", "a")).toEqual(["b", "a"]);
  expect(find("xyz", "b", "a")).toEqual([]);
});
