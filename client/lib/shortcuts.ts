/**
 * What keys do: one table. Every handler asks it what a press means where the focus is, and the sheet that explains the keys shows the same rows.
 * Not here: the arrows, Enter and Tab of menus and lists that are open, which are as the platform and ARIA have them.
 */
import type { words } from "./shortcut-strings.ts";
import { strings } from "./strings.ts";

export type Deed = keyof typeof words.shortcut;
/** Where a press means it: what has the focus. `outside` is anywhere but in a field. */
export type Place = keyof typeof words.shortcut_places;
/** What decides which rows count: the keyboard, how the page is run, and what this person has chosen. */
export type Keyboard = {
  mac: boolean;
  /** Run in a window of its own, where the browser does not keep F6 for itself. */
  installed: boolean;
  single_keys: boolean;
  enter_sends: boolean;
};

export type Shortcut = {
  /** As `KeyboardEvent.key` has it, with the modifiers before it. `Mod` is Ctrl, and ⌘ on a Mac. */
  keys: string;
  where: Place;
  deed: Deed;
  /** The row counts only so. Single keys may be switched off; they never stand where one writes. */
  when?: "single_keys" | "installed" | "enter_sends" | "enter_breaks";
};

const rows = (where: Place, deeds: readonly (readonly [keys: string, deed: Deed, when?: Shortcut["when"]])[]): Shortcut[] =>
  deeds.map(([keys, deed, when]) => ({ keys, where, deed, ...(when && { when }) }));

export const shortcuts: readonly Shortcut[] = [
  ...rows("anywhere", [
    ["Mod+K", "switcher"],
    ["Mod+Shift+K", "new_direct"],
    ["Alt+ArrowUp", "room_before"],
    ["Alt+ArrowDown", "room_after"],
    ["Alt+Shift+ArrowUp", "unread_before"],
    ["Alt+Shift+ArrowDown", "unread_after"],
    ["Shift+PageUp", "first_unread"],
    ["Ctrl+F6", "region_after"],
    ["Ctrl+Shift+F6", "region_before"],
    ["F6", "region_after", "installed"],
    ["Shift+F6", "region_before", "installed"],
    ["Mod+.", "details"],
    ["Mod+U", "attach"],
    ["Mod+/", "help"],
    ["Escape", "escape"],
    ["Shift+Escape", "read_all"],
  ]),
  ...rows("outside", [["?", "help", "single_keys"]]),
  ...rows("composer", [
    ["Enter", "send", "enter_sends"],
    ["Mod+Enter", "send"],
    ["Shift+Enter", "line", "enter_sends"],
    ["Enter", "line", "enter_breaks"],
    ["Mod+B", "bold"],
    ["Mod+I", "italic"],
    ["Mod+E", "code"],
    ["Mod+Shift+X", "strike"],
    ["PageUp", "scroll"],
    ["PageDown", "scroll"],
  ]),
  ...rows("empty_composer", [
    ["ArrowUp", "edit_last"],
    ["Shift+ArrowUp", "reply_last"],
    ["Mod+Home", "oldest"],
    ["Mod+End", "newest"],
  ]),
  ...rows("messages", [
    ["ArrowUp", "row_before"],
    ["ArrowDown", "row_after"],
    ["Home", "row_first"],
    ["End", "row_last"],
    ["Mod+Home", "oldest"],
    ["Mod+End", "newest"],
    ["Enter", "row_enter"],
    ["Shift+F10", "row_menu"],
    ["ContextMenu", "row_menu"],
    ["J", "jump", "single_keys"],
  ]),
  ...rows("message", [
    ["R", "reply", "single_keys"],
    ["T", "thread", "single_keys"],
    ["E", "edit", "single_keys"],
    ["Delete", "remove", "single_keys"],
    ["C", "copy_link", "single_keys"],
    ["+", "react", "single_keys"],
    ["U", "mark_unread", "single_keys"],
    ["A", "save", "single_keys"],
    ["P", "pin", "single_keys"],
  ]),
];

const counts = ({ when }: Shortcut, keyboard: Keyboard): boolean =>
  when === undefined || (when === "enter_breaks" ? !keyboard.enter_sends : keyboard[when]);

/** The rows that count on this keyboard, as they are shown. */
export const shortcutsOf = (keyboard: Keyboard): Shortcut[] => shortcuts.filter((row) => counts(row, keyboard));

export type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "isComposing" | "keyCode">;

/** What a press means in these places, the innermost first; undefined for nothing of ours. */
export function deedOf(press: Pressed, places: readonly Place[], keyboard: Keyboard): Deed | undefined {
  for (const place of places) {
    const row = shortcuts.find((one) => one.where === place && counts(one, keyboard) && isPressed(one.keys, press, keyboard.mac));
    if (row) return row.deed;
  }
  return undefined;
}

/** Whether an input method takes this press. 229 is what Safari says of the one that ends a word, which no longer composes. */
export const isComposed = (press: Pick<KeyboardEvent, "isComposing" | "keyCode">): boolean => press.isComposing || press.keyCode === 229;

/** Whether this press is that combination, on this kind of keyboard. Nothing is, while an input method composes. */
export function isPressed(keys: string, press: Pressed, mac: boolean): boolean {
  if (isComposed(press)) return false;
  const parts = keys.split("+");
  const key = parts.pop() || "+"; // which stands between the others
  const wants = (name: string): boolean => parts.includes(name);
  const printed = key.length === 1 && !/[a-z]/iu.test(key); // `?` is typed with Shift on one keyboard and without on another
  return (
    press.key.toLowerCase() === key.toLowerCase() &&
    press.ctrlKey === (wants("Ctrl") || (wants("Mod") && !mac)) &&
    press.metaKey === (wants("Mod") && mac) &&
    press.altKey === wants("Alt") &&
    (printed || press.shiftKey === wants("Shift"))
  );
}

const signs = (): Readonly<Record<string, string>> => ({
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Delete: strings.key_delete,
  ContextMenu: "☰",
});
const macSigns: Readonly<Record<string, string>> = { Mod: "⌘", Ctrl: "⌃", Alt: "⌥", Shift: "⇧" };

/** The keys as they are written on this keyboard, one by one. */
export const keysOf = (keys: string, mac: boolean): string[] =>
  (keys === "+" ? [keys] : keys.split("+")).map((key) => signs()[key] ?? (mac ? macSigns[key] : undefined) ?? (key === "Mod" ? "Ctrl" : key));

/** What to press for this, in one word; empty where it has no key. */
export function keysFor(deed: Deed, keyboard: Keyboard): string {
  const row = shortcutsOf(keyboard).find((one) => one.deed === deed);
  return row === undefined ? "" : keysOf(row.keys, keyboard.mac).join(keyboard.mac ? "" : "+");
}

export const isMac = (): boolean => /mac|iphone|ipad/iu.test(navigator.platform);
