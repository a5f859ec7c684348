/** The messages of a room that a tab holds: a stretch of its seqs, each row as of its newest rev, and whether there is more at either side. */
import { action, computed, signal } from "@preact/signals";
import type { Message, Replies } from "../../server/protocol.ts";
import { createReplies } from "./replies.ts";

export type Side = "before" | "after";

const ROWS_MAX = 400; // on the page; the far side is let go

/** `recount` asks the server what was answered to a message. */
export function createHeld(recount: (id: string) => Promise<Replies | undefined>) {
  const rows = signal<ReadonlyMap<number, Message>>(new Map()); // by seq
  const more_before = signal(false);
  const more_after = signal(false);
  const replies = createReplies();
  const counted = (next: Map<number, Message>, ids: ReadonlySet<string>): ReadonlyMap<number, Message> => {
    for (const row of next.values()) if (ids.has(row.id)) next.set(row.seq, replies.on(row));
    return next;
  };
  const stored = computed(() => [...rows.value.values()].sort((a, b) => a.seq - b.seq));

  return {
    rows,
    stored,
    more_before,
    more_after,
    /** Puts these among those held, or among `from` in their place. Of two that are one message the newer stays. */
    merge: action((messages: readonly Message[], from: ReadonlyMap<number, Message> = rows.value): void => {
      const next = new Map(from);
      for (const message of messages) if ((next.get(message.seq)?.rev ?? 0) < message.rev) next.set(message.seq, message);
      rows.value = counted(next, replies.hear(messages));
    }),
    /** An answer of the stream counts for its message, even where a hole is between them. What remains when one goes, only the server knows. */
    answered: action((answer: Message): void => {
      const root = stored.value.find(({ id }) => id === answer.reply_to);
      if (!root) return;
      if (answer.removed_at === undefined || !replies.wasTold(answer)) rows.value = counted(new Map(rows.value), replies.hear([answer]));
      else {
        const took = action((now: Replies | undefined): void => {
          replies.tell(root.id, now);
          rows.value = counted(new Map(rows.value), new Set([root.id]));
        });
        void recount(root.id).then(took, () => undefined);
      }
    }),
    forgetReplies: replies.forget,
    /** Lets go of what is too much at this side. */
    bound(far: Side, most = ROWS_MAX): void {
      const held = stored.value;
      if (held.length <= most) return;
      const kept = far === "before" ? held.slice(-most) : held.slice(0, most);
      rows.value = new Map(kept.map((message) => [message.seq, message]));
      if (far === "before") more_before.value = true;
      else more_after.value = true;
    },
    /** Lets go of what the room no longer has: it begins at this seq. Says whether what is held begins with it now. */
    dropBelow: action((first_seq: number): boolean => {
      const first = stored.value[0];
      if (first === undefined || first.seq > first_seq) return false;
      if (first.seq < first_seq) rows.value = new Map([...rows.value].filter(([seq]) => seq >= first_seq));
      more_before.value = false;
      return true;
    }),
    /** The side on which there is a hole between this row and what is held; null where it joins. */
    beyond({ seq }: Message): Side | null {
      const [first, last] = [stored.value[0], stored.value.at(-1)];
      if (more_before.value && first !== undefined && seq < first.seq) return "before";
      return more_after.value && last !== undefined && seq > last.seq ? "after" : null;
    },
    /** Whether this place of the room is within what is held. */
    holds(seq: number): boolean {
      const [first, last] = [stored.value[0], stored.value.at(-1)];
      const from = more_before.value ? (first?.seq ?? 1) : 0;
      return seq >= from && (!more_after.value || seq <= (last?.seq ?? 0));
    },
  };
}
