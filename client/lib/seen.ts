/** Which messages were really seen: half a second in view while somebody looks. What leaves the view before that begins anew. */

export const SEEN_MS = 500;

type SeenParts = { now(): number; later(ms: number, run: () => void): () => void; tell(seq: number): void };

export function createSeen({ now, later, tell }: SeenParts) {
  let since = new Map<number, number>(); // by seq
  let cancel = (): void => {};

  const settle = (): void => {
    cancel();
    const due = [...since].filter(([, at]) => now() - at >= SEEN_MS).map(([seq]) => seq);
    if (due.length > 0) tell(Math.max(...due));
    const waiting = [...since.values()].filter((at) => now() - at < SEEN_MS);
    if (waiting.length > 0) cancel = later(Math.min(...waiting) + SEEN_MS - now(), settle);
  };

  return {
    /** The seqs that are in view now, while the page is visible and has the focus. */
    look(seqs: readonly number[]): void {
      since = new Map(seqs.map((seq) => [seq, since.get(seq) ?? now()]));
      settle();
    },
    /** Nobody looks: the page is hidden or another window has the focus. */
    away(): void {
      since = new Map();
      cancel();
    },
  };
}
