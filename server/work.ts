/** The loops, and the only timers of the server. A loop never overlaps itself; one that fails is logged and comes again; stopping waits for what runs. */
import type { Log } from "./chat/chat.ts";

export type Loop = { name: string; every_ms: number; run: () => Promise<void> | void };
export type Work = { stop(): Promise<void> };

export function startWork(loops: readonly Loop[], parts: { log: Log; ended: (name: string) => void }): Work {
  const stops = loops.map((loop) => startLoop(loop, parts));
  return { stop: async () => void (await Promise.all(stops.map((stop) => stop()))) };
}

function startLoop({ name, every_ms, run }: Loop, { log, ended }: { log: Log; ended: (name: string) => void }): () => Promise<void> {
  let running: Promise<void> | null = null;
  const once = async (): Promise<void> => {
    try {
      await run();
    } catch (fault) {
      log.error("loop.failed", fault, { loop: name });
    }
    ended(name);
  };
  const timer = setInterval(() => {
    running ??= once().finally(() => {
      running = null;
    });
  }, every_ms);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
