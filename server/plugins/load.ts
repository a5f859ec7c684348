/**
 * Loads an operator's plugins: files that export `plugin`, a function that binds to the hooks. They run inside the server with all its rights, so
 * a file that somebody else could change is refused. The compiled executable runs TypeScript files as they are.
 */
import { statSync } from "node:fs";
import { CannotStart } from "../cannot-start.ts";
import type { Log } from "../chat/chat.ts";
import type { Hooks } from "../chat/hooks.ts";

/** What a plugin is handed. */
export type Seams = { hooks: Hooks; log: Log };
export type Plugin = (seams: Seams) => void | Promise<void>;

/** Loads them one after the other, in the order given. `paths` are absolute. Throws CannotStart with the path and what is wrong with it. */
export async function loadPlugins(paths: readonly string[], seams: Seams): Promise<void> {
  for (const path of paths) await load(path, seams);
}

const OTHERS_MAY_WRITE = 0o022;

async function load(path: string, seams: Seams): Promise<void> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new CannotStart(`The plugin ${path} is not a file.`);
  if ((found.mode & OTHERS_MAY_WRITE) !== 0) throw new CannotStart(`The plugin ${path} may be written by others. Take that right away: chmod go-w.`);
  const loaded: unknown = await import(path);
  if (!hasPlugin(loaded)) throw new CannotStart(`The plugin ${path} exports no function called plugin.`);
  await loaded.plugin(seams);
}

// What the function takes cannot be asked of it: a plugin's author vouches for that.
const hasPlugin = (loaded: unknown): loaded is { plugin: Plugin } =>
  typeof loaded === "object" && loaded !== null && "plugin" in loaded && typeof loaded.plugin === "function";
