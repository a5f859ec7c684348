/** Query strings and path pieces that several routes share. A number out of range is refused, never silently changed. */
import { t } from "elysia";
import { refuse } from "../chat/refusal.ts";
import { Id, PAGE_MAX } from "../protocol.ts";

/** Digits and nothing else: no sign, no space, no `1e3`. Fifteen of them stay below 2^53. */
export const digits = (pattern: string, minimum: number, maximum: number) =>
  t.Optional(t.Transform(t.String({ pattern, minimum, maximum })).Decode(Number).Encode(String));

const SEQ = "^\\d{1,15}$";
const LIMIT = "^([1-9]\\d?|1\\d\\d|200)$";
const SEQ_MAX = 999_999_999_999_999;
export const seq = digits(SEQ, 0, SEQ_MAX);
export const limit = digits(LIMIT, 1, PAGE_MAX);

/** The same as they came, for `numbered`: Elysia decodes each query twice, and what throws at the second time costs more than a page that is ready. */
export const seqText = t.Optional(t.String({ pattern: SEQ, minimum: 0, maximum: SEQ_MAX }));
export const limitText = t.Optional(t.String({ pattern: LIMIT, minimum: 1, maximum: PAGE_MAX }));
/** Where the page before ended: an id, or a channel's folded name. */
export const cursor = t.Optional(t.String({ pattern: "^[^\\u0000-\\u001f\\u007f]{1,128}$" }));
/** What somebody has typed of a name. */
export const q = t.Optional(t.String({ pattern: "^[^\\u0000-\\u001f\\u007f]{1,128}$" }));
/** At most 200 ids, with commas between. */
export const idsText = t.String({ maxLength: 26_000 });
export const listing = t.Object({ cursor, limit });
export const roomPlace = t.Object({ room_id: Id });
export const memberPlace = t.Object({ room_id: Id, user_id: Id });
export const messagePlace = t.Object({ room_id: Id, message_id: Id });

const IDS_MAX = 200;
const idForm = new RegExp(Id.pattern ?? "", "u");

/** The ids of such a text. Refuses `invalid`, naming `field`. */
export function idsIn(field: string, text: string): string[] {
  const ids = text.split(",");
  if (ids.length > IDS_MAX || !ids.every((id) => idForm.test(id))) refuse("invalid", { fields: [field] });
  return ids;
}

/** What was given, without what was not: an absent field is absent, never undefined. */
export function given<T extends object>(query: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}

const COUNTED = ["before_seq", "after_seq", "around_seq", "since_rev", "limit"] as const;
type Counted = (typeof COUNTED)[number];

/** A query whose places and size are numbers. */
export function numbered<T extends { [K in Counted]?: string }>(query: T): Omit<T, Counted> & { [K in Counted]?: number } {
  const { before_seq, after_seq, around_seq, since_rev, limit: size, ...others } = query;
  const texts = { before_seq, after_seq, around_seq, since_rev, limit: size };
  const numbers: { [K in Counted]?: number } = {};
  for (const name of COUNTED) if (texts[name] !== undefined) numbers[name] = Number(texts[name]);
  return { ...others, ...numbers };
}
