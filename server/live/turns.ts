/**
 * One piece of long work in each turn of the event loop, whoever waits longest first: a reader that keeps up, and a database in this process, would
 * make a thousand resumes one turn, and nobody else would be heard meanwhile. So would a thousand sockets that ask in the same turn, all of them level.
 */
export type Turns = {
  /** Resolves in a later turn, which nobody else has. */
  later(): Promise<void>;
  /** Resolves at once for the first few of a turn where nobody waits; else as `later` does. */
  soon(): Promise<void>;
};

const FEW = 8; // beginnings, each some questions to the database: together about a millisecond

export function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  let begun = 0; // in this turn
  const next = (): void => {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(next);
  };
  const later = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(next);
    });
  return {
    later,
    soon() {
      if (waiting.length > 0 || begun >= FEW) return later();
      if (begun === 0) setImmediate(() => (begun = 0));
      begun += 1;
      return Promise.resolve();
    },
  };
}
