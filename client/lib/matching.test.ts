import { expect, test } from "bun:test";
import { matching } from "./matching.ts";

const people = ["ann", "joanna", "Åsa Lindqvist", "Mary Ann", "bob", "andrew neal"];
const found = (typed: string, most = 9): string[] => matching(typed, people, (name) => [name], most);

test("the exact name comes first, then where a word begins so, then where the letters stand in that order", () => {
  expect(found("ann")).toEqual(["ann", "Mary Ann", "joanna", "andrew neal"]);
});

test("accents and case keep nobody from being found, and other letters find nobody", () => {
  expect(found("asa l")).toEqual(["Åsa Lindqvist"]);
  expect(found("zz")).toEqual([]);
});

test("nothing typed finds all in their order, as many as are wanted", () => {
  expect(found("", 2)).toEqual(["ann", "joanna"]);
});
