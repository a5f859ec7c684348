/**
 * Loads an operator's plugins: files that export `plugin`, made by `definePlugin`, or a bare function that is its `start`. They run inside the server
 * with all its rights, so a file that somebody else could change is refused. The compiled executable runs TypeScript files as they are.
 */
import { statSync } from "node:fs";
import { basename, extname } from "node:path";
import { CannotStart } from "../cannot-start.ts";
import type { Chat, Log } from "../chat/chat.ts";
import type { Hooks } from "../chat/hooks.ts";
import { typeOf } from "../plugin-frames.ts";
import { clientFrames } from "../protocol.ts";
import { createBots } from "./bots.ts";
import { provideModule } from "./module.ts";
import type { Plugin, Seams } from "./plugin.ts";
import { bindVerbs } from "./verbs.ts";

export type Given = {
  hooks: Hooks;
  log: Log;
  /** Asked for when a plugin uses a verb; throws before there is one. */
  chat(): Chat;
};

/** Loads and starts them one after the other, in the order given. `paths` are absolute. Throws CannotStart with the path and what is wrong with it. */
export async function loadPlugins(paths: readonly string[], given: Given): Promise<Plugin[]> {
  if (paths.length > 0) provideModule();
  const loaded: Plugin[] = [];
  for (const path of paths) {
    const plugin = await read(path);
    if (loaded.some(({ name }) => name === plugin.name)) throw new CannotStart(`The plugin ${path} has the name of another one: ${plugin.name}.`);
    const wrong = plugin.frames?.find((frame) => !NAME.test(frame.name) || typeOf(plugin, frame) in clientFrames);
    if (wrong) throw new CannotStart(`The plugin ${path} cannot have a frame ${typeOf(plugin, wrong)}.`);
    if (plugin.backplane && loaded.some(({ backplane }) => backplane)) throw new CannotStart(`The plugin ${path} brings a second backplane.`);
    if (plugin.store && loaded.some(({ store }) => store?.scheme === plugin.store?.scheme))
      throw new CannotStart(`The plugin ${path} brings a second store ${plugin.store.scheme}.`);
    await start(plugin, path, given);
    loaded.push(plugin);
  }
  return loaded;
}

const OTHERS_MAY_WRITE = 0o022;
const NAME = /^[a-z][a-z0-9-]{0,31}$/u;

async function read(path: string): Promise<Plugin> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new CannotStart(`The plugin ${path} is not a file.`);
  if ((found.mode & OTHERS_MAY_WRITE) !== 0) throw new CannotStart(`The plugin ${path} may be written by others. Take that right away: chmod go-w.`);
  const loaded: unknown = await import(path).catch((fault: unknown) => {
    throw new CannotStart(`The plugin ${path} cannot be read: ${String(fault)}`);
  });
  const plugin = exported(loaded);
  if (typeof plugin === "function") return { name: nameOf(path), start: plugin };
  if (!plugin) throw new CannotStart(`The plugin ${path} exports nothing called plugin.`);
  if (!NAME.test(plugin.name)) throw new CannotStart(`The plugin ${path} needs a name of small letters, digits and dashes.`);
  return plugin;
}

async function start(plugin: Plugin, path: string, { hooks, log, chat }: Given): Promise<void> {
  const by = { by: `plugin ${plugin.name}`, required: plugin.required === true };
  const seams: Seams = {
    hooks: { bind: (point, handler) => hooks.bind(point, handler, by) },
    log: logOf(log, plugin.name),
    snug: { ...bindVerbs(chat), bot: createBots(chat, plugin.name), newId: () => chat().newId(), now: () => chat().now() },
  };
  try {
    await plugin.start?.(seams);
  } catch (fault) {
    throw new CannotStart(`The plugin ${path} does not start: ${String(fault)}`);
  }
}

function logOf(log: Log, plugin: string): Log {
  return {
    debug: (event, fields) => log.debug(event, { ...fields, plugin }),
    info: (event, fields) => log.info(event, { ...fields, plugin }),
    warn: (event, fields) => log.warn(event, { ...fields, plugin }),
    error: (event, fault, fields) => log.error(event, fault, { ...fields, plugin }),
  };
}

/** A bare function has the name of its file. */
const nameOf = (path: string): string =>
  basename(path, extname(path))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-");

// What is in it beyond its name, a plugin's author vouches for: the types are all that can be asked of it.
function exported(loaded: unknown): Plugin | NonNullable<Plugin["start"]> | null {
  const plugin: unknown = typeof loaded === "object" && loaded !== null && "plugin" in loaded ? loaded.plugin : null;
  if (typeof plugin === "function") return plugin;
  return typeof plugin === "object" && plugin !== null && "name" in plugin && typeof plugin.name === "string" ? (plugin as Plugin) : null;
}
