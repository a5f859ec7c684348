/** `snug healthcheck`: 0 when the server of this data folder is alive; for containers, which have no other program in them. */
import type { Config } from "../config.ts";
import { runningServer } from "./running.ts";

export async function healthcheck(config: Config): Promise<number> {
  const url = runningServer(config.data)?.url ?? `http://127.0.0.1:${config.port}`;
  try {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(3_000) });
    return answer.ok ? 0 : 1;
  } catch {
    process.stderr.write(`No answer from ${url}\n`);
    return 1;
  }
}
