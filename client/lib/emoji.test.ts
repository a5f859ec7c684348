import { afterEach, expect, test } from "bun:test";
import { chinese } from "./chinese.ts";
import { loadEmoji } from "./emoji.ts";
import { tableOf } from "./emoji-table.ts";
import { speak } from "./language.ts";
import { wordsIn } from "./words.ts";
import { names } from "./zh/emoji.ts";

afterEach(() => speak("en"));

const english = tableOf();
const inChinese = tableOf({ names });
const signs = [...new Set(english.offers.map(({ sign }) => sign))];

/** Written so in Chinese too. */
const LATIN = ["OK", "OK手势", "T恤", "CD", "100分"];

test("every emoji has its Chinese name, no two have the same one, and nothing is named that is not in the table", () => {
  expect(signs.length).toBeGreaterThan(400);
  expect(signs.filter((sign) => !inChinese.called.has(sign))).toEqual([]);
  expect([...inChinese.called.keys()].filter((sign) => !signs.includes(sign))).toEqual([]);
  const called = [...inChinese.called.values()];
  expect(called.filter((name, at) => name === "" || called.indexOf(name) !== at)).toEqual([]);
  const entries = names.split(/; |\n/u).map((entry) => entry.split(" "));
  expect(entries).toHaveLength(signs.length);
  for (const [sign, ...all] of entries) expect({ sign, twice: all.filter((name, at) => all.indexOf(name) !== at) }).toEqual({ sign, twice: [] });
  const words = entries.flatMap(([, ...all]) => all);
  expect(words.filter((word) => !/^\p{Script=Han}+$/u.test(word) && !LATIN.includes(word))).toEqual([]);
});

test("what an emoji is called finds it first, in Chinese as in English", () => {
  const first = (typed: string) => inChinese.offers.find(({ words }) => words.includes(typed))?.sign; // what is called exactly so comes first, as it stands
  expect([...inChinese.called].filter(([sign, name]) => first(name) !== sign)).toEqual([]);
  expect(english.offers.filter(({ words: [name = ""], sign }) => first(name) !== sign)).toEqual([]);
});

test("what is written between colons means the same emoji to everybody, whatever language they read", () => {
  for (const { words, sign } of english.offers) {
    for (const table of [english, inChinese]) for (const name of words) expect([name, table.written(name)?.sign]).toEqual([name, sign]);
  }
  for (const { words } of inChinese.offers) {
    for (const word of words) {
      const [written] = wordsIn(`:${word}:`);
      if (written?.kind !== "emoji") continue;
      const { name } = written;
      expect([name, inChinese.written(name)?.sign]).toEqual([name, english.written(name)?.sign]);
    }
  }
});

test("each English name is suggested by itself, each emoji once in Chinese", () => {
  expect(english.offers.filter(({ sign }) => sign === "🤔").map(({ label }) => label)).toEqual([":thinking:", ":think:"]);
  expect(english.called.size).toBe(0);
  expect(inChinese.offers.map(({ sign }) => sign)).toEqual(signs);
  expect(inChinese.offers.find(({ sign }) => sign === "👍")).toEqual({
    label: "赞",
    sign: "👍",
    words: ["赞", "点赞", "强", "棒", "好", "同意", "+1", "thumbsup", "yes"],
  });
});

test("the table is in the language of the page", async () => {
  expect((await loadEmoji()).called.get("🎉")).toBeUndefined();
  speak("zh", chinese);
  expect((await loadEmoji()).called.get("🎉")).toBe("庆祝");
});
