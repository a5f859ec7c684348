/** Signals, and what nobody caught. */
import type { Chat } from "../chat/chat.ts";

/**
 * Resolves at the first SIGTERM or SIGINT; the second ends the process at once. Ask before anything else is done: as PID 1 a signal that nobody
 * listens for is ignored.
 */
export function signalled(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let heard = false;
  const hear = (): void => {
    if (heard) process.exit(1);
    heard = true;
    resolve();
  };
  process.on("SIGTERM", hear);
  process.on("SIGINT", hear);
  return promise;
}

const FAULTS_MAX = 20;
const WITHIN_MS = 60_000;

/** From now on a fault that nobody caught is logged, counted and survived; twenty within a minute are a broken world, and end the process. */
export function surviveFaults(chat: Pick<Chat, "log" | "metrics" | "now">): void {
  const survive = survivor(chat, () => process.exit(1));
  process.on("uncaughtException", survive);
  process.on("unhandledRejection", survive);
}

/** Takes each fault as it comes; `end` is called when it is one too many. */
export function survivor({ log, metrics, now }: Pick<Chat, "log" | "metrics" | "now">, end: () => void): (fault: unknown) => void {
  let recent: number[] = [];
  return (fault) => {
    recent = [...recent.filter((at) => at > now() - WITHIN_MS), now()];
    metrics.count("snug_faults_total");
    log.error("uncaught", fault);
    if (recent.length >= FAULTS_MAX) end();
  };
}
