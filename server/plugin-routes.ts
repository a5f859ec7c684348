/** What a plugin adds to door one, as both sides know it: the plugin that writes it and the door that serves it. Its frames: plugin-frames.ts. */
import type { Static, TSchema } from "@sinclair/typebox";
import type { Principal } from "./chat/principal.ts";
import type { RefusalCode } from "./chat/refusal.ts";
import type { PluginFrame } from "./plugin-frames.ts";

/** One plugin, as far as door one sees it. */
export type ServedPlugin = {
  /** Names it in the log, at its routes and in the sign-ins of its bots: `[a-z][a-z0-9-]{0,31}`. */
  name: string;
  /** A post or request is refused (`unavailable`) when this plugin's `message.posting` or `request` fails or hangs; otherwise it goes on without. */
  required?: boolean;
  /** Each is served at `/plugins/<name><path>`. */
  routes?: readonly PluginRoute[];
  /** Each is said on a socket as `<name>.<frame>`. */
  frames?: readonly PluginFrame[];
  /** Before each request but the probes of health: may refuse it by `refuse`. Sees no body. */
  request?(asked: AskedRequest): void | Promise<void>;
};

/** The headers are a copy: writing into them changes nothing. */
export type AskedRequest = { method: string; path: string; headers: Headers };

/** Who may ask: anybody at all, whoever is signed in, or the tenant's admins and owners alone. */
export type RouteFor = "anybody" | "user" | "admin";

export type Shape = TSchema | undefined;
type Of<S extends Shape> = S extends TSchema ? Static<S> : undefined;

export type PluginRoute<P extends Shape = Shape, Q extends Shape = Shape, B extends Shape = Shape> = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the plugin's own, beginning with a slash; `/things/:thing_id`. */
  path: string;
  for: RouteFor;
  /** What is asked is checked by these. */
  params?: P;
  query?: Q;
  body?: B;
  /** The one answer that is no refusal, by its status; null for one without a body. It is told in OpenAPI, and what is answered is held to it. */
  answers: { [status: number]: TSchema | null };
  /** What it does, and which codes it refuses by beside those that every such route has: for OpenAPI. */
  summary?: string;
  noes?: readonly RefusalCode[];
  /** `who` is null for anybody. What it throws by `refuse` is the answer; anything else is a fault of this plugin. */
  handle(asked: { who: Principal | null; params: Of<P>; query: Of<Q>; body: Of<B> }): unknown;
};
