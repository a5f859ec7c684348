/** Query strings and path pieces that several routes share. A number out of range is refused, never silently changed. */
import { t } from "elysia";
import { Id, PAGE_MAX } from "../protocol.ts";

export const seq = t.Optional(t.Numeric({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, multipleOf: 1 }));
export const limit = t.Optional(t.Numeric({ minimum: 1, maximum: PAGE_MAX, multipleOf: 1 }));
export const listing = t.Object({ cursor: t.Optional(t.String({ maxLength: 128 })), limit });
export const roomPlace = t.Object({ room_id: Id });
export const memberPlace = t.Object({ room_id: Id, user_id: Id });
export const messagePlace = t.Object({ room_id: Id, message_id: Id });

/** What was given, without what was not: an absent field is absent, never undefined. */
export function given<T extends object>(query: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
