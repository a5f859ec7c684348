/** How many have answered a message: counted when it is read, by one query for a page, so that an answer costs its sender nothing. */
import { and, count, eq, gte, inArray, isNull, lte, max, min } from "drizzle-orm";
import type { Message, Replies } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { given, prepared } from "./prepared.ts";
import { at, messageView, type TellingRow } from "./views.ts";

const SHOWN = 3; // of those who answered

/** These rows of one room as they are told, each with what was answered to it. Asks no right: only for rows that the asker may read. */
export async function withReplies(chat: Chat, { room_id }: { room_id: string }, rows: readonly TellingRow[]): Promise<Message[]> {
  const answered = await repliesTo(
    chat,
    room_id,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => {
    const replies = answered.get(row.id);
    return replies ? { ...messageView(row), replies } : messageView(row);
  });
}

async function repliesTo(chat: Chat, room_id: string, ids: readonly string[]): Promise<Map<string, Replies>> {
  const found = SIZES.find(({ most }) => ids.length <= most) ?? SIZES[SIZES.length - 1];
  if (!found || ids.length === 0) return new Map();
  if (ids.length > 1 && (await someReplies(chat, { room_id, ...ends(ids) })).length === 0) return new Map();
  const shares = await found.find(chat, { room_id, ...Object.fromEntries(places(found.most).map((place, i) => [place, ids[i] ?? ids[0] ?? ""])) });
  const byMessage = Map.groupBy(shares, ({ reply_to }) => reply_to ?? "");
  return new Map([...byMessage].map(([id, shares]) => [id, summed(shares)]));
}

/** Most pages have no thread: whether there is any answer to an id between these two is one step in the index, and each of fifty ids is one too. */
const someReplies = prepared(({ read, t: { messages } }) =>
  read
    .select({ reply_to: messages.reply_to })
    .from(messages)
    .where(and(eq(messages.room_id, given("room_id")), gte(messages.reply_to, given("first_id")), lte(messages.reply_to, given("last_id"))))
    .limit(1)
    .prepare("some_replies"),
);

function ends(ids: readonly string[]): { first_id: string; last_id: string } {
  let [first_id = "", last_id = ""] = [ids[0], ids[0]];
  for (const id of ids) {
    if (id < first_id) first_id = id;
    if (id > last_id) last_id = id;
  }
  return { first_id, last_id };
}

type Share = { sender_id: string; count: number; first_seq: number | null; last_seq: number | null; last_at: number | null };

function summed(shares: readonly Share[]): Replies {
  const inOrder = shares.toSorted((a, b) => (a.first_seq ?? 0) - (b.first_seq ?? 0));
  return {
    count: shares.reduce((sum, share) => sum + share.count, 0),
    last_seq: Math.max(...shares.map(({ last_seq }) => last_seq ?? 0)),
    last_at: at(Math.max(...shares.map(({ last_at }) => last_at ?? 0))),
    user_ids: inOrder.slice(0, SHOWN).map(({ sender_id }) => sender_id),
  };
}

/** Pages come in few sizes: such a query is built once, for at most so many, and asked for the first of them again in the places left over. */
const SIZES = [1, 50, 100, 200].map((most) => ({
  most,
  find: prepared(({ read, t: { messages } }) =>
    read
      .select({
        reply_to: messages.reply_to,
        sender_id: messages.sender_id,
        count: count(),
        first_seq: min(messages.seq),
        last_seq: max(messages.seq),
        last_at: max(messages.created_at),
      })
      .from(messages)
      .where(and(eq(messages.room_id, given("room_id")), inArray(messages.reply_to, places(most).map(given)), isNull(messages.removed_at)))
      .groupBy(messages.reply_to, messages.sender_id)
      .prepare(`replies_${most}`),
  ),
}));

function places(most: number): string[] {
  return Array.from({ length: most }, (_, i) => `id_${i}`);
}
