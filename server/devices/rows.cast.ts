/** A message as a device shows it, and as the model says it must be shown. */
import type { Message } from "../protocol.ts";
import type { answersTo, Said } from "./model.cast.ts";

export type Row = Pick<Said, "content" | "by" | "is_removed" | "liked" | "pinned"> & { is_edited: boolean; answered: ReturnType<typeof answersTo> };
export const rowOf = ({ content, sender_id, removed_at, edited_at, replies, reactions = [], pinned_by }: Message, bob_id: string): Row => ({
  pinned: pinned_by === undefined ? null : pinned_by === bob_id ? "bob" : "ann",
  answered: [replies?.count ?? 0, replies?.last_seq ?? 0],
  liked: reactions.flatMap(({ user_ids }) => user_ids.map((id) => (id === bob_id ? ("bob" as const) : ("ann" as const)))),
  ...{ content, by: sender_id === bob_id ? "bob" : "ann", is_removed: removed_at !== undefined },
  is_edited: removed_at === undefined && edited_at !== undefined,
});
export const saidRow = ({ content, by, is_removed, is_edited, liked, pinned }: Said, answered: Row["answered"]): Row => ({
  answered,
  pinned,
  content,
  by,
  is_removed,
  liked,
  is_edited: is_edited && !is_removed,
});
