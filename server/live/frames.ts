/** From text to a frame: bounds first, then JSON, then its shape. The frame's `id` is read even of a frame that is refused, so that it can be answered. */
import { TypeCompiler } from "@sinclair/typebox/compiler";
import { type Bounds, checkText, checkTexts } from "../chat/bounds.ts";
import { refuse } from "../chat/refusal.ts";
import { type ClientFrame, type ClientFrames, clientFrames } from "../protocol.ts";

type Name = keyof ClientFrames;
const names = Object.keys(clientFrames) as Name[];
const checks = new Map<string, ReturnType<typeof TypeCompiler.Compile>>(names.map((name) => [name, TypeCompiler.Compile(clientFrames[name])]));

/** Refuses `too_large`, `bad_request` (not an object of JSON with a type that exists), `invalid` (a field, by its path). */
export function parseFrame(text: string, bounds: Bounds): ClientFrame {
  checkText(text, bounds);
  const frame = parsed(text);
  checkTexts(frame, text);
  const check = checks.get(typeof frame.type === "string" ? frame.type : "");
  if (!check) refuse("bad_request");
  if (check.Check(frame)) return frame as ClientFrame; // the compiled check has just said so
  const wrong = check.Errors(frame).First();
  return refuse("invalid", { fields: [wrong?.path.slice(1).replaceAll("/", ".") ?? ""] });
}

/** The `id` and type of a frame that was not parsed, as far as they can be seen. */
export function headOf(text: string): { id?: string; re?: string } {
  const id = /"id"\s*:\s*"([^"\\]{1,64})"/u.exec(text)?.[1];
  const re = /"type"\s*:\s*"([a-z_.]{1,32})"/u.exec(text)?.[1];
  return id === undefined ? { re: re ?? "unknown" } : { id };
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
