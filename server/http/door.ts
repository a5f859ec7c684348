/** What every resource of door one is handed: the product, its settings, and who opens sockets. */
import type { Chat, Log } from "../chat/chat.ts";
import type { Limiter } from "../chat/limiter.ts";
import type { Head } from "../chat/members.ts";
import type { Principal } from "../chat/principal.ts";
import type { Config } from "../config.ts";
import type { ProcessMetrics } from "../metrics.ts";
import type { ServedPlugin } from "../plugin-routes.ts";
import type { AccessTokens } from "./access-tokens.ts";
import type { TenantHosts } from "./guard.ts";
import type { ownFiles } from "./own-files.ts";

/** Only what Bun's server is needed for here; null when a request comes by `app.handle`. */
export type Peer = {
  requestIP(request: Request): { address: string } | null;
  upgrade(request: Request, options: { data: never }): boolean;
  timeout(request: Request, seconds: number): void;
} | null;

/** Door two, as door one sees it. */
export type Upgrades = {
  /**
   * Turns the request into a socket of `who`; false when it is not an upgrade. `page`: the origin that is in by their tenant's list alone. `from`: where
   * its one room stood, for a client that cannot say so itself.
   */
  upgrade(request: Request, server: Peer, who: Principal, page: string | null, from: Head | null): boolean;
  readonly draining: boolean;
};

export type Door = {
  chat: Chat;
  config: Config;
  tokens: AccessTokens;
  live: Upgrades;
  hosts: TenantHosts;
  /** What one person may post: one bucket for both doors. */
  sends: Limiter;
  metrics: ProcessMetrics;
  log: Log;
  plugins: readonly ServedPlugin[];
  /** Told of each request that is no probe: somebody is here. */
  asked?: () => void;
  /** The folder of the page: dist/ui, or its embedded copy; null serves no page. */
  ui: string | null;
  /** The operator's own files, which go before those of the page. */
  own_files: { folder: string; files: Awaited<ReturnType<typeof ownFiles>> } | null;
};
