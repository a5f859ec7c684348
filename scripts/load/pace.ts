/** Doing something at fixed times, to a fraction of a millisecond: a timer alone comes up to 1 ms late, which is what is to be measured. */

const SPIN_MS = 2;

/** Calls `act` `per_second` times a second with the time it should have been, until told to stop. A late one is not left out. */
export function startPace(per_second: number, act: (at: number) => void): { stop(): Promise<void> } {
  const state = { going: true };
  const run = async (): Promise<void> => {
    const start = performance.now();
    for (let beat = 1; state.going; beat += 1) {
      const at = start + (beat * 1_000) / per_second;
      await until(at);
      if (state.going) act(at);
    }
  };
  const ended = run();
  return {
    async stop() {
      state.going = false;
      await ended;
    },
  };
}

async function until(at: number): Promise<void> {
  const early = at - performance.now() - SPIN_MS;
  if (early > 0) await Bun.sleep(early);
  while (performance.now() < at) await new Promise<void>((resolve) => setImmediate(resolve)); // what comes meanwhile is heard
}
