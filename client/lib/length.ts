/** How long a text is, as the server counts it: code points, because people count those, and bytes of UTF-8, because rows cost those. */
import type { Limits } from "../../server/protocol.ts";

type ContentLimits = Pick<Limits, "content_points" | "content_bytes">;

/** What is left, in characters: negative when the text is too long. Null while less than nine tenths are used, when nobody needs to know. */
export function roomLeft(content: string, { content_points, content_bytes }: ContentLimits): number | null {
  const points = [...content].length;
  const bytes = new TextEncoder().encode(content).length;
  const used = Math.max(points / content_points, bytes / content_bytes);
  if (used < 0.9) return null;
  const left = content_points - points;
  if (bytes <= content_bytes) return left;
  const over = Math.ceil((bytes - content_bytes) / (bytes / points)); // as many of its average characters
  return Math.min(left, -over);
}
