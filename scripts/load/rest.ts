/**
 * A generator that never rests takes all of its core, and then it is the generator that is measured. So everybody is asked for 100 ms and nobody for
 * the next 40: what a thing costs the server is told per second of its processor time, which does not count the rest.
 */

const WORK_MS = 100;
const REST_MS = 40;

/** How long the rest still lasts; 0 while there is none. */
export function restLeft(): number {
  const at = performance.now() % (WORK_MS + REST_MS);
  return at < WORK_MS ? 0 : WORK_MS + REST_MS - at;
}

/** Does it now, or when the rest is over. */
export function rested(act: () => void): void {
  const left = restLeft();
  if (left === 0) act();
  else setTimeout(act, left);
}
