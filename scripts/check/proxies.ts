/**
 * The executable behind each proxy of deploy/, with its recipe: over TLS people sign in, hear each other and send files as large as they may; each is
 * counted by their own address, and nobody by one that they wrote themselves. Takes the proxies from PATH, else from Debian's packages.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { settle } from "../faults/cast.ts";
import { reachOf } from "../faults/person.ts";
import { createServed } from "../faults/server.ts";
import { freePort } from "./free-port.ts";
import { FILE_BYTES, sentences } from "./proxy-sentences.ts";
import { type Proxy, startCaddy, startNginx, type Upstream } from "./proxy-tools.ts";
import { openReport } from "./report.ts";

const executable = resolve(import.meta.dir, "../../dist/snug");
const report = openReport("proxies");
let faults = 0;

await behind("Caddy", startCaddy);
await behind("nginx", startNginx);
process.exit(faults === 0 ? 0 : 1);

async function behind(name: string, start: (upstream: Upstream) => Promise<Proxy>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "snug-proxy-"));
  const https_port = freePort();
  const more = [
    "--trusted-proxies",
    "127.0.0.1",
    "--public-url",
    `https://localhost:${https_port}`,
    "--limit-address",
    "1",
    "--limit-address-burst",
    "20",
  ];
  const served = createServed({ executable, lifted: false, more: [...more, "--limit-file-bytes", String(FILE_BYTES)] });
  let proxy: Proxy | null = null;
  try {
    await served.start();
    const { owner, rooms } = await settle(reachOf(served.url), served.setup_token);
    proxy = await start({ folder, port: served.port, https_port });
    for (const [sentence, holds] of Object.entries(sentences)) {
      const fault = await holds({ proxy, owner, room_id: rooms[0] ?? "" }).catch(String);
      report.add(`behind ${name} ${sentence}`, fault);
      console.log(`${fault === null ? "ok  " : "FAIL"} behind ${name} ${sentence}${fault === null ? "" : `: ${fault}`}`);
      if (fault !== null) faults += 1;
    }
  } finally {
    await proxy?.stop();
    await served.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
