/** What was answered to the messages of a room, as it is now: pages tell it, frames do not, so what is heard since is added to what was told. */
import type { Message, Replies } from "../../server/protocol.ts";

const HEARD_MAX = 300; // rows kept apart; older ones are part of what was told
const SHOWN = 3;

export function createReplies() {
  const told = new Map<string, Replies>(); // by the message that was answered
  const heard = new Map<number, Message>(); // answers by seq

  const inOrder = (): Message[] => [...heard.values()].sort((a, b) => a.seq - b.seq);
  const tell = (id: string, replies: Replies | undefined): void => {
    if (replies) told.set(id, replies);
    else told.delete(id);
  };

  return {
    /** Takes these rows in and gives the ids of the messages whose count may be another now. */
    hear(messages: readonly Message[]): ReadonlySet<string> {
      const touched = new Set<string>();
      for (const message of messages) {
        touched.add(message.id);
        if (message.replies) tell(message.id, message.replies);
        if (message.reply_to === null) continue;
        touched.add(message.reply_to);
        if ((heard.get(message.seq)?.rev ?? 0) < message.rev) heard.set(message.seq, message);
      }
      // In the order of seq: so none is counted twice, nor left out because a later one came first.
      for (const answer of heard.size > HEARD_MAX ? inOrder().slice(0, -HEARD_MAX) : []) {
        tell(answer.reply_to ?? "", plus(told.get(answer.reply_to ?? ""), answer));
        heard.delete(answer.seq);
      }
      return touched;
    },
    /** Just asked, and so exactly. */
    tell,
    /** Whether this tombstone was counted when the count was told: then only the server knows what remains. */
    wasTold: ({ reply_to, seq }: Message): boolean => seq <= (told.get(reply_to ?? "")?.last_seq ?? 0),
    /** The row with what was answered to it. */
    on({ replies: _, ...row }: Message): Message {
      const replies = inOrder().reduce((sum, answer) => (answer.reply_to === row.id ? plus(sum, answer) : sum), told.get(row.id));
      return replies ? { ...row, replies } : row;
    },
    forget(): void {
      told.clear();
      heard.clear();
    },
  };
}

function plus(replies: Replies | undefined, { seq, created_at, sender_id, removed_at }: Message): Replies | undefined {
  if (removed_at !== undefined || seq <= (replies?.last_seq ?? 0)) return replies;
  const user_ids = [...new Set([...(replies?.user_ids ?? []), sender_id])].slice(0, SHOWN);
  return { count: (replies?.count ?? 0) + 1, last_seq: seq, last_at: created_at, user_ids };
}
