/** What others publish and we only compare with: installed into a scratch folder that git does not see, never into package.json. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PEERS = { ws: "8.18.3", "socket.io": "4.8.1" };

/** Gives the folder that holds them. */
export async function installPeers(folder: string): Promise<string> {
  const wanted = JSON.stringify({ name: "load-peers", private: true, dependencies: PEERS });
  const manifest = join(folder, "package.json");
  if (existsSync(join(folder, "node_modules")) && (await Bun.file(manifest).text()) === wanted) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(manifest, wanted);
  const child = Bun.spawn([process.execPath, "install", "--ignore-scripts", "--exact"], { cwd: folder, stdout: "ignore", stderr: "inherit" });
  if ((await child.exited) !== 0) throw new Error("The peers could not be installed");
  return folder;
}
