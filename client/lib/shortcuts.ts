/**
 * What keys do: one table, read by the handler and by the sheet that explains it. `Mod` is Ctrl, and ⌘ on a Mac. A row that says `single` may be
 * switched off; it never fires in a field. Rows without a handler here belong to the field or list they name, which asks the same table.
 */
import { strings } from "./strings.ts";

export type Deed =
  | "switcher"
  | "new_direct"
  | "room_before"
  | "room_after"
  | "unread_before"
  | "unread_after"
  | "region_after"
  | "region_before"
  | "help"
  | "help_single"
  | "details"
  | "read_all"
  | "first_unread";

export type Shortcut = {
  /** As `KeyboardEvent.key` has it; with the modifiers before it. */
  keys: string;
  words: string;
  where: string;
  deed?: Deed;
  single?: true;
};

const W = strings.shortcut_places;

export const shortcuts: readonly Shortcut[] = [
  { keys: "Mod+K", where: W.anywhere, words: strings.shortcut.switcher, deed: "switcher" },
  { keys: "Mod+Shift+K", where: W.anywhere, words: strings.shortcut.new_direct, deed: "new_direct" },
  { keys: "Alt+ArrowUp", where: W.anywhere, words: strings.shortcut.room_before, deed: "room_before" },
  { keys: "Alt+ArrowDown", where: W.anywhere, words: strings.shortcut.room_after, deed: "room_after" },
  { keys: "Alt+Shift+ArrowUp", where: W.anywhere, words: strings.shortcut.unread_before, deed: "unread_before" },
  { keys: "Alt+Shift+ArrowDown", where: W.anywhere, words: strings.shortcut.unread_after, deed: "unread_after" },
  { keys: "Ctrl+F6", where: W.anywhere, words: strings.shortcut.region_after, deed: "region_after" },
  { keys: "Ctrl+Shift+F6", where: W.anywhere, words: strings.shortcut.region_before, deed: "region_before" },
  { keys: "Mod+.", where: W.anywhere, words: strings.shortcut.details, deed: "details" },
  { keys: "Mod+/", where: W.anywhere, words: strings.shortcut.help, deed: "help" },
  { keys: "?", where: W.outside, words: strings.shortcut.help, deed: "help_single", single: true },
  { keys: "Shift+Escape", where: W.anywhere, words: strings.shortcut.read_all, deed: "read_all" },
  { keys: "Shift+PageUp", where: W.anywhere, words: strings.shortcut.first_unread, deed: "first_unread" },
  { keys: "Escape", where: W.anywhere, words: strings.shortcut.escape },
  { keys: "Enter", where: W.composer, words: strings.shortcut.send },
  { keys: "Shift+Enter", where: W.composer, words: strings.shortcut.line },
  { keys: "ArrowUp", where: W.empty_composer, words: strings.shortcut.edit_last },
  { keys: "Shift+ArrowUp", where: W.empty_composer, words: strings.shortcut.reply_last },
  { keys: "Mod+B", where: W.composer, words: strings.shortcut.bold },
  { keys: "Mod+I", where: W.composer, words: strings.shortcut.italic },
  { keys: "Mod+E", where: W.composer, words: strings.shortcut.code },
  { keys: "Mod+Shift+X", where: W.composer, words: strings.shortcut.strike },
  { keys: "Mod+Home", where: W.messages, words: strings.shortcut.oldest },
  { keys: "Mod+End", where: W.messages, words: strings.shortcut.newest },
  { keys: "ArrowUp", where: W.messages, words: strings.shortcut.row_before },
  { keys: "ArrowDown", where: W.messages, words: strings.shortcut.row_after },
  { keys: "R", where: W.message, words: strings.shortcut.reply, single: true },
  { keys: "E", where: W.message, words: strings.shortcut.edit, single: true },
  { keys: "Delete", where: W.message, words: strings.shortcut.remove, single: true },
  { keys: "C", where: W.message, words: strings.shortcut.copy_link, single: true },
];

export type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "isComposing" | "keyCode">;

/** Whether this press is that combination, on this kind of keyboard. Nothing is, while an input method composes. */
export function isPressed(keys: string, press: Pressed, mac: boolean): boolean {
  if (press.isComposing || press.keyCode === 229) return false;
  const parts = keys.split("+");
  const key = parts.pop() ?? "";
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

/** What a press means on the whole page; undefined for nothing. */
export const deedOf = (press: Pressed, { mac, single }: { mac: boolean; single: boolean }): Deed | undefined =>
  shortcuts.find((row) => row.deed !== undefined && (single || row.single !== true) && isPressed(row.keys, press, mac))?.deed;

const signs: Readonly<Record<string, string>> = { ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };
const macSigns: Readonly<Record<string, string>> = { Mod: "⌘", Ctrl: "⌃", Alt: "⌥", Shift: "⇧" };

/** The keys as they are written on this keyboard, one by one. */
export const keysOf = (keys: string, mac: boolean): string[] =>
  keys.split("+").map((key) => signs[key] ?? (mac ? macSigns[key] : undefined) ?? (key === "Mod" ? "Ctrl" : key));

export const isMac = (): boolean => /mac|iphone|ipad/iu.test(navigator.platform);
