/**
 * Builds the browser's side into `out`, ready to be embedded and served as it is: hashed names under assets/ (they may be cached for ever),
 * and beside each text file its brotli and gzip twins, so that the server compresses nothing at run time.
 *
 * The output holds no inline script or style and no foreign address: the content security policy allows neither.
 */
import { cp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const COMPRESS_FROM_BYTES = 512; // below, the header of the answer weighs more than what is saved
const TEXT = /\.(html|js|css|svg|json|txt|webmanifest|map)$/;

/** Gives the files that went in, from the folder we are in. */
export async function buildClient(root: string, out: string): Promise<string[]> {
  await rm(out, { recursive: true, force: true });
  const { metafile } = await Bun.build({
    entrypoints: [join(root, "client/index.html")],
    metafile: true,
    outdir: out,
    target: "browser",
    minify: true,
    splitting: true,
    sourcemap: "none",
    publicPath: "/",
    naming: { entry: "[name].[ext]", chunk: "assets/[name]-[hash].[ext]", asset: "assets/[name]-[hash].[ext]" },
    plugins: [...leaner, await eagerInOne(root)],
    define: { "process.env.NODE_ENV": '"production"' },
  });
  await shortenNames(out);
  await addFirstScript(root, out);
  await dropUnnamedSheets(out);
  // Files whose address must stay (icons, a manifest): copied, never hashed.
  const fixed = join(root, "client/public");
  if (existsSync(fixed)) await cp(fixed, out, { recursive: true });
  await addWorker(root, out);
  await compress(out);
  return Object.keys(metafile?.inputs ?? {});
}

/**
 * The Markdown parser's browser build decodes `&copy;` by giving it to the browser as markup, which Trusted Types rightly refuse. The page
 * draws what was typed, so no entity is known.
 */
const withoutEntities: Bun.BunPlugin = {
  name: "without-entities",
  setup(build) {
    build.onResolve({ filter: /^decode-named-character-reference$/u }, () => ({ path: "entities", namespace: "none" }));
    build.onLoad({ filter: /.*/u, namespace: "none" }, () => ({
      contents: "export const decodeNamedCharacterReference = () => false;",
      loader: "js",
    }));
  },
};

/** Of the parser, what client/lib/markdown.ts never lets begin: a name is all that is asked of it. */
const never = ["htmlFlow", "htmlText", "definition", "codeIndented", "headingAtx", "setextUnderline"];
const fileOf = (construct: string): string => construct.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
const withoutDocuments: Bun.BunPlugin = {
  name: "without-documents",
  setup(build) {
    for (const construct of never) {
      const filter = new RegExp(String.raw`micromark-core-commonmark[\\/]lib[\\/]${fileOf(construct)}\.js$`, "u");
      build.onLoad({ filter }, () => ({ contents: `export const ${construct} = { name: ${JSON.stringify(construct)} };`, loader: "js" }));
    }
  },
};
/** What takes out of libraries what the page never lets run. */
export const leaner: readonly Bun.BunPlugin[] = [withoutEntities, withoutDocuments];

/**
 * What the page loads at once stays one file. The bundler makes a file of each set of modules that the same parts use, so every part that is fetched
 * late would cut what is not into more pieces, each compressed by itself. To such a part it is shown as if it used the whole page.
 */
async function eagerInOne(root: string): Promise<Bun.BunPlugin> {
  const client = join(root, "client");
  const late = new Set<string>();
  for (const name of new Bun.Glob("**/*.{ts,tsx}").scanSync(client)) {
    if (/\.test\.tsx?$/u.test(name)) continue;
    const text = await Bun.file(join(client, name)).text();
    for (const [, path = ""] of text.matchAll(/\bimport\("(\.[^"]+)"\)/gu)) late.add(resolve(client, dirname(name), path));
  }
  return {
    name: "eager-in-one",
    setup(build) {
      build.onLoad({ filter: /client[\\/].*\.tsx?$/u }, async ({ path }) => ({
        contents: late.has(path)
          ? `import ${JSON.stringify(join(client, "main.tsx"))};\n${await Bun.file(path).text()}`
          : await Bun.file(path).text(),
        loader: path.endsWith("x") ? "tsx" : "ts",
      }));
    },
  };
}

/** The look is chosen before the first paint, by a script that blocks it: the page's own is a module, which waits, and none may be inline. */
async function addFirstScript(root: string, out: string): Promise<void> {
  const { outputs } = await Bun.build({
    entrypoints: [join(root, "client/theme.ts")],
    outdir: join(out, "assets"),
    target: "browser",
    format: "iife",
    minify: true,
    naming: "[name]-[hash].[ext]",
  });
  const [script] = outputs;
  if (!script) throw new Error("client/theme.ts gave no script");
  const page = Bun.file(join(out, "index.html"));
  const tag = `<script src="/assets/${basename(script.path)}"></script>`;
  const links = '<link rel="manifest" href="/manifest.webmanifest"><link rel="apple-touch-icon" href="/icons/apple-touch-icon.png">';
  const head = { element: (head: HTMLRewriterTypes.Element) => void head.prepend(tag, { html: true }).append(links, { html: true }) };
  await Bun.write(page, new HTMLRewriter().on("head", head).transform(await page.text()));
}

/**
 * Names that pass from file to file are given over all of them, and what is left for a file's own is longer than it need be: 1.6 KB of the page, compressed.
 * Each is minified once more, by itself. Its address is as before: it says what went in.
 */
async function shortenNames(out: string): Promise<void> {
  for (const name of new Bun.Glob("assets/*.js").scanSync(out)) {
    const path = join(out, name);
    const { outputs } = await Bun.build({ entrypoints: [path], target: "browser", format: "esm", minify: true, external: ["*"] });
    const [script] = outputs;
    if (script && script.size < Bun.file(path).size) await Bun.write(path, await script.text());
  }
}

/** What keeps the page's shell (client/worker.ts): told all of its files, under a name that is theirs alone. Last, because it names what is there. */
async function addWorker(root: string, out: string): Promise<void> {
  const paths = ["index.html", ...new Bun.Glob("{assets,icons}/*").scanSync(out)].toSorted().map((name) => `/${name.replaceAll("\\", "/")}`);
  const content = await Promise.all(paths.map((path) => Bun.file(join(out, path)).bytes()));
  const hasher = new Bun.CryptoHasher("sha256");
  for (const bytes of content) hasher.update(bytes);
  const shell = { name: hasher.digest("base64url").slice(0, 16), paths: paths.map((path) => (path === "/index.html" ? "/" : path)) };
  await Bun.build({
    entrypoints: [join(root, "client/worker.ts")],
    outdir: out,
    target: "browser",
    format: "iife",
    minify: true,
    naming: "sw.[ext]",
    define: { SHELL: JSON.stringify(shell) },
  });
}

/** The page's one sheet holds those of the late parts too; the bundler leaves copies beside them that nothing names. */
async function dropUnnamedSheets(out: string): Promise<void> {
  const page = await Bun.file(join(out, "index.html")).text();
  for (const name of new Bun.Glob("assets/*.css").scanSync(out)) if (!page.includes(basename(name))) await rm(join(out, name));
}

async function compress(folder: string): Promise<void> {
  for (const name of new Bun.Glob("**/*").scanSync(folder)) {
    const path = join(folder, name);
    const bytes = await Bun.file(path).bytes();
    if (!TEXT.test(name) || bytes.length <= COMPRESS_FROM_BYTES) continue;
    await Bun.write(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    await Bun.write(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}
