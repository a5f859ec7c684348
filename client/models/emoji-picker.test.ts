import { expect, test } from "bun:test";
import { tableOf } from "../lib/emoji-table.ts";
import { names } from "../lib/zh/emoji.ts";
import { COLUMNS, createEmojiPicker } from "./emoji-picker.ts";

const table = tableOf();
const opened = (recent: readonly string[] = ["👍", "🎉", "👀"]) => createEmojiPicker(() => table, recent);

test("the last used come first, then every emoji once in its section", () => {
  const { sections } = opened();
  expect(sections.value.map(({ name }) => name)).toEqual([
    ...(["recent", "faces", "people", "nature", "food", "places", "activities", "things", "signs", "flags"] as const),
  ]);
  const all = sections.value.slice(1).flatMap(({ emoji }) => emoji);
  expect(all).toEqual([...new Set(table.offers.map(({ sign }) => sign))]);
  for (const { emoji } of sections.value) expect(emoji.length).toBeGreaterThan(2);
});

test("names find: exact, then the beginning of a word, colons or not; nothing found is nothing", () => {
  const picker = opened();
  for (const text of ["tada", ":tada:", "TADA"]) {
    picker.seek(text);
    expect(picker.chosen.value).toBe("🎉");
  }
  picker.seek("heart");
  expect(picker.chosen.value).toBe("❤️");
  picker.seek("zzzz");
  expect([picker.count.value, picker.chosen.value]).toEqual([0, undefined]);
  picker.move("ArrowDown");
  expect(picker.chosen.value).toBeUndefined();
});

test("arrows walk through the rows as they are drawn, in the column as far as there is one, and stop at the ends", () => {
  const picker = opened();
  const faces = picker.sections.value[1]?.emoji ?? [];
  const walk = (...keys: ("ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight")[]): string | undefined => {
    keys.forEach(picker.move);
    return picker.chosen.value;
  };
  expect(walk("ArrowLeft", "ArrowUp")).toBe("👍");
  expect(walk("ArrowRight", "ArrowRight", "ArrowRight")).toBe(faces[0]);
  expect(walk("ArrowRight", "ArrowRight", "ArrowRight", "ArrowUp")).toBe("👀");
  expect(walk("ArrowDown", "ArrowDown")).toBe(faces[2 + COLUMNS]);
  picker.goTo("flags");
  expect(picker.chosen.value).toBe("🏁");
  expect(walk("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown")).toBe("🏴‍☠️");
});

test("in English an emoji is called by its usual name, and written between colons", () => {
  const picker = opened();
  expect([picker.nameOf("👏"), picker.nameOf("🧑"), picker.labelOf("🎊")]).toEqual(["clap", "person", ":confetti_ball:"]);
  expect([picker.nameOf("🎊"), picker.nameOf("🦩")]).toEqual(["confetti ball", "🦩"]);
});

test("in Chinese each is called by its Chinese name; words in Chinese find it, the English names still do, and the order stays", () => {
  const picker = createEmojiPicker(() => tableOf({ names }), ["👍"]);
  expect(picker.sections.value).toEqual(opened(["👍"]).sections.value);
  expect([picker.nameOf("🎉"), picker.labelOf("🎉"), picker.nameOf("🦩")]).toEqual(["庆祝", "庆祝", "🦩"]);
  for (const [text, sign] of Object.entries({
    庆祝: "🎉",
    撒花: "🎉",
    "：赞": "👍",
    点赞: "👍",
    笑哭: "😂",
    心: "❤️",
    tada: "🎉",
    ":+1:": "👍",
    OK: "👌",
    ok: "👌",
  })) {
    picker.seek(text);
    expect([text, picker.chosen.value]).toEqual([text, sign]);
  }
  picker.seek("猫");
  expect(picker.sections.value[0]?.emoji).toEqual(expect.arrayContaining(["😺", "🐱", "🦉", "🐼"]));
  picker.seek("没有这样的东西");
  expect(picker.count.value).toBe(0);
});
