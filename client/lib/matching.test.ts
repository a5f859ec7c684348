import { expect, test } from "bun:test";
import { matching } from "./matching.ts";

const found = (typed: string, names: readonly string[], most?: number): string[] => matching(typed, names, (name) => [name], most);

test("the exact name comes first, then where a word begins so, then where the letters stand together, then where they stand in that order", () => {
  const names = ["smart", "a rat trap", "modern art", "artists", "art", "music"];
  expect(found("art", names)).toEqual(["art", "modern art", "artists", "smart", "a rat trap"]);
});

test("equals stay in the order they came in, so members stay before others", () => {
  expect(found("an", ["Mary Ann", "ann", "joanna", "andrew neal"])).toEqual(["Mary Ann", "ann", "andrew neal", "joanna"]);
});

test("neither case, accents nor space around it keep anybody from being found, and words may be parted by dots and dashes", () => {
  expect(found(" eva ", ["Éva Kovács", "bob"])).toEqual(["Éva Kovács"]);
  expect(found("asa l", ["Åsa Lindqvist"])).toEqual(["Åsa Lindqvist"]);
  expect(found("ling", ["dumpling", "Mei-Ling Zhou"])).toEqual(["Mei-Ling Zhou", "dumpling"]);
});

test("letters outside of the first plane are letters like others", () => {
  expect(found("😀b", ["a😀xb", "b😀"])).toEqual(["a😀xb"]);
});

test("whatever one thing is known by finds it once", () => {
  expect(matching("okafor", [["bob", "Bob Okafor"], ["cy"]], (names) => names)).toEqual([["bob", "Bob Okafor"]]);
});

test("nothing typed finds all as they stand, as many as are wanted; what nobody is called finds nobody", () => {
  expect(found(" ", ["b", "a"])).toEqual(["b", "a"]);
  expect(found("", ["b", "a", "c"], 2)).toEqual(["b", "a"]);
  expect(found("xyz", ["b", "a"])).toEqual([]);
});
