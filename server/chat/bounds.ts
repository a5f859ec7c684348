/** One cap for both doors, asked of the text before it is parsed: 200,000 keys held the loop for 259 ms. */
import { FRAME_BYTES, JSON_DEPTH, JSON_KEYS } from "../protocol.ts";
import { refuse } from "./refusal.ts";

/** Refuses `too_large` (over 64 KiB of UTF-8) and `bad_request` (deeper than 16, more than 200 keys). Says nothing of whether it is JSON. */
export function checkText(text: string, bytes: number = FRAME_BYTES): void {
  if (text.length > bytes || Buffer.byteLength(text) > bytes) refuse("too_large");
  let depth = 0;
  let keys = 0;
  for (let i = 0, quoted = false; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === BACKSLASH) i += 1;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === COLON) keys += 1;
    else if (code === BRACE || code === BRACKET) depth += 1;
    else if (code === BRACE_END || code === BRACKET_END) depth = Math.max(0, depth - 1);
    if (depth > JSON_DEPTH || keys > JSON_KEYS) refuse("bad_request");
  }
}

const [QUOTE, BACKSLASH, COLON, BRACE, BRACE_END, BRACKET, BRACKET_END] = [34, 92, 58, 123, 125, 91, 93];

/**
 * Refuses `invalid` (the path) a text that no table can keep as it is: one with NUL, or with half a surrogate pair. `text` is what `value` was
 * parsed from: JSON can only spell either by an escape, so most values are not looked at.
 */
export function checkTexts(value: unknown, text: string): void {
  if (!text.includes("\\u")) return;
  const path = unkeptIn(value);
  if (path !== null) refuse("invalid", { fields: [path.join(".")] });
}

function unkeptIn(value: unknown, path: readonly string[] = []): readonly string[] | null {
  if (typeof value === "string") return isKept(value) ? null : path;
  if (typeof value !== "object" || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    if (!isKept(name)) return path;
    const found = unkeptIn(inner, [...path, name]);
    if (found) return found;
  }
  return null;
}

const isKept = (text: string): boolean => text.isWellFormed() && !text.includes("\0");
