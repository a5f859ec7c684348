/** Watches one room's rows for a hole in seq: another instance's row may be a moment behind, a lost one must be asked for. */
import type { Message } from "../../server/protocol.ts";

const GAP_MS = 1_000;

export type GapParts = {
  stored(): readonly Message[];
  /** The seq that the first of them must have; null where more stands before them. */
  begins(): number | null;
  later(ms: number, run: () => void): () => void;
  /** Asks the room's stream for everything after this rev, so that missed edits come too. */
  resume(rev: number): void;
  /** The last road: rows after this seq, put among those held; false when there are none. */
  read(after_seq: number): Promise<boolean>;
};

export type Gap = ReturnType<typeof createGap>;

export function createGap({ stored, begins, later, resume, read }: GapParts) {
  let rev: number | null = null; // the cursor as it was when the open gap appeared
  let resumed = false; // the open gap has been asked for once
  let cancel: (() => void) | null = null;

  /** The seq after which a row is missing, or null. */
  const gap = (): number | null => {
    const held = stored();
    const [first, begun] = [held[0], begins()];
    if (first && begun !== null && first.seq > begun) return begun - 1;
    const at = held.findIndex((message, i) => i > 0 && message.seq !== (held[i - 1]?.seq ?? 0) + 1);
    return at === -1 ? null : (held[at - 1]?.seq ?? null);
  };
  const mend = (): void => {
    if (gap() === null || rev === null) return;
    if (resumed) return void fill();
    resumed = true;
    resume(rev);
  };
  const fill = async (): Promise<void> => {
    for (let after = gap(); after !== null; after = gap()) {
      if (!(await read(after)) || gap() === after) return;
    }
  };

  return {
    /** Where the stream was whole before the open gap; null when none is open. */
    rev: () => rev,
    /** To be called after each row; `before` is the cursor before it. One that stays open for a second is asked for. */
    mind(before: number | null): void {
      if (gap() === null) {
        rev = null;
        resumed = false;
        cancel?.();
        cancel = null;
        return;
      }
      rev ??= before;
      cancel ??= later(GAP_MS, () => {
        cancel = null;
        mend();
      });
    },
    mend,
    forget(): void {
      rev = null;
    },
  };
}
