/** Acks: "I have this room up to seq n". What has not been acked is still owed; the offline queue is derived from it. */
import { and, lt } from "drizzle-orm";
import type { Chat } from "./chat.ts";
import { memberKey, memberOf, type Place } from "./members.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";

/**
 * Raises one's own ack; never lowers it (that is ok and changes nothing). Above `last_seq` it is refused: `invalid`. Tells one's own other sockets; also
 * where it stood there already, because a device says it again when it cannot know whether the server heard its ack before a post of theirs or
 * after it, and what it does not know its sisters do not know either.
 */
export async function acknowledge(chat: Chat, who: Principal, input: Place & { seq: number }): Promise<void> {
  const { room, member } = await memberOf(chat, who, input.room_id);
  if (input.seq > room.last_seq) refuse("invalid", { fields: ["seq"] });
  if (input.seq < member.acked_seq || (input.seq > member.acked_seq && !(await raise(chat, who, input)))) return;
  const { tenant_id, user_id } = who;
  chat.backplane.tell({ tenant_id, to: { user_id }, frame: { type: "ack", room_id: input.room_id, user_id, seq: input.seq } });
}

async function raise(chat: Chat, who: Principal, input: Place & { seq: number }): Promise<boolean> {
  const { members } = chat.store.t;
  const raised = await chat.store.write((tx) =>
    tx
      .update(members)
      .set({ acked_seq: input.seq, acked_at: chat.now() })
      .where(and(memberKey(chat, who.tenant_id, input.room_id, who.user_id), lt(members.acked_seq, input.seq)))
      .returning({ acked_seq: members.acked_seq }),
  );
  return raised.length > 0;
}
