/** A room's lines in the order they are read: days, the New line, folded tombstones, and one line for each message, stored or pending. */
import type { Message } from "../../server/protocol.ts";
import { dayKeyOf } from "../lib/dates.ts";
import type { Pending } from "./outbox.ts";

export type Post = { message: Message; entry?: undefined } | { entry: Pending; message?: undefined };
export type Line =
  | { kind: "day"; key: string; at: string }
  | { kind: "new"; key: "new" }
  /** Between what is held and what was just written, rows are missing. */
  | { kind: "gap"; key: "gap" }
  /** Who came and went here; it says so once their names are known. */
  | { kind: "moves"; key: string; at: string; says: (namesOf: (ids: readonly string[]) => string[]) => string }
  /** Who has seen the message above. */
  | { kind: "seen"; key: "seen"; by: readonly string[] }
  | { kind: "fold"; key: string; count: number; seq: number }
  /** Its key is what a post keeps when it is stored: so it keeps its place on the screen, node and all. */
  | { kind: "post"; key: string; post: Post; grouped: boolean };

export type Held = {
  stored: readonly Message[];
  pending: readonly Pending[];
  new_after: number | null;
  more_before: boolean;
  more_after: boolean;
};

const GROUP_MS = 300_000;
const FOLD_FROM = 3;

export function linesOf({ stored, pending, new_after, more_before, more_after }: Held): Line[] {
  const posts: Post[] = [...stored.map((message) => ({ message })), ...pending.map((entry) => ({ entry }))];
  const days = new Set<string>();
  const lines = posts.flatMap((post, i): Line[] => {
    const before = posts[i - 1];
    const day = dayKeyOf(atOf(post));
    const isDay = !days.has(day);
    days.add(day);
    const isNew = isFirstNew(post, before, new_after, more_before);
    const isGap = more_after && post.entry !== undefined && before?.entry === undefined;
    const grouped = !isDay && !isNew && !isGap && before !== undefined && isOf(before, post);
    return [
      ...(isGap ? [{ kind: "gap", key: "gap" } as const] : []),
      ...(isDay ? [{ kind: "day", key: `day ${day}`, at: atOf(post) } as const] : []),
      ...(isNew ? [{ kind: "new", key: "new" } as const] : []),
      { kind: "post", key: keyOf(post), post, grouped },
    ];
  });
  return folded(lines);
}

/** Where pages are still missing above, the line stands only if it certainly belongs there. */
function isFirstNew({ message }: Post, before: Post | undefined, new_after: number | null, more_before: boolean): boolean {
  if (new_after === null || !message || message.seq <= new_after) return false;
  if (before?.message) return before.message.seq <= new_after;
  return !more_before || message.seq === new_after + 1;
}

/** An answer to somebody stands by itself, and so does what follows a tombstone. */
const isOf = (before: Post, post: Post): boolean =>
  senderOf(before) === senderOf(post) &&
  !isReply(post) &&
  !isRemoved(before) &&
  Math.abs(Date.parse(atOf(post)) - Date.parse(atOf(before))) < GROUP_MS;

const isReply = ({ message, entry }: Post): boolean => typeof (message ? message.reply_to : entry.reply_to) === "string";
const isRemoved = ({ message }: Post): boolean => message?.removed_at !== undefined;

/** Three tombstones in a row, or more, are one line. It is named by its first: so it stays while others join it below. */
function folded(lines: readonly Line[]): Line[] {
  const out: Line[] = [];
  let run: Line[] = [];
  const close = (): void => {
    const [first, last] = [run[0], run.at(-1)];
    if (run.length >= FOLD_FROM && first && last?.kind === "post") {
      out.push({ kind: "fold", key: `fold ${first.key}`, count: run.length, seq: last.post.message?.seq ?? 0 });
    } else out.push(...run);
    run = [];
  };
  for (const line of lines) {
    if (line.kind === "post" && isRemoved(line.post)) run.push(line);
    else {
      close();
      out.push(line);
    }
  }
  close();
  return out;
}

export const atOf = ({ message, entry }: Post): string => (message ? message.created_at : new Date(entry.at).toISOString());
export const senderOf = ({ message, entry }: Post): string => (message ? message.sender_id : entry.user_id);
/** User ids may hold nearly anything, a space not among it. */
const keyOf = ({ message, entry }: Post): string => (message ? `${message.sender_id} ${message.client_id}` : `${entry.user_id} ${entry.client_id}`);
