/** One message and its replies as this tab holds them: the newest of them, and the earlier ones as far as they were asked for. */
import { action, computed, createModel, signal } from "@preact/signals";
import type { Message, MessagePage } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { ApiError } from "../lib/api-error.ts";
import { createHeld } from "./held.ts";
import type { Opening } from "./stretch.ts";

export type Thread = InstanceType<typeof ThreadModel>;
export type ThreadState = "loading" | "ready" | "unavailable" | "failed";
export type ThreadParts = {
  api: Pick<Api, "get">;
  meet(users: MessagePage["users"]): void;
  room_id: string;
  /** The message that is answered. */
  id: string;
  /** What of the thread is on the page already. */
  known: readonly Message[];
};

const PAGE = 50;

export const ThreadModel = createModel(({ api, meet, room_id, id, known }: ThreadParts) => {
  const path = `/rooms/${room_id}/messages`;
  const recount = async (of: string) => (await api.get<{ message: Message }>(`${path}/${of}`)).message.replies;
  const { stored: rows, more_before, merge, answered } = createHeld(recount);
  const state = signal<ThreadState>("loading");
  const loading_older = signal(false);
  const opening = signal<Opening>({ at: "end" });
  const root = computed(() => rows.value.find((message) => message.id === id) ?? null);
  const stored = computed(() => rows.value.filter(({ reply_to }) => reply_to === id));
  let is_fresh = true; // what is held came by one history

  const took = action((page: MessagePage): void => {
    meet(page.users);
    const all = [...(page.root ? [page.root] : []), ...page.items];
    merge(is_fresh ? [...rows.value, ...all] : all, new Map());
    is_fresh = true;
    more_before.value = page.more_before;
    state.value = "ready";
    opening.value = { at: "end" };
  });
  const tookOlder = action((page: MessagePage | null): void => {
    loading_older.value = false;
    if (!page) return;
    meet(page.users);
    merge(page.items);
    more_before.value = page.more_before;
  });
  const failed = action((fault: unknown): void => {
    state.value = fault instanceof ApiError && fault.code === "not_found" ? "unavailable" : "failed";
  });
  const ask = async (): Promise<void> => {
    try {
      took(await api.get<MessagePage>(`${path}?thread=${id}&limit=${PAGE}`));
    } catch (fault) {
      failed(fault);
    }
  };

  const older = async (): Promise<void> => {
    const first = stored.value[0];
    if (!first || !more_before.value || loading_older.value) return;
    loading_older.value = true;
    tookOlder(await api.get<MessagePage>(`${path}?thread=${id}&before_seq=${first.seq}&limit=${PAGE}`).catch(() => null));
  };
  merge(known.filter((message) => message.id === id));
  void ask();

  return {
    roomId: () => room_id,
    rootId: () => id,
    /** Null until it is known. */
    root,
    /** The replies in order, tombstones among them. */
    stored,
    state,
    more_before,
    loading_older,
    opening,
    older,
    /** The message and its replies, as a list of rows to move in. */
    roved: {
      stored: rows,
      newest: action(async (): Promise<void> => {
        opening.value = { at: "end" };
      }),
    },
    /** A row of the room's stream or of an answer. */
    heard(message: Message): void {
      if (message.room_id !== room_id || (message.id !== id && message.reply_to !== id)) return;
      answered(message);
      merge([message]);
    },
    /** The room begins at this seq: a thread whose first message is gone is gone with it. */
    began: action((first_seq: number): void => {
      if (root.value !== null && root.value.seq < first_seq) state.value = "unavailable";
    }),
    retry(): void {
      is_fresh = false;
      state.value = "loading";
      void ask();
    },
  };
});
