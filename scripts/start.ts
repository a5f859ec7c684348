/**
 * What `npm start` does before it becomes Snug: fetches the dependencies as the lockfile has them (no install script runs) and builds
 * dist/snug if it is missing or older than its sources. package.json then replaces the shell by the executable, so that arguments, signals
 * and the terminal are Snug's own.
 */
import { join, resolve } from "node:path";
import { isUpToDate } from "./sources.ts";

const root = resolve(import.meta.dir, "..");

await run("install", "--frozen-lockfile", "--ignore-scripts", "--production", "--silent");
if (!(await isUpToDate(root, join(root, "dist/snug")))) {
  console.log("Building Snug ...");
  await run("run", "scripts/build.ts");
}

// The same Bun as runs this file, whatever PATH says.
async function run(...words: string[]): Promise<void> {
  const child = Bun.spawn([process.execPath, ...words], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if ((await child.exited) !== 0) process.exit(1);
}
