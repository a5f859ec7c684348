/** Up to where a room counts as read. */
import type { Mine } from "../../server/protocol.ts";

/** What has been acked, but for what was marked unread since. */
export const readUpTo = ({ acked_seq, marked_seq = Number.POSITIVE_INFINITY }: Pick<Mine, "acked_seq" | "marked_seq">): number =>
  Math.min(acked_seq, marked_seq - 1);
