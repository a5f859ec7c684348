/** What a message may hold. One place decides, for REST, socket and edit alike. */
import type { Limits } from "../protocol.ts";
import { comesBack } from "./bounds.ts";
import { refuse } from "./refusal.ts";

/**
 * Refuses content that cannot be kept or is too long: `invalid` when empty (beside files it may be), not well-formed UTF-16 (it would be stored as something else) or
 * holding NUL (SQLite's length() ends there); `too_large` over `content_points` code points or `content_bytes` bytes of UTF-8.
 * Code points, because people count those; bytes, because rows and frames cost those. Never trimmed, never normalised.
 */
export function checkContent(content: string, limits: Limits, mayBeEmpty = false): void {
  if ((content.trim() === "" && !mayBeEmpty) || content.includes("\0") || !content.isWellFormed()) refuse("invalid", { fields: ["content"] });
  if (Buffer.byteLength(content) > limits.content_bytes || longerThan(content, limits.content_points)) {
    refuse("too_large", { fields: ["content"] });
  }
}

/** Refuses `meta`, or whatever `field` calls it, over 16 KiB of JSON or holding what would not come back as it was sent. */
export function checkMeta(meta: Record<string, unknown> | null | undefined, limits: Limits, field = "meta"): void {
  if (!meta) return;
  const text = JSON.stringify(meta);
  if (!comesBack(meta)) refuse("invalid", { fields: [field] });
  if (Buffer.byteLength(text) > limits.meta_bytes) refuse("too_large", { fields: [field] });
}

function longerThan(content: string, points: number): boolean {
  if (content.length <= points) return false;
  let count = 0;
  for (const _ of content) if (++count > points) return true;
  return false;
}
