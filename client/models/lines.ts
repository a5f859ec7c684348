/** A room's lines in the order they are read: days, the New line, and one line for each message, stored or pending. */
import type { Message } from "../../server/protocol.ts";
import { dayKeyOf } from "../lib/dates.ts";
import type { Pending } from "./outbox.ts";

export type Post = { message: Message; entry?: undefined } | { entry: Pending; message?: undefined };
export type Line =
  | { kind: "day"; key: string; at: string }
  | { kind: "new"; key: "new" }
  /** Its key is what a post keeps when it is stored: so it keeps its place on the screen, node and all. */
  | { kind: "post"; key: string; post: Post; grouped: boolean };

export type Held = { stored: readonly Message[]; pending: readonly Pending[]; new_after: number | null; more_before: boolean };

const GROUP_MS = 300_000;

export function linesOf({ stored, pending, new_after, more_before }: Held): Line[] {
  const posts: Post[] = [...stored.map((message) => ({ message })), ...pending.map((entry) => ({ entry }))];
  const days = new Set<string>();
  return posts.flatMap((post, i): Line[] => {
    const before = posts[i - 1];
    const day = dayKeyOf(atOf(post));
    const isDay = !days.has(day);
    days.add(day);
    const isNew = isFirstNew(post, before, new_after, more_before);
    const grouped = !isDay && !isNew && before !== undefined && isOf(before, post);
    return [
      ...(isDay ? [{ kind: "day", key: `day ${day}`, at: atOf(post) } as const] : []),
      ...(isNew ? [{ kind: "new", key: "new" } as const] : []),
      { kind: "post", key: keyOf(post), post, grouped },
    ];
  });
}

/** Where pages are still missing above, the line stands only if it certainly belongs there. */
function isFirstNew({ message }: Post, before: Post | undefined, new_after: number | null, more_before: boolean): boolean {
  if (new_after === null || !message || message.seq <= new_after) return false;
  if (before?.message) return before.message.seq <= new_after;
  return !more_before || message.seq === new_after + 1;
}

const isOf = (before: Post, post: Post): boolean =>
  senderOf(before) === senderOf(post) && Math.abs(Date.parse(atOf(post)) - Date.parse(atOf(before))) < GROUP_MS;

export const atOf = ({ message, entry }: Post): string => (message ? message.created_at : new Date(entry.at).toISOString());
export const senderOf = ({ message, entry }: Post): string => (message ? message.sender_id : entry.user_id);
/** User ids may hold nearly anything, a space not among it. */
const keyOf = ({ message, entry }: Post): string => (message ? `${message.sender_id} ${message.client_id}` : `${entry.user_id} ${entry.client_id}`);
