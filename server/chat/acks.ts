/** Acks: "I have this room up to seq n". What has not been acked is still owed; the offline queue is derived from it. */
import { and, lt } from "drizzle-orm";
import type { Chat } from "./chat.ts";
import { knownTenants } from "./known-tenants.ts";
import { memberKey, memberOf, type Place } from "./members.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";

const RECEIPTS_MAX = 200; // members: each ack is told to each of them

/**
 * Raises one's own ack; never lowers it (that is ok and changes nothing). Above `last_seq` it is refused: `invalid`. Tells one's own other sockets; also
 * where it stood there already, because a device says it again when it cannot know whether the server heard its ack before a post of theirs or
 * after it, and what it does not know its sisters do not know either. Tells everybody in the room where the tenant has receipts on and no more
 * than RECEIPTS_MAX are in it.
 */
export async function acknowledge(chat: Chat, who: Principal, input: Place & { seq: number }): Promise<void> {
  const { room, member } = await memberOf(chat, who, input.room_id);
  if (input.seq > room.last_seq) refuse("invalid", { fields: ["seq"] });
  if (input.seq < member.acked_seq) return;
  const isHigher = input.seq > member.acked_seq;
  if (isHigher && !(await raise(chat, who, input))) return;
  const { tenant_id, user_id } = who;
  const { room_id, seq } = input;
  const frame = { type: "ack", room_id, user_id, seq } as const;
  chat.backplane.tell({ tenant_id, to: { user_id }, frame }); // also to those of one's sockets that do not hear the room yet
  if (isHigher && knownTenants(chat).get(tenant_id)?.config.receipts && room.member_count <= RECEIPTS_MAX)
    chat.backplane.tell({ tenant_id, to: { room_id }, frame });
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
