/**
 * The page's shell where its server cannot be reached: the build makes it `/sw.js`.
 *
 * It answers only for addresses of screens and for the page's own files, and never for anything that somebody said: what is read is asked of the
 * server. A screen is always asked of the server first, so a new build is loaded by the first reload after it came; only when nothing answers is the
 * shell what was kept. Files under /assets/ bear their content in their name and may come from what is kept.
 *
 * It never reloads a page, and takes the place of the one before only when a page asks it to that runs this very build: whoever writes in an older
 * one goes on there, with the parts of that build, which are kept as well.
 */

/** Written by the build: a name that no other build has, and all files of the page. */
declare const SHELL: { name: string; paths: readonly string[] };
const { name: build, paths } = SHELL; // the build writes it out wherever it is named

type Lasting = Event & { waitUntil(work: Promise<unknown>): void };
type Asking = Lasting & { request: Request; respondWith(answer: Promise<Response>): void };
type Scope = {
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", run: (event: Lasting) => void): void;
  addEventListener(type: "fetch", run: (event: Asking) => void): void;
  addEventListener(type: "message", run: (event: MessageEvent<unknown>) => void): void;
};

const scope = globalThis as unknown as Scope; // the types of a page and of a worker exclude each other
const OURS = "snug-shell-";
const BUILDS_KEPT = 2;
const NO_SCREEN = /^\/(api|ws|admin|openapi|plugins|assets|health|healthz|ready|version|metrics)(\/|\.|$)/u;

scope.addEventListener("install", (event) => {
  const files = paths.map((path) => new Request(path, { cache: "no-cache" }));
  event.waitUntil(caches.open(OURS + build).then((cache) => cache.addAll(files)));
});

scope.addEventListener("activate", (event) => event.waitUntil(forgetOlder()));

scope.addEventListener("message", ({ data }) => {
  if (typeof data === "string" && paths.includes(data)) void scope.skipWaiting();
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && !NO_SCREEN.test(pathname)) event.respondWith(fetch(request).catch(shell));
  else if (pathname.startsWith("/assets/")) event.respondWith(kept(request));
});

async function shell(): Promise<Response> {
  const cache = await caches.open(OURS + build);
  return (await cache.match("/", { ignoreVary: true })) ?? Response.error();
}

const kept = async (request: Request): Promise<Response> => (await caches.match(request, { ignoreVary: true })) ?? fetch(request);

/** Names come in the order in which they were made. */
async function forgetOlder(): Promise<void> {
  const builds = (await caches.keys()).filter((one) => one.startsWith(OURS));
  await Promise.all(builds.slice(0, -BUILDS_KEPT).map((one) => caches.delete(one)));
}
