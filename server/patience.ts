/**
 * How long one waits for what others wrote. All who begin to wait within a quarter of the time share one end of it, so that a thousand posts a second
 * do not leave thousands of timers behind.
 */

/** Each call resolves after `ms` to five quarters of it. */
export function createPatience(ms: number, now: () => number): () => Promise<void> {
  let shared: { until: number; end: Promise<void> } | null = null;
  return () => {
    if (!shared || now() >= shared.until) shared = { until: now() + ms / 4, end: ended((ms * 5) / 4) };
    return shared.end;
  };
}

const ended = (ms: number): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  AbortSignal.timeout(ms).addEventListener("abort", () => resolve(), { once: true });
  return promise;
};
