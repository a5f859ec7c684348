/** Up to where members have their rooms, for built queries over `members` that join `rooms`. */
import { sql } from "drizzle-orm";
import { ackedSeq } from "../../db/spoken.ts";

export const acked = sql<number>`${sql.raw(ackedSeq("rooms", "members"))}`.mapWith(Number);
