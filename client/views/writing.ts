/** What the composer and an edit in place share: when a key sends, and where the writing goes on. */

import { isInFence } from "../lib/tokens.ts";

export type FieldKey = KeyboardEvent & { currentTarget: HTMLTextAreaElement };

const isTouch = (): boolean => matchMedia("(pointer: coarse)").matches;

/**
 * Enter sends; not with Shift, not while an input method composes, not on touch keyboards, not inside an open fence. Where the writer has
 * chosen that Enter breaks the line, and everywhere else, Enter with Ctrl or ⌘ sends.
 */
export function submits(event: FieldKey, enter_sends = true): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return false;
  if (event.ctrlKey || event.metaKey) return true;
  if (!enter_sends || isTouch()) return false;
  return !isInFence(event.currentTarget.value.slice(0, event.currentTarget.selectionStart));
}

const field = (): HTMLTextAreaElement | null => {
  const found = document.getElementById("composer");
  return found instanceof HTMLTextAreaElement ? found : null;
};

export const focusComposer = (): void => field()?.focus();

/** Puts the text of a discarded message where it can be written on, and keeps it as the draft. */
export function giveBack(content: string): void {
  const composer = field();
  if (!composer) return;
  composer.value = composer.value === "" ? content : `${composer.value}\n${content}`;
  composer.dispatchEvent(new InputEvent("input", { bubbles: true }));
  composer.focus();
}

/** Types for the writer, so that the browser can take it back. */
export function insert(composer: HTMLTextAreaElement, text: string, from: number, to: number): void {
  composer.focus();
  composer.setSelectionRange(from, to);
  if (document.execCommand("insertText", false, text)) return; // the only way that keeps the browser's undo
  composer.setRangeText(text, from, to, "end");
  composer.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** As high as its text, where the browser does not do it by style. */
export function fit(written: HTMLTextAreaElement | null): void {
  if (!written || CSS.supports("field-sizing", "content")) return;
  written.style.blockSize = "auto";
  written.style.blockSize = `${written.scrollHeight + written.offsetHeight - written.clientHeight}px`;
}
