/** What is true of bob's rooms, by the plainest rules there are: what was said, whether he is in, up to where he has read. */

export type Said = { content: string; by: "ann" | "bob"; addressed: boolean; is_edited: boolean; is_removed: boolean };
export type Kept = { readonly id: string; is_in: boolean; acked_seq: number; said: Said[] };
/** Written on a device that hears nothing: `is_stored` says whether it got through all the same. */
export type Written = { kept: Kept; content: string; is_stored: boolean };

/** Whether a new message is for bob: `@room` is, whoever wrote it, his own name only from others. */
export const isAddressed = (content: string, by: Said["by"]): boolean => content.includes("@room") || (by === "ann" && content.includes("@bob"));

export const postIn = (kept: Kept, by: Said["by"], content: string): void => {
  kept.said.push({ content, by, addressed: kept.is_in && isAddressed(content, by), is_edited: false, is_removed: false });
  if (by === "bob" && kept.acked_seq === kept.said.length - 1) kept.acked_seq += 1;
};

export const editIn = (kept: Kept, seq: number, content: string): void => change(kept, seq, { content, is_edited: true });
export const removeIn = (kept: Kept, seq: number): void => change(kept, seq, { content: "", is_removed: true, addressed: false });

function change(kept: Kept, seq: number, to: Partial<Said>): void {
  kept.said = kept.said.map((said, i) => (i === seq - 1 ? { ...said, ...to } : said));
}

export const readIn = (kept: Kept, seq: number): void => {
  if (kept.is_in) kept.acked_seq = Math.max(kept.acked_seq, seq);
};

/** Who comes in has read what was said before. */
export const enter = (kept: Kept): void => {
  if (!kept.is_in) kept.acked_seq = kept.said.length;
  kept.is_in = true;
};

/** How the room stands in a list of bob's. */
export const standing = ({ id, is_in, acked_seq, said }: Kept) => ({
  id,
  member_count: is_in ? 2 : 1, // ann is always there
  last_seq: said.length,
  acked_seq,
  unread: said.length - acked_seq,
  unread_mentions: said.filter(({ addressed }, i) => addressed && i + 1 > acked_seq).length,
});
export type Standing = ReturnType<typeof standing>;
