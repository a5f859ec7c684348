/**
 * snug-plugin.d.ts: what `snug/plugin` is to the editor of an author who has the executable and no checkout. The plugin's own types stand there as
 * they are written, all others written out. It asks for @sinclair/typebox, of whose schemas routes are made.
 */
import { join } from "node:path";
import { namesIn, writtenOut } from "./written-out.ts";

const AS_WRITTEN = ["server/plugin-routes.ts", "server/plugin-frames.ts", "server/plugins/plugin.ts"];
const NAMED = ["RefusalCode", "RefusalDetail", "Bell", "Ears", "Notice", "UserBell", "Message", "Room", "Member", "User", "Draft", "Mine"];
const HANDLER = /export type Handler<E> = [^\n]*\n/u;
const FUNCTIONS = `export function definePlugin(plugin: Plugin): Plugin;
/** Ties a route's handler to its schemas. */
export function defineRoute<P extends Shape = undefined, Q extends Shape = undefined, B extends Shape = undefined>(route: PluginRoute<P, Q, B>): PluginRoute;
/** Ties a frame's handler to its fields and its answer. */
export function defineFrame<F extends TObject, A extends Shape = undefined>(frame: PluginFrame<F, A>): PluginFrame;
/** Where all data lies. What its tables hold and how they are asked is typed in the repository alone (db/store.ts): from here one stands around it. */
export type Store = {
  readonly t: object;
  readonly read: object;
  write<R>(work: (tx: never) => Promise<R>): Promise<R>;
  ready(): Promise<boolean>;
  onForeignCommit(listener: () => void): void;
  analyze(): Promise<void>;
  tend(): Promise<void>;
  close(): Promise<void>;
};
/** Throws the refusal: the answer of who asked. */
export function refuse(reason: RefusalCode, detail?: RefusalDetail): never;
export const t: typeof Type;`;

export async function pluginTypes(root: string): Promise<string> {
  const handler = HANDLER.exec(await Bun.file(join(root, "server/chat/hooks.ts")).text())?.[0] ?? "";
  const texts = await Promise.all(AS_WRITTEN.map(async (path) => withoutImports(await Bun.file(join(root, path)).text())));
  const own = [...texts, handler].join("\n");
  const files = await filesOfTypes(root);
  const isOwn = (name: string): boolean => new RegExp(`type ${name}\\b`, "u").test(own);
  const others = (name: string): string | null => (isOwn(name) ? null : (files.get(name) ?? null));
  const wanted = [...namesIn(withoutComments(own)), ...NAMED].flatMap((name) => {
    const file = others(name);
    return file === null ? [] : [{ name, file }];
  });
  const written = await writtenOut(root, wanted, others);
  const head = `import type { Static, TObject, TSchema, Type } from "@sinclair/typebox";`;
  return `declare module "snug/plugin" {\n${[head, own, FUNCTIONS, ...written].join("\n\n")}\n}\n`;
}

/** Where each type of the product and of the protocol is told; of two of one name the protocol's. */
async function filesOfTypes(root: string): Promise<Map<string, string>> {
  const paths = [...new Bun.Glob("server/{chat,plugins,protocol}/*.ts").scanSync(root)].filter(
    (path) => !path.includes(".test.") && !path.includes(".cast."),
  );
  const found = new Map<string, string>();
  for (const path of ["db/schema-of-api.ts", "db/delivery-islands.ts", ...paths.toSorted(), "server/protocol.ts"]) {
    const text = await Bun.file(join(root, path)).text();
    for (const [, , name = ""] of text.matchAll(/^export (type|interface) (\w+)(?=[ <])/gmu)) found.set(name, join(root, path));
  }
  return found;
}

const withoutImports = (text: string): string =>
  text
    .replaceAll(/^import [^;]*;\n/gmu, "")
    .replace(/^export const [\s\S]*/mu, "")
    .replace(/\/\*\* Ties a route's handler[^\n]*\n/u, "");
const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/gu, "");
