/** Whom a message addresses: `@username` in its content, a member of the room; `@room` is everybody. Found when posted, never again. */
import { and, eq, gt, inArray, isNull, lte, sql } from "drizzle-orm";
import type { Read } from "../../db/store.ts";
import type { Chat } from "./chat.ts";
import { type MemberRow, readSeq } from "./views.ts";

const NAMES_MAX = 50; // more is a list, not an address
const pattern = /(?<![\w@.])@([a-z0-9][a-z0-9._-]{0,31})/giu;

/** The names after an @, folded; each also without the full stop or dash that ends a sentence. Linear in the length of the content. */
export function namesIn(content: string): string[] {
  if (!content.includes("@")) return [];
  const names = new Set<string>();
  for (const [, name = ""] of content.matchAll(pattern)) {
    names.add(name.toLowerCase());
    names.add(name.toLowerCase().replace(/[._-]+$/u, ""));
    if (names.size >= NAMES_MAX) break;
  }
  return [...names];
}

/** The ids of the members so named, and whether the whole room is. */
export async function mentioned(
  chat: Chat,
  place: { tenant_id: string; room_id: string },
  content: string,
): Promise<{ user_ids: string[]; everybody: boolean }> {
  const names = namesIn(content);
  if (names.length === 0) return { user_ids: [], everybody: false };
  const { t, read } = chat.store;
  const rows = await read
    .select({ id: t.users.id })
    .from(t.users)
    .innerJoin(t.members, and(eq(t.members.tenant_id, t.users.tenant_id), eq(t.members.user_id, t.users.id)))
    .where(
      and(eq(t.users.tenant_id, place.tenant_id), inArray(t.users.username, names), eq(t.members.room_id, place.room_id), isNull(t.members.left_at)),
    );
  return { user_ids: rows.map(({ id }) => id).sort(), everybody: names.includes("room") };
}

/** How many unread messages up to this one address this member: one that names them and the whole room is one. */
export async function mentionsOf(chat: Chat, read: Read, member: MemberRow, last_seq: number): Promise<number> {
  const { mentions } = chat.store.t;
  const [row] = await read
    .select({ count: sql<number>`count(distinct ${mentions.seq})`.mapWith(Number) })
    .from(mentions)
    .where(
      and(
        eq(mentions.tenant_id, member.tenant_id),
        eq(mentions.room_id, member.room_id),
        inArray(mentions.user_id, [member.user_id, "*"]),
        gt(mentions.seq, readSeq(member)),
        lte(mentions.seq, last_seq),
      ),
    );
  return row?.count ?? 0;
}
