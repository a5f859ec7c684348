/** A conversation as a file has it: one line of JSON per message, compressed with gzip or not. */
import { createHash } from "node:crypto";
import type { Line } from "../../server/chat/conversation.ts";
import { foldUsername } from "../../server/chat/names.ts";
import { CannotStart } from "../../server/cannot-start.ts";

/** In the file's order. Throws CannotStart for a file that is not there, or a line that is none. */
export async function readSaid(path: string): Promise<Line[]> {
  const file = Bun.file(path);
  if (!(await file.exists())) throw new CannotStart(`There is no file ${path}.`);
  const bytes = await file.bytes();
  const text = new TextDecoder().decode(isGzip(bytes) ? Bun.gunzipSync(bytes) : bytes);
  const lines = text.split("\n").filter((line) => line !== "");
  const count = new Map<string, number>();
  return lines.map((line, i) => {
    const nth = (count.get(line) ?? 0) + 1;
    count.set(line, nth);
    return lineOf(line, nth) ?? refuseLine(path, i + 1);
  });
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function lineOf(text: string, nth: number): Line | null {
  const { at, user, text: content } = recordIn(text);
  if (typeof at !== "string" || typeof user !== "string" || typeof content !== "string") return null;
  const [ms, username] = [Date.parse(at), foldUsername(user)];
  if (Number.isNaN(ms) || username === null) return null;
  return { client_id: idOf(ms, text, nth), at: ms, username, content };
}

function recordIn(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {}; // cut off, as the last line of a copy may be
  }
}

/** The same for the same line; begins with its time, so that rows of one time share a page of the index. */
function idOf(ms: number, text: string, nth: number): string {
  const time = ms.toString(16).padStart(12, "0");
  return `${time}-${createHash("sha256").update(`${nth} ${text}`).digest("hex").slice(0, 24)}`;
}

function refuseLine(path: string, number: number): never {
  throw new CannotStart(`${path}, line ${number}: not {"at": RFC 3339, "user": name, "text": …}.`);
}
