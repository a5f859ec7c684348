/**
 * Acks: "I have this room up to seq n". What has not been acked is still owed; the offline queue is derived from it. A mark makes what was acked
 * unread again, for its owner's eyes alone: it lowers no ack, owes nothing to anybody and is told to nobody else.
 */
import { and, isNotNull, lt, lte, type SQL, sql } from "drizzle-orm";
import { endRun } from "../../db/acks.ts";
import type { Chat } from "./chat.ts";
import { knownTenants } from "./known-tenants.ts";
import { memberKey, memberOf, type Place } from "./members.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { raiseRights } from "./rights.ts";

/** Members of a room, up to whom each ack is told to each of them. */
export const RECEIPTS_MAX = 200;

/**
 * Raises one's own ack; never lowers it (that is ok and changes nothing). Above `last_seq` it is refused: `invalid`. Tells one's own other sockets; also
 * where it stood there already, because a device says it again when it cannot know whether the server heard its ack before a post of theirs or
 * after it, and what it does not know its sisters do not know either. What it raises is read with all before it: a mark is gone by it; an ack that
 * raises nothing leaves the mark. Tells everybody in the room where the tenant has receipts on and no more
 * than RECEIPTS_MAX are in it.
 */
export async function acknowledge(chat: Chat, who: Principal, input: Place & { seq: number }): Promise<void> {
  const { room, member } = await memberOf(chat, who, input.room_id);
  if (input.seq > room.last_seq) refuse("invalid", { fields: ["seq"] });
  if (input.seq < member.acked_seq) return;
  const isHigher = input.seq > member.acked_seq;
  if (isHigher && !(await raise(chat, who, input, room.speaker_id === who.user_id))) return;
  const { tenant_id, user_id } = who;
  const { room_id, seq } = input;
  const frame = { type: "ack", room_id, user_id, seq } as const;
  chat.backplane.tell({ tenant_id, to: { user_id }, frame }); // also to those of one's sockets that do not hear the room yet
  if (isHigher && knownTenants(chat).get(tenant_id)?.config.receipts && room.member_count <= RECEIPTS_MAX)
    chat.backplane.tell({ tenant_id, to: { room_id }, frame });
}

/**
 * The room is unread for the asker from this message on, on all their devices, until it is read again (`unmark`, a later mark, an ack that raises).
 * What lies before it is read. Refuses `invalid` above `last_seq`.
 */
export async function markUnread(chat: Chat, who: Principal, input: Place & { seq: number }): Promise<void> {
  const { room, member } = await memberOf(chat, who, input.room_id);
  if (input.seq > room.last_seq) refuse("invalid", { fields: ["seq"] });
  const isUnread = input.seq > member.acked_seq;
  if (isUnread) await acknowledge(chat, who, { room_id: input.room_id, seq: input.seq - 1 });
  await setMark(chat, who, input.room_id, isUnread ? null : input.seq);
}

/**
 * What was marked counts as read again, up to this message or altogether; where no mark is, or one further on, it is ok and changes nothing: so what
 * a device says late never makes unread what another has read.
 */
export async function unmark(chat: Chat, who: Principal, { room_id, seq }: Place & { seq?: number }): Promise<void> {
  const { member } = await memberOf(chat, who, room_id);
  if (seq === undefined || seq >= member.acked_seq) return setMark(chat, who, room_id, null);
  await setMark(chat, who, room_id, seq + 1, lte(chat.store.t.members.marked_seq, seq));
}

/** As a level is told: by the person's rights, which every instance reads again, so that no device is left behind by a bell that was lost. */
async function setMark(chat: Chat, who: Principal, room_id: string, marked_seq: number | null, only?: SQL): Promise<void> {
  const { members } = chat.store.t;
  const { tenant_id, user_id } = who;
  const differs =
    marked_seq === null ? isNotNull(members.marked_seq) : sql`(${members.marked_seq} is null or ${members.marked_seq} <> ${marked_seq})`;
  const changed = await chat.store.write(async (tx) => {
    const rows = await tx
      .update(members)
      .set({ marked_seq })
      .where(and(memberKey(chat, tenant_id, room_id, user_id), differs, only))
      .returning({ user_id: members.user_id });
    if (rows.length > 0) await raiseRights(chat, tx, tenant_id, [user_id]);
    return rows.length > 0;
  });
  if (changed) chat.backplane.ringUser({ tenant_id, user_id });
}

/** `speaks`: theirs is the run at the room's end, which follows from their ack as it was when they began it, and from no later one. */
async function raise(chat: Chat, who: Principal, input: Place & { seq: number }, speaks: boolean): Promise<boolean> {
  const { members } = chat.store.t;
  const { tenant_id, user_id } = who;
  const { raised, unmarked } = await chat.store.write(async (tx) => {
    if (speaks) await endRun(tx, { tenant_id, user_id, room_id: input.room_id });
    const key = memberKey(chat, tenant_id, input.room_id, user_id);
    const rows = await tx
      .update(members)
      .set({ acked_seq: input.seq, acked_at: chat.now() })
      .where(and(key, lt(members.acked_seq, input.seq)))
      .returning({ marked_seq: members.marked_seq });
    const isMarked = rows.some(({ marked_seq }) => marked_seq !== null);
    if (isMarked) {
      await tx.update(members).set({ marked_seq: null }).where(key);
      await raiseRights(chat, tx, tenant_id, [user_id]);
    }
    return { raised: rows.length > 0, unmarked: isMarked };
  });
  if (unmarked) chat.backplane.ringUser({ tenant_id, user_id });
  return raised;
}
