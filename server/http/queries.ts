/** Query strings and path pieces that several routes share. A number out of range is refused, never silently changed. */
import { t } from "elysia";
import { refuse } from "../chat/refusal.ts";
import { Id, PAGE_MAX } from "../protocol.ts";

/** Digits and nothing else: no sign, no space, no `1e3`. Fifteen of them stay below 2^53. */
export const digits = (pattern: string, minimum: number, maximum: number) =>
  t.Optional(t.Transform(t.String({ pattern, minimum, maximum })).Decode(Number).Encode(String));

export const seq = digits("^\\d{1,15}$", 0, 999_999_999_999_999);
export const limit = digits("^([1-9]\\d?|1\\d\\d|200)$", 1, PAGE_MAX);
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
