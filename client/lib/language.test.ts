import { expect, test } from "bun:test";
import { locale, turned, wanted } from "./language.ts";
import { strings } from "./strings.ts";

test("in a longer language every text takes 40 % more room, those with gaps and those of parts too", () => {
  const longer = turned(strings, "longer");
  expect(longer.jump_to.length).toBeGreaterThanOrEqual(Math.floor(strings.jump_to.length * 1.4));
  expect(longer.levels.all).toStartWith("Every message ");
  expect(longer.members_count(3)).toStartWith("3 members ");
});

test("a mirrored text says so to the browser, and ends what it says", () => {
  expect(turned(strings, "mirrored").join_title("Harbour")).toBe("\u202EJoin Harbour\u202C");
});

test("a name written from right to left stands apart from the sentence it fills; others are left alone", () => {
  const { join_title, typing } = turned(strings, "en");
  expect(join_title("נמל")).toBe("Join \u2068נמל\u2069");
  expect(typing(["ann", "مريم"])).toBe("ann and \u2068مريم\u2069 are typing");
  expect(join_title("\u202Eevil\u2069")).toBe("Join \u2068evil\u2069");
  expect(join_title("Harbour")).toBe("Join Harbour");
});

test("dates are written in the language of the page, in the variety that the reader prefers", () => {
  expect(locale(["de-DE", "en-GB", "en"])).toBe("en-GB");
  expect(locale(["de-DE", "fr"])).toBe("en");
  expect(locale(["en-GB", "zh-SG"], "zh")).toBe("zh-SG");
  expect(locale(["zh-TW"], "zh")).toBe("zh-Hans");
});

test("the page speaks what is chosen in this browser, else the first of the reader's languages that it speaks, else English", () => {
  expect(wanted("zh", ["en-US"])).toBe("zh");
  expect(wanted("en", ["zh-CN"])).toBe("en");
  expect(wanted("", ["zh-CN", "en"])).toBe("zh");
  expect(wanted("", ["en-GB", "zh-CN"])).toBe("en");
  expect(wanted("", ["de-DE", "zh-Hans-SG", "en"])).toBe("zh");
  expect(wanted("", ["zh-TW", "en-US"])).toBe("en");
  expect(wanted("", ["zh-TW", "zh", "en"])).toBe("zh");
  expect(wanted("klingon", [])).toBe("en");
  expect(wanted("", undefined)).toBe("en");
});
