/**
 * A line between the processes that share a Postgres database: what one says, all hear, itself included, by LISTEN and NOTIFY. It has two
 * connections of its own, so that neither waits behind the store's questions: one that only listens, one that only speaks.
 *
 * What is said while a listener is away is lost to it; `again` says when that may have been. A listener whose connection ends comes back by
 * itself; one whose connection has fallen silent without ending (a cut cable) is found by `check`, which says a word and waits to hear it.
 *
 * By the same words each knows whether there are others at all: who begins to listen says one at once, and who has not heard it before answers.
 */
import type { SQL } from "bun";
import { connectPostgres } from "./postgres-connection.ts";
import { makePool, within } from "./postgres-pool.ts";

export type Line = {
  /** Says each of these, in this order: in one statement of its own, so never inside a transaction that somebody waits for. Throws StoreAway. */
  say(texts: readonly string[]): Promise<void>;
  /** Finds out whether the line still carries; called about once a second. Never throws. */
  check(): Promise<void>;
  /** Whether another process may listen: false only where none was heard for as long as one that is there could be silent. */
  isHeard(): boolean;
  close(): Promise<void>;
};

export type LineEars = {
  heard(text: string): void;
  /** Listening again after a time in which it may have missed something. */
  again(): void;
  /** Somebody else is there, who was told nothing while nobody was. */
  met(): void;
};

/** The longest text that can be said, in bytes: Postgres refuses 8,000. */
export const LINE_BYTES = 7_999;

const CHANNEL = "snug";
const PULSE = "pulse ";
const DEAF_MS = 2_000; // a word takes a millisecond; a process that hangs so long has missed more than this
const SAY_LIMIT_MS = 2_000;
const ANSWERED_MS = 3_000; // all others have said a word within one second, asked or not
const SILENT_MS = 60_000; // whoever was heard once is believed to be there for so long
const KNOWN_MAX = 1_000;
const LONGEST_PAUSE_MS = 1_000;

/** Resolves when it listens; rejects when Postgres is not there. `now` never goes back. */
export async function openLine(url: string, ears: LineEars, now: () => number = () => performance.now()): Promise<Line> {
  const pulse = PULSE + crypto.randomUUID();
  const connectSpeaker = () => connectPostgres(url, { max: 1, statement_ms: SAY_LIMIT_MS, more: { synchronous_commit: "off" } }); // nothing said is stored
  const speaker = makePool(connectSpeaker(), connectSpeaker, { answer_ms: SAY_LIMIT_MS, under_way: 100 });
  let listener: SQL | null = null;
  let closed = false;
  let coming_back = false;
  let pulse_at: number | null = null; // when the word was said that has not been heard yet
  let alone_at = Infinity; // from when on nobody is believed to be there
  const known = new Set<string>(); // the others' words

  const heard = (text: string): void => {
    if (text === pulse) pulse_at = null;
    else if (text.startsWith(PULSE)) meet(text);
    else ears.heard(text);
  };
  const meet = (word: string): void => {
    const was_alone = now() >= alone_at;
    alone_at = now() + SILENT_MS;
    if (was_alone) ears.met();
    if (known.has(word)) return;
    if (known.size >= KNOWN_MAX) known.clear();
    known.add(word);
    void say([pulse]).catch(() => {}); // what is not said is not heard
  };

  const listen = async (): Promise<void> => {
    const made = connectPostgres(url, { max: 1, statement_ms: null, onclose: () => void (listener === made && comeBack()) });
    try {
      await within(SAY_LIMIT_MS, made.listen(CHANNEL, heard));
    } catch (fault) {
      void drop(made);
      throw fault;
    }
    if (closed) return drop(made);
    listener = made;
    pulse_at = null;
    alone_at = now() + (known.size === 0 ? ANSWERED_MS : SILENT_MS);
    void say([pulse]).catch(() => {});
  };

  /** The driver would come back by itself, with pauses that grow beyond what a member should wait. */
  const comeBack = async (): Promise<void> => {
    if (coming_back || closed) return;
    coming_back = true;
    const lost = listener;
    listener = null;
    if (lost) void drop(lost);
    for (let pause_ms = 20; !(await listens()); pause_ms = Math.min(2 * pause_ms, LONGEST_PAUSE_MS)) await Bun.sleep(pause_ms);
    coming_back = false;
    if (!closed) ears.again();
  };
  const listens = async (): Promise<boolean> => {
    try {
      if (!closed) await listen();
      return true;
    } catch {
      return false;
    }
  };

  const say = (texts: readonly string[]): Promise<void> =>
    speaker.answer(
      async (sql) => void (await sql.unsafe(`SELECT ${texts.map((_, i) => `pg_notify('${CHANNEL}', $${i + 1})`).join(", ")}`, [...texts])),
      () => true, // what is heard twice does no harm
    );

  try {
    await listen();
  } catch (fault) {
    await speaker.close();
    throw fault;
  }
  return {
    say,
    async check() {
      if (coming_back || closed) return;
      if (pulse_at !== null && now() - pulse_at >= DEAF_MS) {
        void comeBack();
        return;
      }
      pulse_at ??= now();
      await say([pulse]).catch(() => {}); // what is not said is not heard
    },
    isHeard: () => now() < alone_at,
    async close() {
      closed = true;
      if (listener) await drop(listener);
      await speaker.close();
    },
  };
}

async function drop(sql: SQL): Promise<void> {
  await sql.close({ timeout: 0 }).catch(() => {}); // nobody is left to be told
}
