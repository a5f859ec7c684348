/** What is true of bob's rooms, by the plainest rules there are: what was said, whether he is in, up to where he has read. */

export type Said = {
  content: string;
  by: "ann" | "bob";
  addressed: boolean;
  is_edited: boolean;
  is_removed: boolean;
  liked: readonly ("ann" | "bob")[];
  /** The seq of the message it answers. */
  answers: number | null;
  pinned: "ann" | "bob" | null;
};
/** `pins`: the seqs of what is pinned, the newest pin first. `ann_seq`: up to where ann has read. */
export type Kept = {
  readonly id: string;
  is_in: boolean;
  acked_seq: number;
  marked_seq: number | null;
  ann_seq: number;
  said: Said[];
  pins: readonly number[];
};
/** Written on a device that hears nothing: `is_stored` says whether it got through all the same. */
export type Written = { kept: Kept; content: string; is_stored: boolean };

/** Whether a new message is for bob: `@room` is, whoever wrote it, his own name only from others. */
export const isAddressed = (content: string, by: Said["by"]): boolean => content.includes("@room") || (by === "ann" && content.includes("@bob"));

export const postIn = (kept: Kept, by: Said["by"], content: string, answers: number | null = null): void => {
  kept.said.push({
    content,
    by,
    addressed: kept.is_in && isAddressed(content, by),
    is_edited: false,
    is_removed: false,
    liked: [],
    answers,
    pinned: null,
  });
  if (by === "bob" && kept.acked_seq === kept.said.length - 1) kept.acked_seq += 1;
  if (by === "ann" && kept.ann_seq === kept.said.length - 1) kept.ann_seq += 1;
};

export const editIn = (kept: Kept, seq: number, content: string): void => change(kept, seq, { content, is_edited: true });
export const removeIn = (kept: Kept, seq: number): void => {
  change(kept, seq, { content: "", is_removed: true, addressed: false, liked: [], pinned: null });
  kept.pins = kept.pins.filter((one) => one !== seq);
};

function change(kept: Kept, seq: number, to: Partial<Said>): void {
  kept.said = kept.said.map((said, i) => (i === seq - 1 ? { ...said, ...to } : said));
}

/** How many have answered a message, and the seq of the last of them. Tombstones are no answers. */
export function answersTo({ said }: Kept, seq: number): readonly [count: number, last_seq: number] {
  const seqs = said.flatMap(({ answers, is_removed }, i) => (answers === seq && !is_removed ? [i + 1] : []));
  return [seqs.length, seqs.at(-1) ?? 0];
}

/** Given, or taken back by who has given it. */
export const likeIn = (kept: Kept, seq: number, by: Said["by"]): void => {
  const liked = kept.said[seq - 1]?.liked ?? [];
  change(kept, seq, { liked: liked.includes(by) ? liked.filter((one) => one !== by) : [...liked, by] });
};

/** Pinned, or taken off by whoever it is. */
export const pinIn = (kept: Kept, seq: number, by: "ann" | "bob"): void => {
  const isPinned = kept.pins.includes(seq);
  kept.pins = isPinned ? kept.pins.filter((one) => one !== seq) : [seq, ...kept.pins];
  change(kept, seq, { pinned: isPinned ? null : by });
};

/** What has been read up to here is read with all before it: a mark goes by what is new. */
export const readIn = (kept: Kept, seq: number): void => {
  if (!kept.is_in || seq <= kept.acked_seq) return;
  kept.acked_seq = seq;
  kept.marked_seq = null;
};
/** What was marked is read again, up to here. */
export const rereadIn = (kept: Kept, seq: number): void => {
  if (!kept.is_in || kept.marked_seq === null || kept.marked_seq > seq) return;
  kept.marked_seq = seq < kept.acked_seq ? seq + 1 : null;
};
/** What lies before a mark is read. */
export const markIn = (kept: Kept, seq: number): void => {
  if (!kept.is_in) return;
  kept.marked_seq = seq > kept.acked_seq ? null : seq;
  kept.acked_seq = Math.max(kept.acked_seq, seq - 1);
};
const readSeqOf = ({ acked_seq, marked_seq }: Kept): number => (marked_seq === null ? acked_seq : Math.min(acked_seq, marked_seq - 1));

/** Who comes in has read what was said before. */
export const enter = (kept: Kept): void => {
  if (!kept.is_in) Object.assign(kept, { acked_seq: kept.said.length, marked_seq: null });
  kept.is_in = true;
};

/** How the room stands in a list of bob's. */
export const standing = (kept: Kept) => ({
  id: kept.id,
  member_count: kept.is_in ? 2 : 1, // ann is always there
  last_seq: kept.said.length,
  acked_seq: kept.acked_seq,
  marked_seq: kept.marked_seq,
  unread: kept.said.length - readSeqOf(kept),
  unread_mentions: kept.said.filter(({ addressed }, i) => addressed && i + 1 > readSeqOf(kept)).length,
});
export type Standing = ReturnType<typeof standing>;
