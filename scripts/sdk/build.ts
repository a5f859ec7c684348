/** Builds the client for applications into `out`, as it would be published: snug.js, snug.d.ts, package.json. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { license, version } from "../../package.json";
import { declarations } from "./declarations.ts";
import { pluginTypes } from "./plugin-types.ts";

const about = {
  name: "@snug/client",
  version,
  description: "A client of Snug, the self-hosted chat, for browsers, Bun and Node 22.",
  license,
  private: true, // until it is published
  type: "module",
  exports: { ".": { types: "./snug.d.ts", default: "./snug.js" } },
  types: "./snug.d.ts",
  files: ["snug.js", "snug.d.ts"],
  engines: { node: ">=22" }, // Node 20 has no WebSocket
  sideEffects: false,
};

/** Gives how many bytes the script has in brotli. Beside it lie the types for authors of plugins, in dist/plugin. */
export async function buildSdk(root: string, out: string): Promise<number> {
  await rm(out, { recursive: true, force: true });
  await Bun.build({
    entrypoints: [join(root, "client/sdk/snug.ts")],
    outdir: out,
    target: "browser",
    format: "esm",
    minify: true,
  });
  await Bun.write(join(out, "snug.d.ts"), await declarations(root));
  await Bun.write(join(root, "dist/plugin/snug-plugin.d.ts"), await pluginTypes(root));
  await Bun.write(join(out, "package.json"), JSON.stringify(about, null, 2) + "\n");
  return brotliCompressSync(await Bun.file(join(out, "snug.js")).bytes()).length;
}
