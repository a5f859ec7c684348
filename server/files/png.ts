/** A PNG without its notes: the chunks stay that say how it looks. */
import type { Cleaned } from "./cleaned.ts";
import { PIECES_MAX } from "./kinds.ts";

const KEPT: ReadonlySet<string> = new Set("IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD pHYs acTL fcTL fdAT".split(" "));

/** Null for what is not built as a PNG is. The pixels are not looked at. */
export function cleanedPng(from: Uint8Array): Cleaned | null {
  const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
  const parts: Uint8Array[] = [from.subarray(0, 8)];
  for (let at = 8, pieces = 0; ; pieces += 1) {
    if (pieces > PIECES_MAX) return null;
    const end = at + 12 + view.getUint32(at);
    const name = Buffer.from(from.subarray(at + 4, at + 8)).toString("latin1");
    if (end > from.length || (pieces === 0 && (name !== "IHDR" || end !== at + 25))) return null;
    if (KEPT.has(name)) parts.push(from.subarray(at, end));
    if (name === "IEND") break;
    at = end;
  }
  return { bytes: Buffer.concat(parts), width: view.getUint32(16), height: view.getUint32(20) };
}
