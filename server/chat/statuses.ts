/** What somebody says of how they are. It ends by itself: views.ts tells none that has, so nothing need be swept. */
import type { PatchMe } from "../protocol.ts";
import { refuse } from "./refusal.ts";

const TEXT_POINTS = 100;
const ONE_EMOJI = /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic})$/v;

type Columns = { status_text: string | null; status_emoji: string | null; status_until: number | null };

/**
 * The columns of a status, or of none. Refuses `invalid` by field: an emoji that is not exactly one, a text that is too long or cannot be kept, an
 * end that lies behind us, and an end of nothing.
 */
export function statusOf(input: NonNullable<PatchMe["status"]> | null, now: number): Columns {
  if (input === null) return { status_text: null, status_emoji: null, status_until: null };
  const text = input.text?.trim() ?? "";
  const until = input.until === undefined ? null : Date.parse(input.until);
  const fields = [
    ...(input.emoji !== undefined && input.emoji !== "" && !ONE_EMOJI.test(input.emoji) ? ["status.emoji"] : []),
    ...(isWritable(text) ? [] : ["status.text"]),
    ...(until !== null && !(until > now) ? ["status.until"] : []),
  ];
  if (text === "" && !input.emoji) fields.push("status");
  if (fields.length > 0) refuse("invalid", { fields });
  return { status_text: text || null, status_emoji: input.emoji || null, status_until: until };
}

/** One line of at most a hundred characters, as people count them. */
const isWritable = (text: string): boolean => [...text].length <= TEXT_POINTS && text.isWellFormed() && !/\p{Cc}/u.test(text);
