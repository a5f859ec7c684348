/** `snug healthcheck`: 0 when the server of this data folder is alive; for containers, which have no other program in them. */
import type { Config } from "../config.ts";
import { loopbackOf } from "./addresses.ts";
import { runningServer } from "./data-folder.ts";

const PATIENCE_MS = 3_000;

export async function healthcheck(config: Config): Promise<number> {
  const url = runningServer(config.data)?.url ?? loopbackOf(config.host, config.port);
  try {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) return 0;
    process.stderr.write(`${url} answered ${answer.status}\n`);
  } catch {
    process.stderr.write(`No answer from ${url}\n`);
  }
  return 1;
}
