/**
 * The last rows of a room, each as the text that was published: what a thousand sockets missed is asked for and written once. A row that has changed
 * since stands in it only as it is now, so nobody is told again what has been removed.
 */
import { revOf } from "../chat/since.ts";
import type { Row } from "../protocol.ts";
import { textOfRow } from "./texts.ts";

export type Tail = {
  /** The texts of all rows above `cursor`, in rev order; null when it does not reach back so far. */
  after(cursor: number): string[] | null;
  /** A row that has just been published. */
  push(row: Row): void;
  /** All rows from `cursor` up to where the tail began, as the database has them: from now on it begins at `cursor`. */
  unshift(cursor: number, rows: readonly Row[]): void;
  /** Above this rev it holds every row. */
  from(): number;
  /** UTF-16 units held. */
  size(): number;
};

type Entry = { rev: number; what: string; text: string };

const ROWS_MAX = 200; // as many as one question to the database gives

/** Begins empty: `from` is the rev of what was published last. */
export function createTail(from: number): Tail {
  let entries: Entry[] = [];
  let size = 0;
  let last_seq = 0;

  /** Over the bound the oldest go, and the tail begins later. */
  const trim = (): void => {
    while (entries.length > ROWS_MAX) {
      const oldest = entries.shift();
      from = oldest?.rev ?? from;
      size -= oldest?.text.length ?? 0;
    }
  };
  const isNew = (row: Row): boolean => row.type === "message" && row.message.seq > last_seq;
  const note = (row: Row): void => {
    if (row.type === "message") last_seq = Math.max(last_seq, row.message.seq);
  };

  return {
    from: () => from,
    size: () => size,
    after: (cursor) => (cursor < from ? null : entries.filter(({ rev }) => rev > cursor).map(({ text }) => text)),
    push(row) {
      const entry = entryOf(row);
      const former = isNew(row) ? -1 : entries.findIndex(({ what }) => what === entry.what);
      const [gone] = former < 0 ? [] : entries.splice(former, 1);
      entries.push(entry);
      size += entry.text.length - (gone?.text.length ?? 0);
      note(row);
      trim();
    },
    unshift(cursor, rows) {
      const known = new Set(entries.map(({ what }) => what)); // changed while they were read: they stand further on
      const older = rows.map(entryOf).filter(({ what }) => !known.has(what));
      entries = [...older, ...entries];
      from = cursor;
      size += older.reduce((sum, { text }) => sum + text.length, 0);
      rows.forEach(note);
      trim();
    },
  };
}

const entryOf = (row: Row): Entry => ({ rev: revOf(row), what: whatOf(row), text: textOfRow(row) });

/** The same for all states of one row. */
const whatOf = (row: Row): string =>
  row.type === "message" ? `message ${row.message.seq}` : row.type === "member" ? `member ${row.member.user_id}` : "room";
