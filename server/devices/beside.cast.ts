/** What lies beside the room on a device, as its views open it: the list of pins, a thread, and who has read what. */
import { effect } from "@preact/signals";
import { pinsOf } from "../../client/models/pins.ts";
import { ThreadModel } from "../../client/models/thread.ts";
import type { Message } from "../protocol.ts";
import type { Device } from "./device.cast.ts";
import { answersTo, type Kept } from "./model.cast.ts";
import { type Row, rowOf, saidRow } from "./rows.cast.ts";

export type Beside = ReturnType<typeof createBeside>;

export function createBeside({ app }: Device) {
  const me = app.account.me.peek()?.id ?? "";
  let pinned: Kept | null = null;
  let thread: { kept: Kept; seq: number; model: InstanceType<typeof ThreadModel> } | null = null;
  let watched: Kept | null = null;
  const receipts = () => app.receipts.part.value?.it;
  const end = effect(() => {
    const part = receipts();
    if (app.reach.state.value === "open" && part && watched) void part.need(watched.id); // as the list of messages does
  });
  /** Of bob's messages in the room, those that ann has read. */
  const seenOf = (kept: Kept, seq: number): number[] => kept.said.flatMap(({ by }, i) => (by === "bob" && seq > i ? [i + 1] : []));

  return {
    async openPins(kept: Kept): Promise<void> {
      pinned = kept;
      await pinsOf(app).find(kept.id);
    },
    openThread(kept: Kept, message: Message): void {
      app.threads.show(message, app.timeline.peek()?.stored.peek() ?? []);
      const open = app.threads.open.peek();
      const seq =
        open?.id === message.id
          ? message.seq
          : (app.timeline
              .peek()
              ?.stored.peek()
              .find(({ id }) => id === open?.id)?.seq ?? null);
      if (!open || seq === null) return; // it lies before what this device holds
      thread = { kept, seq, model: app.threads.begin((parts) => new ThreadModel(parts), open) };
    },
    async watch(kept: Kept): Promise<void> {
      watched = kept;
      app.receipts.load();
      await receipts()?.need(kept.id);
    },
    /** Whoever is no member looks at nothing of the room. */
    leave(kept: Kept): void {
      if (pinned === kept) pinned = null;
      if (thread?.kept === kept) thread = null;
      if (watched === kept) watched = null;
    },
    close: end,
    shown: () => ({
      pins: pinned && (pinsOf(app).pins.value.items ?? []).map(({ seq, ...row }) => [seq, rowOf({ seq, ...row }, me).content]),
      thread: thread && {
        root: thread.model.root.value && rowOf(thread.model.root.value, me),
        replies: thread.model.stored.value.map((row) => withoutCount(rowOf(row, me))),
      },
      seen: watched && seenOf(watched, Math.max(0, ...[...(receipts()?.rooms.value.get(watched.id)?.values() ?? [])].map(({ seq }) => seq))),
    }),
    expected: () => ({
      pins: pinned && pinned.pins.map((seq) => [seq, pinned?.said[seq - 1]?.content ?? ""]),
      thread: thread && threadIn(thread.kept, thread.seq),
      seen: watched && seenOf(watched, watched.ann_seq),
    }),
  };
}

function threadIn(kept: Kept, root_seq: number) {
  const rows = kept.said.map((said, i) => ({ said, row: saidRow(said, answersTo(kept, i + 1)) }));
  return { root: rows[root_seq - 1]?.row ?? null, replies: rows.flatMap(({ said, row }) => (said.answers === root_seq ? [withoutCount(row)] : [])) };
}

/** How often a reply was answered itself is not shown beside its thread. */
const withoutCount = ({ answered: _, ...row }: Row): Omit<Row, "answered"> => row;
