/**
 * Builds the product: the page into dist/ui, then server, page and migrations into the one executable dist/snug.
 *
 *   bun run build [--entry server/main.ts] [--outfile dist/snug] [--target bun-linux-arm64]
 *
 * Every flag below was bought with a defect (each was measured): identifiers are never minified, because Elysia reads the names in its
 * handlers' source; `esm`, because bytecode alone means CommonJS and dies at run time on `import.meta`; NODE_ENV by define, because
 * `--compile` writes "development" into the bundle; .env and bunfig.toml are not loaded, because a `preload` of the folder Snug is started in
 * would run inside it. The folder that is embedded (dist/ui) never holds the executable, or each build would embed the one before.
 */
import { rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildClient } from "./build-client.ts";
import { fingerprint, stampOf } from "./sources.ts";
import { version } from "../package.json";

const root = resolve(import.meta.dir, "..");

type Wish = { readonly entry: string; readonly outfile: string; readonly target: Bun.Build.CompileTarget | undefined };

/** Builds as wished and gives the size of the executable in bytes. A failed build throws and leaves a former executable as it was. */
export async function build({ entry, outfile, target }: Wish): Promise<number> {
  const sources = await fingerprint(root);
  await buildClient(root, join(root, "dist/ui"));
  // Made in a folder of its own and renamed into place at the end: an executable that is running may be replaced, but not overwritten.
  const part = join(dirname(outfile), "part");
  await Bun.build({
    entrypoints: [entry],
    target: "bun",
    format: "esm",
    bytecode: true,
    sourcemap: "linked", // embedded: stack traces name the source's lines
    minify: { whitespace: true, syntax: true, identifiers: false },
    define: { "process.env.NODE_ENV": '"production"', ...stamps() },
    compile: {
      outfile: join(part, basename(outfile)),
      assets: [join(root, "dist/ui"), join(root, "db/migrations")],
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
      ...(target && { target }),
    },
  });
  const place = target?.startsWith("bun-windows") ? `${outfile}.exe` : outfile;
  await rm(stampOf(place), { force: true });
  await rename(join(part, basename(place)), place);
  await rm(part, { recursive: true });
  await Bun.write(stampOf(place), sources);
  return Bun.file(place).size;
}

/** What `--version` and `/version` say; a run from the sources knows none of it. */
function stamps(): Record<string, string> {
  const commit = Bun.env["BUILD_COMMIT"] ?? commitHere() ?? "unknown";
  return {
    BUILD_VERSION: JSON.stringify(version),
    BUILD_COMMIT: JSON.stringify(commit),
    BUILD_TIME: JSON.stringify(new Date().toISOString()),
  };
}

function commitHere(): string | null {
  if (Bun.which("git") === null) return null;
  const git = (...words: string[]) => Bun.spawnSync(["git", ...words], { cwd: root, stderr: "ignore" });
  const head = git("rev-parse", "HEAD");
  if (head.exitCode !== 0) return null;
  const changed = git("status", "--porcelain").stdout.length > 0;
  return head.stdout.toString().trim() + (changed ? "-changed" : "");
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { entry: { type: "string" }, outfile: { type: "string" }, target: { type: "string" } } });
  const { target } = values;
  if (target !== undefined && !isTarget(target)) throw new Error(`--target wants a name such as bun-linux-arm64, not ${target}`);
  const outfile = resolve(values.outfile ?? join(root, "dist", target === undefined ? "snug" : target.replace("bun-", "snug-")));
  const bytes = await build({ entry: resolve(root, values.entry ?? "server/main.ts"), outfile, target });
  console.log(`${outfile} ${(bytes / 1e6).toFixed(1)} MB`);
}

function isTarget(name: string): name is Bun.Build.CompileTarget {
  return /^bun-(linux|darwin|windows)-(x64|arm64)(-musl)?$/.test(name);
}
