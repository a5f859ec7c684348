import { expect, test } from "bun:test";
import { inLanguage } from "./language.ts";
import { strings } from "./strings.ts";

test("in a longer language every text takes 40 % more room, those with gaps and those of parts too", () => {
  const longer = inLanguage(strings, "longer");
  expect(longer.jump_to.length).toBeGreaterThanOrEqual(Math.floor(strings.jump_to.length * 1.4));
  expect(longer.themes.dark).toStartWith("Dark ");
  expect(longer.members_count(3)).toStartWith("3 members ");
  expect(inLanguage(strings, "en")).toBe(strings);
});

test("a mirrored text says so to the browser, and ends what it says", () => {
  expect(inLanguage(strings, "mirrored").join_title("Harbour")).toBe("\u202EJoin Harbour\u202C");
});
