/**
 * Who arrives leaves more behind in garbage than they will hold, and a server that then only listens would keep it for minutes: it is taken away
 * in the first quiet second after a thousand arrivals, the start's counting as they do, and once more in the second after that: what the first time has
 * ended gives back the memory that it held outside the heap only then.
 */

const ARRIVALS = 1_000;

/** `letGo` of what is kept only to be quick, and pack what stays: a page of memory is kept for one thing on it. */
export function createTidy(letGo: () => void): { arrived(): void; beat(): void } {
  let arrived = ARRIVALS;
  let before = 0;
  let again = false;
  const collect = (): void => {
    Bun.gc(true);
    Bun.shrink();
  };
  return {
    arrived: () => void (arrived += 1),
    beat() {
      const quiet = arrived === before;
      before = arrived;
      if (quiet && again) collect();
      again = quiet && arrived >= ARRIVALS;
      if (!again) return;
      arrived = before = 0;
      letGo();
      collect();
    },
  };
}
