/** Who may import whom: the table of design.md ("The tree"), as data. Arrows point one way, so that `chat` can be read without a door. */
import type { Import, Source } from "./source.ts";

// The first that matches names the layer; a file outside every layer is a fault, so that a new folder must be given its place here.
const LAYERS: readonly (readonly [layer: string, path: RegExp])[] = [
  ["migrations", /^db\/migrations\//],
  ["db", /^db\//],
  ["protocol", /^server\/protocol(\.ts$|\/)/], // one file for what people use, one for each part of the chat API
  ["chat", /^server\/chat\//],
  ["http", /^server\/http\//],
  ["live", /^server\/live\//],
  ["files", /^server\/files\//],
  ["plugins", /^server\/plugins\//],
  ["backplane", /^server\/backplane\//],
  ["commands", /^server\/commands\//],
  ["server testing", /^server\/testing\//],
  ["app", /^server\/app\.ts$/],
  ["main", /^server\/main\.ts$/],
  ["workings", /^server\/[a-z-]+\.ts$/], // config, log, metrics, work: what the types in chat.ts ask for
  ["client testing", /^client\/testing\//],
  ["sdk", /^client\/sdk\//], // published by itself: it leans on nothing of the page
  ["views", /^client\/views\//],
  ["models", /^client\/models\//],
  ["lib", /^client\/lib\//],
  ["styles", /^client\/styles\//],
  ["page", /^client\/[a-z.-]+\.(tsx?|html)$/], // main, api, link
  ["scripts", /^(scripts\/|drizzle\.config\.ts$)/],
  ["about", /^package\.json$/],
];

const EVERY_DOOR = ["chat", "db", "protocol", "workings"];

/** Beside its own layer, what each may import of ours. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  db: [],
  protocol: [],
  chat: ["db", "protocol"],
  workings: ["chat", "db", "protocol"],
  http: EVERY_DOOR,
  live: EVERY_DOOR,
  files: ["chat"],
  plugins: EVERY_DOOR,
  backplane: EVERY_DOOR,
  app: [...EVERY_DOOR, "http", "live", "plugins", "backplane"],
  commands: [...EVERY_DOOR, "http", "live", "files", "plugins", "backplane", "app"],
  main: [...EVERY_DOOR, "commands", "app"],
  sdk: ["protocol"],
  lib: ["protocol", "sdk"],
  models: ["protocol", "sdk", "lib", "page"],
  views: ["models", "lib", "styles", "protocol"],
  page: ["protocol", "sdk", "lib", "models", "views", "styles"],
  scripts: [...EVERY_DOOR, "commands", "http", "live", "plugins", "backplane", "app", "server testing", "page", "sdk", "lib", "about"],
};

// What of another layer may be had only as a type: the browser's bundle would carry the server's code, a model would reach the network.
const ONLY_TYPES: readonly (readonly [from: string, to: string])[] = [
  ["sdk", "protocol"],
  ["lib", "protocol"],
  ["models", "protocol"],
  ["views", "protocol"],
  ["page", "protocol"],
  ["models", "page"],
];

export const layerOf = (path: string): string | null => LAYERS.find(([, pattern]) => pattern.test(path))?.[0] ?? null;

/** Why this import is not allowed, or null. Packages are nobody's business here. */
export function importFault(source: Source, { from, onlyTypes }: Import): string | null {
  if (!/^((db|server|client|scripts|\.\.)\/|package\.json$)/.test(from)) return null;
  const mine = layerOf(source.path);
  const theirs = layerOf(from);
  if (mine === null) return null; // said once for the file, not for each import
  if (theirs === null) return `imports ${from}, which belongs to no layer of scripts/boundaries/imports.ts`;
  if (isTest(from) && mine !== "scripts") return `imports ${from}: nothing of the product leans on a test`;
  if (mine === theirs) return null;
  if (!(MAY[mine] ?? []).includes(theirs)) return `${mine} may not import ${theirs} (${from})`;
  if (!onlyTypes && ONLY_TYPES.some(([a, b]) => a === mine && b === theirs)) return `${mine} may import only types of ${theirs} (${from})`;
  return null;
}

/** Tests, contracts and their casts: they may reach anywhere, and nothing of the product may reach them. */
export const isTest = (path: string): boolean => /\.(test|contract|cast)\.tsx?$|^(server|client)\/testing\//.test(path);
