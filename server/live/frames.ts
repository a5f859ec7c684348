/** From text to a frame: bounds first, then JSON, then its shape. The frame's `id` is read even of a frame that is refused, so that it can be answered. */
import type { TSchema } from "@sinclair/typebox";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import { type Bounds, checkText, checkTexts, refuseField } from "../chat/bounds.ts";
import { refuse } from "../chat/refusal.ts";
import { type ClientFrame, clientFrames } from "../protocol.ts";

export type FrameChecks = ReadonlyMap<string, ReturnType<typeof TypeCompiler.Compile>>;
export const checksOf = (frames: Readonly<Record<string, TSchema>>): FrameChecks =>
  new Map(Object.entries(frames).map(([name, frame]) => [name, TypeCompiler.Compile(frame)]));
const checks = checksOf(clientFrames);
/** Of a type that is none of ours: what a plugin has added. */
export type AddedFrame = { type: string; id?: string; [field: string]: unknown };

/**
 * Refuses `too_large`, `bad_request` (not an object of JSON with a type that exists), `invalid` (a field, by its path; NUL or half a
 * character in any text, which no table keeps as it is). `added`: further types that exist.
 */
export function parseFrame(text: string, bounds: Bounds, added: FrameChecks = NONE): ClientFrame | AddedFrame {
  const frame = readText(text, bounds);
  checkTexts(frame, text);
  return typeof frame.type === "string" && added.has(frame.type) ? shaped<AddedFrame>(frame, added) : checkedFrame(frame);
}
const NONE: FrameChecks = new Map();

/** An object of JSON within the bounds: the first half of parseFrame. */
export function readText(text: string, bounds: Bounds): { type?: unknown } {
  checkText(text, bounds);
  return parsed(text);
}

/** A frame of a type that exists and of its shape: the second half. */
export const checkedFrame = (frame: Unchecked): ClientFrame => shaped<ClientFrame>(frame, checks);

type Unchecked = { type?: unknown; [field: string]: unknown };

function shaped<Frame>(frame: Unchecked, among: FrameChecks): Frame {
  const check = among.get(typeof frame.type === "string" ? frame.type : "");
  if (!check) refuse("bad_request");
  if (check.Check(frame)) return frame as Frame; // the compiled check has just said so
  return refuseField(check.Errors(frame).First()?.path.slice(1).replaceAll("/", ".") ?? "");
}

/**
 * The `id` of a frame that was not parsed, else its type: those of the frame itself, never what its meta calls so. An `id` that is spelled
 * with escapes or over 64 characters is not seen. One pass, because a flood is answered by it.
 */
export function headOf(text: string, added: FrameChecks = NONE): { id?: string; re?: string } {
  let depth = 0;
  let name: string | null = null; // of the outermost object, while its value is awaited
  let last = "";
  const found: Record<"id" | "type", string | null> = { id: null, type: null };
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const from = i + 1;
      i = endOfText(text, from);
      if (depth !== 1 || i >= text.length) continue; // a text that breaks off names nothing
      last = i - from <= HEAD_MAX ? text.slice(from, i) : "\\";
      if (name === "id" || name === "type") found[name] = last.includes("\\") ? null : last;
    } else if (code === BRACE || code === BRACKET) depth += 1;
    else if (code === BRACE_END || code === BRACKET_END) depth -= 1;
    else if (depth === 1 && code === COLON) name = last;
    else if (depth === 1 && code === COMMA) name = null;
  }
  if (found.id !== null) return { id: found.id };
  return { re: found.type !== null && (checks.has(found.type) || added.has(found.type)) ? found.type : "unknown" };
}

const HEAD_MAX = 64;
const [QUOTE, BACKSLASH, COLON, COMMA, BRACE, BRACE_END, BRACKET, BRACKET_END] = [34, 92, 58, 44, 123, 125, 91, 93];

/** Where the text that begins here ends: at its closing quote, or with all there is. */
function endOfText(text: string, from: number): number {
  let i = from;
  for (; i < text.length && text.charCodeAt(i) !== QUOTE; i += 1) if (text.charCodeAt(i) === BACKSLASH) i += 1;
  return i;
}

function parsed(text: string): { type?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // said below: a text that is not JSON and one that is no object are one refusal
  }
  return refuse("bad_request");
}
