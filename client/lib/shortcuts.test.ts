import { expect, test } from "bun:test";
import { sheetOf } from "./shortcut-sheet.ts";
import {
  type Deed,
  deedOf,
  isPressed,
  type Keyboard,
  keysFor,
  keysOf,
  type Place,
  type Pressed,
  type Shortcut,
  shortcuts,
  shortcutsOf,
} from "./shortcuts.ts";

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, keyCode: 0 },
  ...more,
});
const pc: Keyboard = { mac: false, installed: false, single_keys: true, enter_sends: true };
const mac = { ...pc, mac: true };
const anywhere: Place[] = ["anywhere", "outside"];

test("the same row is Ctrl on one keyboard and ⌘ on the other, and never the other's", () => {
  expect(deedOf(press("k", { ctrlKey: true }), anywhere, pc)).toBe("switcher");
  expect(deedOf(press("k", { metaKey: true }), anywhere, pc)).toBeUndefined();
  expect(deedOf(press("k", { metaKey: true }), anywhere, mac)).toBe("switcher");
  expect(deedOf(press("k", { ctrlKey: true }), anywhere, mac)).toBeUndefined();
  expect(deedOf(press("K", { ctrlKey: true, shiftKey: true }), anywhere, pc)).toBe("new_direct");
  expect(deedOf(press("k"), anywhere, pc)).toBeUndefined();
});

test("an input method that composes presses nothing of ours, however it says that it composes", () => {
  expect(deedOf(press("k", { ctrlKey: true, isComposing: true }), anywhere, pc)).toBeUndefined();
  expect(deedOf(press("k", { ctrlKey: true, keyCode: 229 }), anywhere, pc)).toBeUndefined();
});

test("single keys act only where they are on, and not where one writes; a printed sign counts with or without Shift", () => {
  const off = { ...pc, single_keys: false };
  expect(deedOf(press("?", { shiftKey: true }), anywhere, pc)).toBe("help");
  expect(deedOf(press("?"), anywhere, pc)).toBe("help");
  expect(deedOf(press("?"), ["anywhere"], pc)).toBeUndefined();
  expect(deedOf(press("?", { shiftKey: true }), anywhere, off)).toBeUndefined();
  expect(deedOf(press("/", { ctrlKey: true }), anywhere, off)).toBe("help");
  expect(deedOf(press("?", { altKey: true }), anywhere, pc)).toBeUndefined();
  expect(deedOf(press("r"), ["message"], pc)).toBe("reply");
  expect(deedOf(press("r"), ["message"], off)).toBeUndefined();
});

test("F6 alone is the browser's, until the page has a window of its own", () => {
  expect(deedOf(press("F6"), anywhere, pc)).toBeUndefined();
  expect(deedOf(press("F6", { ctrlKey: true }), anywhere, pc)).toBe("region_after");
  expect(deedOf(press("F6"), anywhere, { ...pc, installed: true })).toBe("region_after");
  expect(deedOf(press("F6", { shiftKey: true }), anywhere, { ...pc, installed: true })).toBe("region_before");
});

test("Enter sends or breaks the line, as was chosen, and with Mod it sends either way", () => {
  const breaks = { ...pc, enter_sends: false };
  expect([deedOf(press("Enter"), ["composer"], pc), deedOf(press("Enter"), ["composer"], breaks)]).toEqual(["send", "line"]);
  for (const keyboard of [pc, breaks]) expect(deedOf(press("Enter", { ctrlKey: true }), ["composer"], keyboard)).toBe("send");
  expect(deedOf(press("Enter", { shiftKey: true }), ["composer"], pc)).toBe("line");
});

test("what is innermost comes first", () => {
  expect(deedOf(press("ArrowUp"), ["empty_composer", "composer"], pc)).toBe("edit_last");
  expect(deedOf(press("ArrowUp"), ["composer"], pc)).toBeUndefined();
  expect(deedOf(press("ArrowUp"), ["message", "messages"], pc)).toBe("row_before");
});

test("in one place no press means two things, on no keyboard", () => {
  for (const [installed, enter_sends] of [
    [true, true],
    [true, false],
    [false, true],
  ] as const) {
    const keyboard = { ...pc, installed, enter_sends };
    for (const row of shortcutsOf(keyboard)) {
      const there = shortcutsOf(keyboard).filter((one) => one.where === row.where && isPressed(one.keys, pressOf(row), false));
      expect(there).toEqual([row]);
    }
  }
  expect(shortcutsOf(pc).length).toBeLessThan(shortcuts.length);
});

const pressOf = ({ keys }: Shortcut): Pressed => {
  const parts = keys.split("+");
  return press(parts.pop() || "+", { ctrlKey: /Mod|Ctrl/u.test(keys), altKey: parts.includes("Alt"), shiftKey: parts.includes("Shift") });
};

test("the sheet tells each deed once in its place, with all its keys", () => {
  for (const keyboard of [pc, mac, { ...pc, enter_sends: false }, { ...pc, installed: true }]) {
    const sheet = sheetOf(keyboard);
    for (const { rows } of sheet) expect(new Set(rows.map(({ deed }) => deed)).size).toBe(rows.length);
    const told = sheet.flatMap(({ rows }) => rows.flatMap(({ keys }) => keys));
    expect(told.toSorted()).toEqual(
      shortcutsOf(keyboard)
        .map(({ keys }) => keys)
        .toSorted(),
    );
    const of = (deed: Deed) => sheet.flatMap(({ rows }) => rows).filter((row) => row.deed === deed);
    expect(of("help").map(({ keys }) => keys)).toEqual([["Mod+/", "?"]]);
    expect(of("send").map(({ keys }) => keys)).toEqual([keyboard.enter_sends ? ["Enter", "Mod+Enter"] : ["Mod+Enter"]]);
    expect(of("newest").length).toBe(2); // in the messages and where nothing is written: two places, two rows
  }
  expect(
    sheetOf({ ...pc, single_keys: false })
      .flatMap(({ rows }) => rows)
      .find(({ deed }) => deed === "help")?.keys,
  ).toEqual(["Mod+/"]);
});

test("keys are written as they stand on the keyboard", () => {
  expect(keysOf("Mod+Shift+K", false)).toEqual(["Ctrl", "Shift", "K"]);
  expect(keysOf("Mod+Shift+K", true)).toEqual(["⌘", "⇧", "K"]);
  expect(keysOf("Alt+ArrowUp", false)).toEqual(["Alt", "↑"]);
  expect([keysFor("switcher", pc), keysFor("switcher", mac), keysFor("remove", pc)]).toEqual(["Ctrl+K", "⌘K", "Del"]);
  expect([keysOf("+", false), keysFor("react", mac)]).toEqual([["+"], "+"]);
  expect(keysFor("reply", { ...pc, single_keys: false })).toBe("");
});
