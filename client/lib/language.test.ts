import { expect, test } from "bun:test";
import { inLanguage, locale } from "./language.ts";
import { strings } from "./strings.ts";

test("in a longer language every text takes 40 % more room, those with gaps and those of parts too", () => {
  const longer = inLanguage(strings, "longer");
  expect(longer.jump_to.length).toBeGreaterThanOrEqual(Math.floor(strings.jump_to.length * 1.4));
  expect(longer.themes.dark).toStartWith("Dark ");
  expect(longer.members_count(3)).toStartWith("3 members ");
});

test("a mirrored text says so to the browser, and ends what it says", () => {
  expect(inLanguage(strings, "mirrored").join_title("Harbour")).toBe("\u202EJoin Harbour\u202C");
});

test("a name written from right to left stands apart from the sentence it fills; others are left alone", () => {
  const { join_title, typing } = inLanguage(strings, "en");
  expect(join_title("נמל")).toBe("Join \u2068נמל\u2069");
  expect(typing(["ann", "مريم"])).toBe("ann and \u2068مريم\u2069 are typing");
  expect(join_title("\u202Eevil\u2069")).toBe("Join \u2068evil\u2069");
  expect(join_title("Harbour")).toBe("Join Harbour");
});

test("dates are written in the language of the page, in the variety that the reader prefers", () => {
  expect(locale(["de-DE", "en-GB", "en"])).toBe("en-GB");
  expect(locale(["de-DE", "fr"])).toBe("en");
});
