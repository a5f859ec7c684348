/**
 * Rows kept in memory between the works of one SQLite writer, so that what every batch of posts asks again is asked once. They are true because the
 * writer is alone: whatever it runs that writes their table forgets them, unless it says that it keeps them itself; so does whatever is taken back;
 * and another process' commit is seen at the beginning of the next work, when its turn to write is over.
 */
import type { KeptTable } from "./store.ts";

const KEPT_MAX = 8_192; // some 500 bytes each; beyond them all are read again

export type KeptRows = {
  /** A transaction has begun: until its end nobody else commits. */
  begun(): void;
  rowsOf<Row>(table: KeptTable): Map<string, Row>;
  /** This statement is about to be run, whatever it does. */
  written(text: string): void;
  forget(): void;
};

/** `version` changes when another process has committed; it is asked inside a transaction. */
export function keepRows(version: () => unknown): KeptRows {
  const rows = new Map<string, unknown>();
  const writes = new Map<string, boolean>(); // texts, as many as there are prepared statements
  let seen: unknown = null;
  let isSeen = false; // in this transaction

  const isWrite = (text: string): boolean => {
    let found = writes.get(text);
    if (found === undefined) {
      if (writes.size >= TEXTS_MAX) writes.clear();
      writes.set(text, (found = WRITES.test(text)));
    }
    return found;
  };

  const look = (): void => {
    const now = version();
    if (now !== seen || rows.size >= KEPT_MAX) rows.clear();
    seen = now;
    isSeen = true;
  };

  return {
    begun: () => void (isSeen = false),
    rowsOf<Row>() {
      if (!isSeen) look();
      return rows as Map<string, Row>; // one table, whose author vouches for its rows
    },
    written: (text) => void (rows.size > 0 && isWrite(text) && rows.clear()),
    forget: () => rows.clear(),
  };
}

const TEXTS_MAX = 500;
/** Any statement that is more than a question and names the table. */
const WRITES = /^(?!\s*select\b)[^]*\brooms\b/iu;
