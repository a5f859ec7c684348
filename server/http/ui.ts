/**
 * The page, from memory: dist/ui as it was built, with the brotli and gzip twins the build made. Hashed names may be cached for ever; what has
 * a stable address is asked again by ETag. Any address a person may type gives the page; it finds the screen.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Elysia } from "elysia";
import { refuse } from "../chat/refusal.ts";
import type { Door } from "./door.ts";

const kinds: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  json: "application/json",
  webmanifest: "application/manifest+json",
  txt: "text/plain; charset=utf-8",
};

type File = { bytes: Uint8Array<ArrayBuffer>; br?: Uint8Array<ArrayBuffer>; gz?: Uint8Array<ArrayBuffer>; etag: string; kind: string };

/** What the page may do. Sent with the page; the API's answers need none of it. */
export const policy = (public_url: string | null): string => {
  const socket = public_url?.startsWith("https:") ? ` wss://${new URL(public_url).host}` : "";
  return [
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:",
    `connect-src 'self'${socket}; font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'`,
    "object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types app",
  ].join("; ");
};

/** `methods` says what else is served at a path: what is only written to is no page. */
export function ui({ ui: folder, own_files, config }: Pick<Door, "ui" | "own_files" | "config">, methods: (path: string) => readonly string[]) {
  const ours = folder === null ? [] : readFiles(folder);
  const theirs = own_files === null ? [] : readFiles(own_files.folder, isPage);
  const files = new Map([...ours, ...theirs]);
  const csp = policy(config.public_url);
  return new Elysia({ name: "ui" }).use(own_files?.files ?? new Elysia()).get("/*", ({ request, path }) => {
    if (methods(path).length > 0) refuse("bad_method");
    const file = files.get(path) ?? (isScreen(path, request) ? files.get("/index.html") : undefined);
    return file ? answer(file, path, request, csp) : refuse("not_found");
  });
}

/** An address of a screen: asked for by a browser that wants a page, and not under the names that the server keeps. */
const isScreen = (path: string, request: Request): boolean =>
  path === "/" || (!/^\/(api|assets|ws|admin|openapi)(\/|\.|$)/u.test(path) && (request.headers.get("accept") ?? "").includes("text/html"));

function answer(file: File, path: string, request: Request, csp: string): Response {
  const headers = new Headers({
    "content-type": file.kind,
    etag: file.etag,
    vary: "accept-encoding, origin",
    "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    ...(file.kind.startsWith("text/html") && { "content-security-policy": csp }),
  });
  if (isKnown(file.etag, request)) return new Response(null, { status: 304, headers });
  if (file.br && accepts("br", request)) return new Response(file.br, { headers: encoded(headers, "br") });
  if (file.gz && accepts("gzip", request)) return new Response(file.gz, { headers: encoded(headers, "gzip") });
  return new Response(file.bytes, { headers });
}

/** A proxy that compresses weakens what it passes on; it is the same file. */
const isKnown = (etag: string, request: Request): boolean =>
  (request.headers.get("if-none-match") ?? "").split(",").some((one) => one.trim().replace(/^W\//u, "") === etag);

const accepts = (encoding: string, request: Request): boolean =>
  (request.headers.get("accept-encoding") ?? "").split(",").some((one) => {
    const [name = "", ...rest] = one
      .toLowerCase()
      .split(";")
      .map((piece) => piece.trim());
    return name === encoding && !rest.some((piece) => /^q=0(\.0*)?$/u.test(piece));
  });

function encoded(headers: Headers, encoding: string): Headers {
  headers.set("content-encoding", encoding);
  return headers;
}

const isPage = (name: string): boolean => name.endsWith(".html") && !/(?:^|[/\\])\./u.test(name);

function readFiles(folder: string, isWanted: (name: string) => boolean = () => true): Map<string, File> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = new Set(names.map((entry) => join(entry.parentPath, entry.name)));
  const bytesOf = (path: string) => (paths.has(path) ? new Uint8Array(readFileSync(path)) : undefined);
  const files = new Map<string, File>();
  for (const path of paths) {
    if (/\.(br|gz)$/u.test(path) || !isWanted(path.slice(folder.length))) continue;
    const bytes = new Uint8Array(readFileSync(path));
    const [br, gz] = [bytesOf(`${path}.br`), bytesOf(`${path}.gz`)];
    const etag = `"${new Bun.CryptoHasher("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
    const kind = kinds[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    files.set(path.slice(folder.length).replaceAll("\\", "/"), { bytes, etag, kind, ...(br && { br }), ...(gz && { gz }) });
  }
  return files;
}
