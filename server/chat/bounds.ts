/** One cap for both doors, asked of the text before it is parsed: 200,000 keys held the loop for 259 ms. */
import { refuse } from "./refusal.ts";

/** Of a body or a frame: bytes of UTF-8, how deep its objects and arrays stand in each other, and how many keys they have in all. */
export type Bounds = { bytes: number; depth: number; keys: number };

/** Refuses `too_large` (bytes) and `bad_request` (depth, keys). Says nothing of whether it is JSON. */
export function checkText(text: string, bounds: Bounds): void {
  if (text.length > bounds.bytes || (3 * text.length > bounds.bytes && Buffer.byteLength(text) > bounds.bytes)) refuse("too_large");
  if (text.length <= KEY_UNITS * bounds.keys && isFlat(text)) return;
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
    if (depth > bounds.depth || keys > bounds.keys) refuse("bad_request");
  }
}

const KEY_UNITS = 4; // of JSON each key has as many: two quotes, a colon, a value
const isFlat = (text: string): boolean => text.indexOf("{", 1) < 0 && !text.includes("[");

const [QUOTE, BACKSLASH, COLON, BRACE, BRACE_END, BRACKET, BRACKET_END] = [34, 92, 58, 123, 125, 91, 93];

/**
 * Refuses `invalid` (the path) a text that no table can keep as it is: one with NUL, or with half a surrogate pair. `text` is what `value` was
 * parsed from: JSON can only spell either by an escape, so most values are not looked at.
 */
export function checkTexts(value: unknown, text: string): void {
  if (!text.includes("\\u")) return;
  const path = unkeptIn(value);
  if (path !== null) refuseField(path[0] ?? ""); // what stands deeper may be a key of somebody's `meta`: theirs, and not to be repeated
}

/** Refuses `invalid`, with the path where it may be told: a name that the asker invented is repeated only if it looks like one. */
export function refuseField(path: string): never {
  return refuse("invalid", isNameable(path) ? { fields: [path] } : {});
}

export const isNameable = (path: string): boolean => /^[\w.-]{1,100}$/u.test(path);

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

/** Whether every text in it comes back from a table as it is. */
export const comesBack = (value: unknown): boolean => unkeptIn(value) === null;

const isKept = (text: string): boolean => text.isWellFormed() && !text.includes("\0");
