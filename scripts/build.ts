/**
 * Builds the product: the page (also left in dist/ui), then server, page and migrations into the one executable dist/snug.
 *
 *   bun run build [--entry server/main.ts] [--outfile dist/snug] [--target bun-linux-arm64]
 *
 * Every flag below was bought with a defect (each was measured): identifiers are never minified, because Elysia reads the names in its
 * handlers' source; `esm`, because bytecode alone means CommonJS and dies at run time on `import.meta`; NODE_ENV by define, because
 * `--compile` writes "development" into the bundle; .env and bunfig.toml are not loaded, because a `preload` of the folder Snug is started in
 * would run inside it. The folder that is embedded never holds an executable, or each build would embed the one before.
 */
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildClient } from "./build-client.ts";
import { profileStart } from "./build-profile.ts";
import { billOf, integritiesIn, packageFolders, readPart } from "./sbom.ts";
import { fingerprint, stampOf } from "./sources.ts";
import { dependencies, name, version } from "../package.json";

const root = resolve(import.meta.dir, "..");

type Wish = { readonly entry: string; readonly outfile: string; readonly target: Bun.Build.CompileTarget | undefined };

/** Builds as wished and gives the path of the executable. A failed build throws and leaves a former executable as it was. */
export async function build({ entry, outfile, target }: Wish): Promise<string> {
  const sources = await fingerprint(root);
  await mkdir(dirname(outfile), { recursive: true });
  // Made in a folder of its own and renamed into place at the end: an executable that is running may be replaced, but not overwritten.
  const part = await mkdtemp(join(dirname(outfile), "part-"));
  try {
    const [ui, first, profile, last] = [join(part, "ui"), join(part, "first"), join(part, "profile"), join(part, basename(outfile))];
    const migrations = join(part, "migrations");
    await cp(join(root, "db/migrations"), migrations, { recursive: true, filter: (path) => !path.endsWith("_snapshot.json") }); // those are drizzle-kit's own
    const pageFiles = await buildClient(root, ui);
    await compile({ entry, ui, migrations, outfile: first });
    await profileStart(first, profile);
    const serverFiles = await compile({ entry, ui, migrations, outfile: last, profile, target });
    const suffix = target?.startsWith("bun-windows") ? ".exe" : "";
    const place = outfile + suffix;
    await rm(stampOf(place), { force: true });
    await rename(last + suffix, place);
    await rm(join(root, "dist/ui"), { recursive: true, force: true });
    await cp(ui, join(root, "dist/ui"), { recursive: true }); // what a server run from its sources shows
    await Bun.write(`${place}.cdx.json`, await billOfMaterials([...pageFiles, ...serverFiles]));
    await Bun.write(stampOf(place), sources);
    return place;
  } finally {
    await rm(part, { recursive: true });
  }
}

type Compiling = { entry: string; ui: string; migrations: string; outfile: string; profile?: string; target?: Wish["target"] };

/** Gives the files that went in, from the folder we are in. */
async function compile({ entry, ui, migrations, outfile, profile, target }: Compiling): Promise<string[]> {
  const { metafile } = await Bun.build({
    entrypoints: [entry],
    target: "bun",
    format: "esm",
    bytecode: true,
    sourcemap: "linked", // embedded: stack traces name the source's lines
    metafile: true,
    external: ["file-type"], // Elysia looks for it, and does without, where a schema has t.File: none of ours has. Half a megabyte.
    minify: { whitespace: true, syntax: true, identifiers: false },
    define: { "process.env.NODE_ENV": '"production"', ...stamps() },
    compile: {
      outfile,
      assets: [ui, migrations],
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
      // Nothing is compiled to machine code while starting and idle (5 MB less); server/commands/serve.ts sets it back to 1 when somebody asks.
      jitPolicy: 100,
      ...(profile && { bytecodeOrder: profile }),
      ...(target && { target }),
    },
  });
  return Object.keys(metafile?.inputs ?? {});
}

// What package.json asks for is listed even where only its data went in, by way of a macro.
async function billOfMaterials(files: readonly string[]): Promise<string> {
  const asked = Object.keys(dependencies).map((dependency) => join(root, "node_modules", dependency));
  const folders = packageFolders([...files.map((file) => resolve(file)), ...asked]);
  const parts = await Promise.all(folders.map(readPart));
  const integrities = integritiesIn(await Bun.file(join(root, "bun.lock")).text());
  return JSON.stringify(billOf({ name, version }, parts, integrities), null, 2);
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
  const place = await build({ entry: resolve(root, values.entry ?? "server/main.ts"), outfile, target });
  console.log(`${place} ${(Bun.file(place).size / 1e6).toFixed(1)} MB`);
}

function isTarget(name: string): name is Bun.Build.CompileTarget {
  return /^bun-(linux|darwin|windows)-(x64|arm64)(-musl)?$/.test(name);
}
