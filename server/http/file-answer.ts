/** A file as an answer: whole, a part of it, or "you have it". It says of itself that it is to be run nowhere. */
import type { FoundFile } from "../chat/files.ts";

const SANDBOX = "sandbox; default-src 'none'"; // opened by its address it runs nothing, loads nothing and has no origin

const LASTING = "private, max-age=31536000, immutable"; // another picture has another address

export function fileAnswer(request: Request, { path, name, type, is_picture, etag, is_lasting }: FoundFile): Response {
  const file = Bun.file(path);
  const headers = new Headers({
    "content-type": is_picture ? type : "application/octet-stream",
    "content-disposition": `${is_picture ? "inline" : "attachment"}; ${namedAs(name)}`,
    "content-security-policy": SANDBOX,
    "cache-control": is_lasting ? LASTING : "private, no-cache", // kept by its reader's browser, and asked for again each time: the right may have ended
    "accept-ranges": "bytes",
    etag,
  });
  if (isKnown(etag, request)) return new Response(null, { status: 304, headers });
  return new Response(file, { headers }); // of a file Bun answers a range by itself: one at a time, several by the whole, 416 for what lies outside
}

/** Both ways of saying it: letters that every reader knows, and the name as it is. */
function namedAs(name: string): string {
  const plain = name.replace(/[^\w.,()@ -]/gu, "_");
  const whole = encodeURIComponent(name.toWellFormed()).replace(/['()*]/gu, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `filename="${plain}"; filename*=UTF-8''${whole}`;
}

const isKnown = (etag: string, request: Request): boolean =>
  (request.headers.get("if-none-match") ?? "").split(",").some((one) => one.trim().replace(/^W\//u, "") === etag);
