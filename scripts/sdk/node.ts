/**
 * Node 22, which the client for applications promises to run on: Node 20 has no WebSocket. It comes from the npm registry into .bun/, as the program
 * that the package `node` of this version would fetch when it is installed; its install script is not run.
 */
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";

const VERSION = "22.23.3";
const PACKAGE = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const FETCHED = resolve(import.meta.dir, `../../.bun/node-${VERSION}`);

/** Its path; fetched if it is not here yet. Throws when it cannot be had. */
export async function node22(): Promise<string> {
  const program = join(FETCHED, "node_modules", PACKAGE, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(program)) return program;
  const part = `${FETCHED}-part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  await Bun.write(join(part, "package.json"), JSON.stringify({ dependencies: { [PACKAGE]: VERSION } }));
  const words = [process.execPath, "install", "--ignore-scripts", "--no-save"];
  const child = Bun.spawn(words, { cwd: part, env: Bun.env, stdio: ["ignore", "inherit", "inherit"] });
  if ((await child.exited) !== 0) throw new Error(`${words.join(" ")} ended with ${child.exitCode}`);
  await rm(FETCHED, { recursive: true, force: true });
  await rename(part, FETCHED);
  if (!existsSync(program)) throw new Error(`${PACKAGE} ${VERSION} holds no ${program}`);
  return program;
}
