/** Opens the ports. */
import type { App } from "../app.ts";
import { CannotStart } from "../cannot-start.ts";
import type { Config } from "../config.ts";
import type { Live } from "../live/live.ts";
import type { Listening } from "../setting-values.ts";

/** Serves both doors and gives the port. Throws CannotStart for a port that is taken, or an address or port that is not ours to listen on. */
export function listen(app: App, { host, port }: Config, websocket: Live["handlers"]): number {
  told({ host, port }, "--port", () => app.listen({ port, hostname: host, reusePort: false, websocket })); // true would share a port in silence
  return app.server?.port ?? port;
}

/** Opens the port and lets it go. Throws as listen does. */
export function tryPort({ host, port }: Listening): void {
  told({ host, port }, "--port", () => Bun.listen({ hostname: host, port, exclusive: true, socket: { data: () => {} } })).stop(true);
}

const OPS = new Set(["/health", "/healthz", "/ready", "/version", "/metrics"]);

/** Serves what probes ask, and nothing else, without a key: whoever can reach this address may read it. */
export function listenForOps(app: App, { host, port }: Listening, operator_key: string): { stop(): void } {
  const server = told({ host, port }, "--ops-listen", () =>
    Bun.serve({
      hostname: host,
      port,
      reusePort: false,
      idleTimeout: 10,
      development: false,
      fetch(request) {
        const { pathname } = new URL(request.url);
        if (request.method !== "GET" || !OPS.has(pathname)) return new Response(null, { status: 404 });
        return app.handle(new Request(`http://localhost${pathname}`, { headers: { "x-api-key": operator_key } }));
      },
    }),
  );
  return { stop: () => void server.stop(true) };
}

const WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use: another program, perhaps another Snug, listens there",
  EACCES: "may not be listened on by this user: ports below 1024 need a right of their own",
  EADDRNOTAVAIL: "is no address of this machine",
};

function told<T>({ host, port }: Listening, flag: string, open: () => T): T {
  try {
    return open();
  } catch (fault) {
    const words = fault instanceof Error && "code" in fault && typeof fault.code === "string" ? WORDS[fault.code] : undefined;
    if (words === undefined) throw fault;
    throw new CannotStart(`${host} port ${port} ${words}.\nChoose another by ${flag}.`);
  }
}
