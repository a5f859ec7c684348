/**
 * What a plugin is: what a file exports as `plugin` and gives to `definePlugin`, both from `snug/plugin`, which the server itself answers for. It
 * runs inside the server with all its rights; what it does by the verbs stays within the rights of who does it. docs/plugins has examples.
 */
import type { TObject } from "@sinclair/typebox";
import type { Store } from "../../db/store.ts";
import type { Backplane, Log } from "../chat/chat.ts";
import type { Handler, Points } from "../chat/hooks.ts";
import type { Principal } from "../chat/principal.ts";
import type { PluginFrame } from "../plugin-frames.ts";
import type { PluginRoute, ServedPlugin, Shape } from "../plugin-routes.ts";
import type { Verbs } from "./verbs.ts";

export type Plugin = ServedPlugin & {
  /** Once, before anything is served. What it throws ends the start. Bind to the hooks here; the verbs work as soon as Snug serves. */
  start?(seams: Seams): void | Promise<void>;
  /** What carries bells and notices between instances, instead of ours: `{ id, log }` of this one. It must pass describeBackplane. */
  backplane?(given: { id: string; log: Log }): Promise<Backplane>;
  /** Answers for `--database-url <scheme>+<one of ours>`: the store that everything is done by, over ours, which is closed with it. It must pass describeStore. */
  store?: { scheme: string; over(ours: Store, given: { log: Log }): Store | Promise<Store> };
};

/** Ties a frame's handler to its fields and its answer. */
export const defineFrame = <F extends TObject, A extends Shape = undefined>(frame: PluginFrame<F, A>): PluginFrame => frame;

/** What a plugin is handed. */
export type Seams = {
  hooks: { bind<K extends keyof Points>(point: K, handler: Handler<Points[K]>): void };
  /** Its lines say whose they are. */
  log: Log;
  snug: Snug;
};

export type Snug = Verbs & {
  /** A bot of this tenant, by its username, brought into being if need be: it is in no room until it joins or is added. */
  bot(tenant_id: string, bot: { username: string; display_name: string }): Promise<Principal>;
  newId(): string;
  now(): number;
};

export const definePlugin = (plugin: Plugin): Plugin => plugin;
/** Ties a route's handler to its schemas. */
export const defineRoute = <P extends Shape = undefined, Q extends Shape = undefined, B extends Shape = undefined>(
  route: PluginRoute<P, Q, B>,
): PluginRoute => route;
