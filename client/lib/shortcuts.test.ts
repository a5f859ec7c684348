import { expect, test } from "bun:test";
import { deedOf, isPressed, keysOf, type Pressed, shortcuts } from "./shortcuts.ts";

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, keyCode: 0 },
  ...more,
});
const pc = { mac: false, single: true };

test("the same row is Ctrl on one keyboard and ⌘ on the other, and never the other's", () => {
  expect(deedOf(press("k", { ctrlKey: true }), pc)).toBe("switcher");
  expect(deedOf(press("k", { metaKey: true }), pc)).toBeUndefined();
  expect(deedOf(press("k", { metaKey: true }), { ...pc, mac: true })).toBe("switcher");
  expect(deedOf(press("k", { ctrlKey: true }), { ...pc, mac: true })).toBeUndefined();
  expect(deedOf(press("K", { ctrlKey: true, shiftKey: true }), pc)).toBe("new_direct");
  expect(deedOf(press("k"), pc)).toBeUndefined();
});

test("an input method that composes presses nothing of ours, however it says that it composes", () => {
  expect(deedOf(press("k", { ctrlKey: true, isComposing: true }), pc)).toBeUndefined();
  expect(deedOf(press("k", { ctrlKey: true, keyCode: 229 }), pc)).toBeUndefined();
});

test("single keys act only where they are on; a printed sign counts with or without Shift", () => {
  expect(deedOf(press("?", { shiftKey: true }), pc)).toBe("help_single");
  expect(deedOf(press("?"), pc)).toBe("help_single");
  expect(deedOf(press("?", { shiftKey: true }), { ...pc, single: false })).toBeUndefined();
  expect(deedOf(press("/", { ctrlKey: true }), { ...pc, single: false })).toBe("help");
  expect(deedOf(press("?", { altKey: true }), pc)).toBeUndefined();
});

test("no press means two things", () => {
  const named = shortcuts.map(({ keys, where }) => `${where} ${keys}`);
  expect(new Set(named).size).toBe(named.length);
  for (const { keys, deed } of shortcuts.filter((row) => row.deed !== undefined)) {
    const parts = keys.split("+");
    const at = press(parts.pop() ?? "", { ctrlKey: /Mod|Ctrl/u.test(keys), altKey: parts.includes("Alt"), shiftKey: parts.includes("Shift") });
    expect(deedOf(at, pc)).toBe(deed);
    expect(shortcuts.filter((row) => row.deed !== undefined && isPressed(row.keys, at, false))).toHaveLength(1);
  }
});

test("keys are written as they stand on the keyboard", () => {
  expect(keysOf("Mod+Shift+K", false)).toEqual(["Ctrl", "Shift", "K"]);
  expect(keysOf("Mod+Shift+K", true)).toEqual(["⌘", "⇧", "K"]);
  expect(keysOf("Alt+ArrowUp", false)).toEqual(["Alt", "↑"]);
});
