/**
 * Stopping, in the one order that loses nothing that was replied: refuse what is new, let what has begun commit and be answered, tell everybody to
 * come back, close. What is not answered by then was not replied either, and its sender asks again.
 */
import type { App } from "../app.ts";
import type { Live } from "../live/live.ts";
import type { Work } from "../work.ts";

const ANSWER_MS = 500; // for requests still under way when the sockets have gone
const PATIENCE_MS = 10_000; // for all of it: whoever stops us sends SIGKILL at some time, and nothing then is orderly

export async function stopServing({ app, live, work, ops }: { app: App; live: Live; work: Work; ops: { stop(): void } | null }): Promise<void> {
  void Bun.sleep(PATIENCE_MS).then(() => process.exit(1));
  await live.drain();
  const isAnswering = (): boolean => (app.server?.pendingRequests ?? 0) > 0;
  for (const until = performance.now() + ANSWER_MS; isAnswering() && performance.now() < until;) await Bun.sleep(5);
  await app.server?.stop(true);
  ops?.stop();
  await work.stop();
}
