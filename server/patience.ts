/**
 * How long one waits for what others wrote. All who begin to wait within a quarter of the time share one timer, so that a thousand posts a second do
 * not leave thousands of them behind.
 */

type Waiters = { until: number; ends: Set<() => void> };

/** Each call runs `timeIsUp` after `ms` to five quarters of it, unless the function it gave is called before. */
export function createPatience(ms: number, now: () => number): (timeIsUp: () => void) => () => void {
  let latest: Waiters | null = null;
  const begin = (): Waiters => {
    const begun: Waiters = { until: now() + ms / 4, ends: new Set() };
    const end = (): void => begun.ends.forEach((timeIsUp) => timeIsUp());
    AbortSignal.timeout((ms * 5) / 4).addEventListener("abort", end, { once: true });
    return begun;
  };
  return (timeIsUp) => {
    if (!latest || now() >= latest.until) latest = begin();
    const { ends } = latest;
    const own = (): void => timeIsUp();
    ends.add(own);
    return () => void ends.delete(own);
  };
}
