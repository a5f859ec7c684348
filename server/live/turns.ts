/**
 * One piece of long work in each turn of the event loop, whoever waits longest first: a reader that keeps up, and a database in this process, would
 * make a thousand resumes one turn, and nobody else would be heard meanwhile.
 */

/** Gives a function that resolves in a later turn, which nobody else has. */
export function createTurns(): () => Promise<void> {
  const waiting: (() => void)[] = [];
  const next = (): void => {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(next);
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(next);
    });
}
