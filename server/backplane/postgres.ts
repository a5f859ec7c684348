/**
 * The backplane of several processes over one Postgres. A bell is heard here in the turn in which it is rung, as in one process; to the others it
 * goes by NOTIFY, after the COMMIT it tells of and in a statement of its own: everything rung in one turn is one statement, one is under way, and the
 * next collects meanwhile.
 *
 * Where no other process listens nothing is said at all, and the first that comes is told that it may have missed something.
 *
 * What could not be said is forgotten, and the others are told so as soon as something can be said again: they look for themselves. So are we,
 * when this listener has been away. Nothing here is kept for long, and nobody ever waits for it.
 */
import { LINE_BYTES, type Line, type LineEars, openLine } from "../../db/postgres-line.ts";
import type { Backplane, Ears, Log } from "../chat/chat.ts";
import { textsOf, type Word, wordsOf } from "./parcels.ts";

const WAITING_MAX = 10_000; // words; a line so slow that more collect has lost its listeners anyway

type Self = {
  /** This process's own among all of them. */
  id: string;
  log: Log;
  /** Milliseconds that never go back; tests move them. */
  now?: () => number;
};

/** Resolves when it hears; rejects when Postgres is not there. */
export async function createPostgresBackplane(url: string, { id, log, now }: Self): Promise<Backplane> {
  const ears = new Set<Ears>();
  let waiting: Word[] = [];
  let saying: Promise<void> | null = null;
  let flushes = false; // in this turn

  const hear = (word: Word): void => {
    for (const ear of ears) {
      if ("room" in word) ear.room(word.room);
      else if ("user" in word) ear.user(word.user);
      else if ("notice" in word) ear.notice(word.notice);
      else ear.lost();
    }
  };

  const earsOfLine: LineEars = {
    heard(text) {
      const heard = wordsOf(text);
      if (!heard) hear({ lost: true });
      else if (heard.from !== id) heard.words.forEach(hear);
    },
    again() {
      log.warn("backplane.again");
      hear({ lost: true });
    },
    met: () => tellOthers({ lost: true }),
  };
  const line: Line = await openLine(url, earsOfLine, now);

  const sayAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const words = waiting;
      waiting = [];
      try {
        const texts = textsOf(id, words, LINE_BYTES);
        if (texts.length > 0) await line.say(texts);
      } catch (fault) {
        log.warn("backplane.unsaid", { words: words.length, why: String(fault) });
        waiting = [{ lost: true }];
        return; // goes with the next word, or the next look at the line
      }
    }
  };
  const flush = (): void => {
    flushes = false;
    saying ??= sayAll().finally(() => {
      saying = null;
    });
  };
  const tellOthers = (word: Word): void => {
    if (!line.isHeard()) return;
    if (waiting.length >= WAITING_MAX) waiting = [{ lost: true }];
    waiting.push(word);
    if (!flushes) setImmediate(flush);
    flushes = true;
  };
  const both = (word: Word): void => {
    hear(word);
    tellOthers(word);
  };

  return {
    ring: (bell) => both({ room: bell }),
    ringUser: (bell) => both({ user: bell }),
    tell: (notice) => both({ notice }),
    listen: (ear) => void ears.add(ear),
    async tend() {
      if (waiting.length > 0) flush();
      await line.check();
    },
    async close() {
      flush();
      await saying;
      ears.clear();
      await line.close();
    },
  };
}
