/** Where a visit to a room begins, which stretch of it must be asked for to begin there, and what belongs to a stretch. */
import type { Message, MessagePage } from "../../server/protocol.ts";
import type { ReadingPlace } from "../lib/places.ts";

/** Where a stretch is to be shown first. Without `top` a row stands a third down the pane. */
export type Opening = { at: "start" } | { at: "end" } | { at: "new" } | { at: "row"; seq: number; top?: number };
/** What brings the reader: an address of a message, or the place they were at. */
export type Errand = { seq?: number | null; place?: ReadingPlace | null };
export type Question = { around?: number; limit: number; opening: Opening };

export const PAGE = 50;
export const PAGE_MAX = 200;
const BEFORE_UNREAD = 20; // what was read last stands over the New line

/** What is asked first: around what one came for, else around the first unread where the newest page would not reach it. */
export function firstQuestion(acked_seq: number, unread: number, { seq, place: was }: Errand): Question {
  if (seq !== undefined && seq !== null) return { around: Math.max(1, seq), limit: PAGE, opening: { at: "row", seq } };
  if (was) return { around: was.seq, limit: 2 * PAGE, opening: { at: "row", ...was } };
  const limit = unread + BEFORE_UNREAD;
  if (limit > PAGE_MAX) return { around: acked_seq + 1, limit: 2 * PAGE, opening: { at: "new" } };
  return { limit, opening: { at: unread > 0 ? "new" : "end" } };
}

/** Whether a row that came by another road has its place on this page, or beyond it where nothing more follows. */
export const isWithin = ({ seq }: Message, { items, more_after: open }: MessagePage): boolean =>
  seq >= (items[0]?.seq ?? 1) && (!open || seq <= (items.at(-1)?.seq ?? 0));
