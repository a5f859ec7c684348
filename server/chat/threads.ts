/** A thread: one message and what was answered to it, in the order of their room. The answers are messages of the room like all others. */
import { and, asc, desc, eq, gt, lt } from "drizzle-orm";
import type { MessagePage } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { type Head, headOf } from "./members.ts";
import { type PageInput, peopleOn, seqAt } from "./messages.ts";
import { given, prepared } from "./prepared.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { withReplies } from "./replies.ts";
import { type TellingRow, tellingOf } from "./views.ts";

type Thread = { room: Head; root_id: string };

/**
 * A page of the replies to the message `thread`, asked for as a page of the room is, with that message beside it as `root`, a tombstone too.
 * Refuses `not_found` (no such message in the room), `invalid` (more than one of before, after and around).
 */
export async function pageThread(chat: Chat, who: Principal, input: PageInput & { thread: string }): Promise<MessagePage> {
  const room = await headOf(chat, who, input.room_id);
  const [found = refuse("not_found")] = await rootOf(chat, { room_id: room.id, id: input.thread });
  const thread = { room, root_id: found.id };
  const { rows, edge } = await threadRows(chat, thread, input);
  const [root, ...items] = await withReplies(chat, { room_id: room.id }, [found, ...rows]);
  const [isBefore, isAfter] = await Promise.all([
    repliesBefore(chat, thread, rows[0]?.seq ?? edge, 1),
    repliesAfter(chat, thread, rows.at(-1)?.seq ?? edge - 1, 1),
  ]);
  await headOf(chat, who, input.room_id); // asked again after the rows were read: who is out by then reads nothing
  if (!root) refuse("not_found");
  return {
    items,
    position: room.last_rev,
    last_seq: room.last_seq,
    more_before: isBefore.length > 0,
    more_after: isAfter.length > 0,
    users: await peopleOn(chat, who, [root, ...items]),
    root,
  };
}

/** The rows asked for, and where they would begin if there were any. */
async function threadRows(chat: Chat, thread: Thread, input: PageInput): Promise<{ rows: TellingRow[]; edge: number }> {
  const asked = [input.before_seq, input.after_seq, input.around_seq, input.around_time].filter((value) => value !== undefined);
  if (asked.length > 1) refuse("invalid", { fields: ["before_seq", "after_seq", "around_seq", "around_time"] });
  const limit = input.limit ?? 50;
  if (input.after_seq !== undefined) return { rows: await repliesAfter(chat, thread, input.after_seq, limit), edge: input.after_seq + 1 };
  const around = input.around_time === undefined ? input.around_seq : await seqAt(chat, thread.room, input.around_time);
  const edge = around ?? input.before_seq ?? thread.room.last_seq + 1;
  if (around === undefined) return { rows: (await repliesBefore(chat, thread, edge, limit)).toReversed(), edge };
  const before = (await repliesBefore(chat, thread, around, Math.floor(limit / 2))).toReversed();
  return { rows: [...before, ...(await repliesAfter(chat, thread, around - 1, limit - before.length))], edge };
}

const repliesBefore = (chat: Chat, { room, root_id }: Thread, seq: number, limit: number): Promise<TellingRow[]> =>
  limit === 0 ? Promise.resolve([]) : before(chat, { room_id: room.id, root_id, seq, limit });

const repliesAfter = (chat: Chat, { room, root_id }: Thread, seq: number, limit: number): Promise<TellingRow[]> =>
  after(chat, { room_id: room.id, root_id, seq, limit });

const rootOf = prepared(({ read, t: { messages } }) =>
  read
    .select(tellingOf(messages))
    .from(messages)
    .where(and(eq(messages.id, given("id")), eq(messages.room_id, given("room_id"))))
    .prepare("thread_root"),
);
const before = prepared(({ read, t: { messages } }) =>
  read
    .select(tellingOf(messages))
    .from(messages)
    .where(and(eq(messages.room_id, given("room_id")), eq(messages.reply_to, given("root_id")), lt(messages.seq, given("seq"))))
    .orderBy(desc(messages.seq))
    .limit(given("limit"))
    .prepare("replies_before"),
);
const after = prepared(({ read, t: { messages } }) =>
  read
    .select(tellingOf(messages))
    .from(messages)
    .where(and(eq(messages.room_id, given("room_id")), eq(messages.reply_to, given("root_id")), gt(messages.seq, given("seq"))))
    .orderBy(asc(messages.seq))
    .limit(given("limit"))
    .prepare("replies_after"),
);
