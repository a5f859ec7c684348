/** What the composer and an edit in place share: where Enter breaks the line, and where the writing goes on. */

import { keepDraft, keptDraft } from "../lib/drafts.ts";
import type { Entry } from "../lib/storage.ts";
import { isInFence } from "../lib/tokens.ts";

export type FieldKey = KeyboardEvent & { currentTarget: HTMLTextAreaElement };

const isTouch = (): boolean => matchMedia("(pointer: coarse)").matches;

/** Where Enter breaks the line though it usually sends: on touch keyboards, and inside an open fence. With Ctrl or ⌘ it sends there too. */
export function breaksLine({ ctrlKey, metaKey, currentTarget: { value, selectionStart } }: FieldKey): boolean {
  return !ctrlKey && !metaKey && (isTouch() || isInFence(value.slice(0, selectionStart)));
}

const field = (inThread = false): HTMLTextAreaElement | null => {
  const found = document.getElementById(inThread ? "thread-composer" : "composer");
  return found instanceof HTMLTextAreaElement ? found : null;
};

export const focusComposer = (inThread = false): void => field(inThread)?.focus();

/** Puts the text of a discarded message where it can be written on, and keeps it as the draft: that alone where nobody can write just now. */
export function giveBack({ user_id, room_id }: Pick<Entry, "user_id" | "room_id">, content: string): void {
  const composer = field();
  if (!composer) {
    const draft = keptDraft(user_id, room_id);
    return keepDraft(user_id, room_id, draft === "" ? content : `${draft}\n${content}`);
  }
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
