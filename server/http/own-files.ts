/**
 * An operator's own front end, or their own files over ours: `--ui DIR`. The folder is read at the start, each file becomes a route of its exact
 * name, and nothing else of the disk has an address: there is no path to climb out by. Pages are not among them. They are sent by ui.ts, which
 * gives every page its policy.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import { staticPlugin } from "@elysiajs/static";
import { Elysia } from "elysia";

const FILES_MAX = 2_000; // each is a route; a front end has hundreds
const PLAIN = /^[\w.,@~+=()/-]+$/u; // what an address holds as it is, and no router reads a pattern in
/** Names that programs ask for: a file of that name would stand in their way. */
const KEPT = /^(?:api|admin|ws|openapi(?:\.json|\.css)?|frames\.json|health|healthz|ready|version|metrics)(?:\/|$)/u;

/** What is wrong with the folder, in words for who named it; null when it can be served. */
export function faultOf(folder: string): string | null {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return `there is no folder ${folder}.`;
  const names = [...new Bun.Glob("**/*").scanSync(folder)];
  if (names.length === 0) return `there is no file in ${folder}.`;
  if (names.length > FILES_MAX) return `there are more than ${FILES_MAX} files in ${folder}.`;
  const odd = names.find((name) => !PLAIN.test(name));
  if (odd !== undefined) return `${join(folder, odd)} has a name that no address can have: letters, digits and . , @ ~ + = ( ) _ - alone.`;
  const kept = names.find((name) => KEPT.test(name));
  return kept === undefined ? null : `${join(folder, kept)} has the name of an address that the server keeps.`;
}

/** The files of a folder in which nothing is wrong. They are asked again by ETag: what an operator changes is seen. Hidden ones are not served. */
export async function ownFiles(folder: string) {
  const files = await staticPlugin({
    assets: folder,
    prefix: "/",
    alwaysStatic: true,
    decodeURI: false, // with it `..%2f` climbs out (1.4.10)
    staticLimit: FILES_MAX,
    ignorePatterns: [/\.html$/u],
    maxAge: null,
    directive: "no-cache",
    headers: { vary: "origin" },
    detail: { hide: true },
    silent: true,
  });
  return new Elysia({ name: "own-files" }).use(files);
}
