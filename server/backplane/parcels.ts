/**
 * What instances say to each other, as texts of a bounded length. Rows travel inside their bell when they fit; a bell whose rows do not is split
 * between rows, and a row that is too large for any text is told by its rev alone: whoever has that room open reads it.
 */
import type { Bell, Notice, UserBell } from "../chat/chat.ts";
import { revOf } from "../chat/since.ts";

export type Word = { room: Bell } | { user: UserBell } | { notice: Notice } | { lost: true };

/** Beyond this many bytes of rows in one flush reading them costs less than carrying them. */
const CARRIED_BYTES = 64 << 10;

/** The texts, each of at most `max_bytes`, that carry these words in this order; `from` names the sender. A notice too large for a text is dropped. */
export function textsOf(from: string, words: readonly Word[], max_bytes: number): string[] {
  const head = `[${JSON.stringify(from)}`;
  const room_bytes = max_bytes - head.length - 1; // of the closing bracket
  const texts: string[] = [];
  let text = head;
  let bytes = 0;
  let carried = 0;
  for (const word of words) {
    for (const part of partsOf(word, room_bytes, carried < CARRIED_BYTES)) {
      const more = Buffer.byteLength(part);
      if (more > room_bytes) continue; // a notice: passing, and nobody waits for it
      if (bytes + more > room_bytes) {
        texts.push(`${text}]`);
        text = head;
        bytes = 0;
      }
      text += part;
      bytes += more;
      carried += more;
    }
  }
  return bytes === 0 ? texts : [...texts, `${text}]`];
}

/** Null for a text that is not of our making: an instance of another version may say what this one does not understand. */
export function wordsOf(text: string): { from: string; words: Word[] } | null {
  try {
    const [from, ...words]: [string, ...Word[]] = JSON.parse(text); // said by textsOf, in a database that only instances of Snug write to
    return typeof from === "string" && words.every(isWord) ? { from, words } : null;
  } catch {
    return null;
  }
}

const isWord = (word: unknown): boolean =>
  typeof word === "object" && word !== null && ("room" in word || "user" in word || "notice" in word || "lost" in word);

/** Each with the comma before it. */
function partsOf(word: Word, room_bytes: number, carries: boolean): string[] {
  if (!("room" in word) || !("rows" in word.room)) return [`,${JSON.stringify(word)}`];
  const { rows, ...place } = word.room;
  const last = rows.at(-1);
  if (!last) return [];
  if (!carries) return [bare(place, revOf(last))];
  const open = `,{"room":{${JSON.stringify(place).slice(1, -1)},"rows":[`;
  const close = "]}}";
  const most = room_bytes - Buffer.byteLength(open + close);
  const parts: string[] = [];
  let run: string[] = [];
  let bytes = 0;
  const end = (): void => {
    if (run.length > 0) parts.push(open + run.join(",") + close);
    run = [];
    bytes = 0;
  };
  for (const row of rows) {
    const text = JSON.stringify(row);
    const more = Buffer.byteLength(text) + 1; // its comma
    if (bytes + more > most) end();
    if (more > most) parts.push(bare(place, revOf(row)));
    else {
      run.push(text);
      bytes += more;
    }
  }
  end();
  return parts;
}

const bare = (place: { tenant_id: string; room_id: string }, rev: number): string => `,${JSON.stringify({ room: { ...place, rev } })}`;
