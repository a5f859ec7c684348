/** The thread that lies beside the room: which one, and what the room's stream tells it. The thread itself comes with the view that shows it. */
import { computed, createModel, signal } from "@preact/signals";
import type { Message } from "../../server/protocol.ts";
import type { LayersModel } from "./layers.ts";
import type { Thread, ThreadParts } from "./thread.ts";

type Layers = Pick<InstanceType<typeof LayersModel>, "open" | "lay" | "lift">;
export type Threads = InstanceType<typeof ThreadsModel>;

export const ThreadsModel = createModel(({ layers, ...parts }: Omit<ThreadParts, "room_id" | "id" | "known"> & { layers: Layers }) => {
  const open = signal<{ room_id: string; id: string; known: readonly Message[] } | null>(null);
  let shown: Thread | null = null;
  const shown_id = computed(() => (layers.open.value.includes("thread") ? (open.value?.id ?? null) : null));
  return {
    /** The id of the message whose thread lies open. */
    shown: shown_id,
    /** The message whose replies are shown, with what is known of them. */
    open,
    /** A message's own thread, or the one it belongs to where nobody has answered it. */
    show(message: Message, known: readonly Message[]): void {
      const id = message.replies ? message.id : (message.reply_to ?? message.id);
      open.value = { room_id: message.room_id, id, known: known.filter((one) => one.id === id || one.reply_to === id) };
      layers.lay("thread");
    },
    close: (): void => layers.lift("thread"),
    /** The view has come: makes what it shows, and tells it what is heard from now on. */
    begin(create: (parts: ThreadParts) => Thread, of: { room_id: string; id: string; known: readonly Message[] }): Thread {
      shown = create({ ...parts, ...of });
      return shown;
    },
    /** What is held of the replies that are shown. */
    replies: (): readonly Message[] => shown?.stored.peek() ?? [],
    heard: (message: Message): void => shown?.heard(message),
    /** The stream of this room began anew: what was held may be of another history. */
    reset(room_id: string): void {
      if (shown?.roomId() === room_id) shown.retry();
    },
    /** The room begins at this seq: what lay before is gone. */
    began(room_id: string, first_seq: number): void {
      if (shown?.roomId() === room_id) shown.began(first_seq);
    },
    forget(): void {
      shown = null;
      open.value = null;
    },
  };
});

/** Whether this message is in the thread of that one. */
export const isOfThread = ({ id, reply_to }: Message, root_id: string | null): boolean =>
  root_id !== null && (id === root_id || reply_to === root_id);
