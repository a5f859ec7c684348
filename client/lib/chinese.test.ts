import { afterEach, expect, test } from "bun:test";
import type { Translated } from "./catalogues.ts";
import { chinese } from "./chinese.ts";
import { dayOf, relativeOf } from "./dates.ts";
import { language, perLanguage, speak } from "./language.ts";
import { byName, counted, listed } from "./plurals.ts";
import { reasonOf, strings } from "./strings.ts";

afterEach(() => speak("en"));

/** Written so in Chinese too: names, protocols, keys, units and what stands for code. */
const NOT_TRANSLATED = /Snug|JPEG|PNG|GIF|WebP|Webhook|webhook-id|API|ID|JSON|MIT|https?|Enter|Ctrl|Esc|Del|app\.example\.com/gu;

test("every catalogue of the page has its Chinese, and no English is left in it", async () => {
  const pairs = await catalogues();
  expect(pairs.map(({ name }) => name).toSorted()).toEqual(Object.keys(chinese).toSorted());
  const before = new Map(pairs.flatMap(({ english, name }) => [...textsIn(english, name)]));
  speak("zh", chinese); // in which lists are written too
  const now = pairs.flatMap(({ translated, name }) => [...textsIn(translated, name)]);
  expect(now.filter(([, text]) => /[a-z]{2,}/iu.test(text.replace(NOT_TRANSLATED, "")))).toEqual([]);
  const same = now.filter(([path, text]) => before.get(path) === text && /\p{L}{2,}/u.test(text)).map(([path]) => path);
  expect(same).toEqual(["page.product", "page.key_delete"]);
});

test("what fills an English text fills the Chinese one", async () => {
  let checked = 0;
  for (const { name, english, translated } of await catalogues()) {
    const told = new Map(functionsIn(translated, name));
    for (const [path, say] of functionsIn(english, name)) {
      const gaps = understood(say);
      if (!gaps) continue;
      checked += 1;
      const words = String(Reflect.apply(told.get(path) ?? say, undefined, gaps));
      expect({ path, missing: gaps.flat().filter((gap) => !words.includes(String(gap))) }).toEqual({ path, missing: [] });
    }
  }
  expect(checked).toBeGreaterThan(90);
});

test("the page goes over to Chinese and back where it stands: its texts, the names of errors, dates, numbers, lists and the order of names", () => {
  const formatted = perLanguage((here) => here);
  const now = Date.parse("2026-11-21T12:00:00");
  const both = () => [
    strings.send,
    strings.levels.all,
    strings.members_count(1),
    reasonOf("forbidden"),
    listed(["ann", "bob", "cy"]),
    dayOf("2026-11-20T12:00:00", now),
    relativeOf("2026-11-21T11:55:00", now),
    ["上海", "北京", "广州"].toSorted(byName).join(""),
    counted(12_345),
    document.documentElement.lang,
  ];
  expect([language(), formatted(), ...both()].join("|")).toContain("en|en");
  speak("zh", chinese);
  expect(formatted()).toBe("zh-Hans");
  expect(both()).toEqual([
    "发送",
    "所有消息",
    "1 位成员",
    "你没有权限执行此操作。",
    "ann、bob和cy",
    "昨天",
    "5分钟前",
    "北京广州上海",
    "12,345",
    "zh-Hans",
  ]);
  speak("en");
  expect([strings.send, strings.levels.all, strings.members_count(1), document.documentElement.lang]).toEqual([
    "Send",
    "Every message",
    "1 member",
    "en",
  ]);
});

test("Chinese is not spoken before its texts have come, and a name from right to left stands apart in it too", () => {
  speak("zh", chinese);
  expect(strings.join_title("נמל")).toBe("加入 \u2068נמל\u2069");
});

test("a translation that lacks a text, has one too many or is filled with something else does not compile", () => {
  type English = { send: "Send"; left: (n: number) => string; parts: { one: "One" } };
  const whole: Translated<English> = { send: "发送", left: (n) => n.toFixed(), parts: { one: "一" } };
  // @ts-expect-error `parts` is missing
  const lacking: Translated<English> = { send: "发送", left: (n) => `${n}` };
  // @ts-expect-error `more` is nowhere in the page
  const surplus: Translated<English> = { ...whole, parts: { one: "一", more: "多" } };
  // @ts-expect-error it is filled with a number
  const filled: Translated<English> = { ...whole, left: (name: string) => name };
  // @ts-expect-error it has a gap to fill
  const bare: Translated<English> = { ...whole, left: "剩余" };
  expect([whole, lacking, surplus, filled, bare]).toHaveLength(5);
});

type Pair = { name: string; english: unknown; translated: unknown };

/** Every catalogue that a file of this folder makes, in English, beside its Chinese. */
async function catalogues(): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const file of new Bun.Glob("*.ts").scanSync(import.meta.dir)) {
    if (file.endsWith(".test.ts")) continue;
    const text = await Bun.file(`${import.meta.dir}/${file}`).text();
    const [, exported, name] = /export const (\w+) = inLanguage\("(\w+)"/u.exec(text) ?? [];
    if (exported === undefined || name === undefined) continue;
    const made: Record<string, unknown> = await import(`./${file}`);
    const all: Record<string, unknown> = chinese;
    pairs.push({ name, english: made[exported], translated: all[name] });
  }
  return pairs;
}

/** Each text by its path; of a function what it says of nothing in particular. */
function* textsIn(piece: unknown, path: string): Generator<[string, string]> {
  if (typeof piece === "string") yield [path, piece];
  if (typeof piece === "object" && piece !== null) for (const [name, part] of Object.entries(piece)) yield* textsIn(part, `${path}.${name}`);
  if (typeof piece === "function") yield [path, String(Reflect.apply(piece, undefined, understood(piece) ?? [3, 5, 7])).replace(/⟦.⟧/gu, "")];
}

function* functionsIn(piece: unknown, path: string): Generator<[string, (...gaps: unknown[]) => unknown]> {
  if (typeof piece === "function") yield [path, (...gaps) => Reflect.apply(piece, undefined, gaps)];
  if (typeof piece === "object" && piece !== null) for (const [name, part] of Object.entries(piece)) yield* functionsIn(part, `${path}.${name}`);
}

/** Gaps that all show in what is said: words, numbers or lists, whichever it takes. Undefined where it does not show all. */
function understood(say: unknown): unknown[] | undefined {
  if (typeof say !== "function") return undefined;
  for (let count = 3; count > 0; count -= 1) {
    for (let kinds = 0; kinds < 3 ** count; kinds += 1) {
      const gaps = Array.from({ length: count }, (_, at) => GAPS[Math.floor(kinds / 3 ** at) % 3]?.[at]);
      try {
        const words = String(Reflect.apply(say, undefined, gaps));
        if (gaps.flat().every((gap) => words.includes(String(gap)))) return gaps;
      } catch {
        // not of this kind
      }
    }
  }
  return undefined;
}

const GAPS: readonly (readonly unknown[])[] = [
  [
    ["⟦a⟧", "⟦b⟧"],
    ["⟦c⟧", "⟦d⟧"],
    ["⟦e⟧", "⟦f⟧"],
  ],
  ["⟦g⟧", "⟦h⟧", "⟦i⟧"],
  [23, 47, 61],
];
