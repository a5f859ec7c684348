/** The loops, and the only timers of the server. A loop never overlaps itself, and one that fails is logged and comes again. */

export type Loop = { name: string; every_ms: number; run: () => Promise<void> | void };

export type Work = {
  /** Begins no further run; resolves when those under way have ended. */
  stop(): Promise<void>;
};

export type WorkEars = {
  /** A run has ended, whether well or not. */
  ended(name: string): void;
  failed(name: string, fault: unknown): void;
};

/** Runs each loop for the first time after its `every_ms`. A run that takes longer than that misses its next turns. */
export function startWork(loops: readonly Loop[], ears: WorkEars): Work {
  const stops = loops.map((loop) => startLoop(loop, ears));
  return { stop: async () => void (await Promise.all(stops.map((stop) => stop()))) };
}

function startLoop(loop: Loop, ears: WorkEars): () => Promise<void> {
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    running ??= runOnce(loop, ears).finally(() => {
      running = null;
    });
  }, loop.every_ms);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

async function runOnce({ name, run }: Loop, ears: WorkEars): Promise<void> {
  try {
    await run();
  } catch (fault) {
    ears.failed(name, fault);
  }
  ears.ended(name);
}
