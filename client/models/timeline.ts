/**
 * One room's messages as this tab holds them: a stretch without holes, newest at the end, each row as of its newest rev. Rows come from pages,
 * from the room's stream and from answers, in any order; each is merged by its own rev. Only the stream moves the cursor.
 */
import { action, computed, createModel, signal } from "@preact/signals";
import type { Message, MessagePage } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { ApiError } from "../lib/api-error.ts";

export type TimelineState = "loading" | "ready" | "unavailable" | "failed";
export type Timeline = InstanceType<typeof TimelineModel>;

export type TimelineParts = {
  api: Pick<Api, "get">;
  room_id: string;
  /** Where reading stopped when the room was opened: the New line stands after it. */
  acked_seq: number;
  later(ms: number, run: () => void): () => void;
  /** The people a page names. */
  meet(users: MessagePage["users"]): void;
};

const PAGE = 50;
const GAP_MS = 1_000; // another instance's row may be a moment behind

export const TimelineModel = createModel(({ api, room_id, acked_seq, later, meet }: TimelineParts) => {
  const rows = signal<ReadonlyMap<number, Message>>(new Map()); // by seq
  const state = signal<TimelineState>("loading");
  const more_before = signal(false);
  const loading_older = signal(false);
  const new_after = signal<number | null>(acked_seq);
  const stored = computed(() => [...rows.value.values()].sort((a, b) => a.seq - b.seq));
  const last_seq = computed(() => stored.value.at(-1)?.seq ?? 0);
  let cursor: number | null = null;
  let filling: (() => void) | null = null;

  const merge = action((messages: readonly Message[]) => {
    const next = new Map(rows.value);
    for (const message of messages) if ((next.get(message.seq)?.rev ?? 0) < message.rev) next.set(message.seq, message);
    rows.value = next;
  });

  const took = action((page: MessagePage) => {
    meet(page.users);
    merge(page.items);
    cursor ??= page.position;
    more_before.value = page.more_before;
    state.value = "ready";
  });
  const tookOlder = action((page: MessagePage) => {
    meet(page.users);
    merge(page.items);
    more_before.value = page.more_before;
    loading_older.value = false;
  });
  const settle = action((next: TimelineState) => {
    state.value = next;
  });
  const olderFailed = action(() => {
    loading_older.value = false;
  });

  const path = `/rooms/${room_id}/messages`;

  /** The newest page; what came by the stream meanwhile is kept. */
  const open = async (): Promise<void> => {
    try {
      took(await api.get<MessagePage>(`${path}?limit=${PAGE}`));
    } catch (fault) {
      settle(fault instanceof ApiError && fault.code === "not_found" ? "unavailable" : "failed");
    }
  };

  const older = async (): Promise<void> => {
    const first = stored.value[0];
    if (!first || !more_before.value || loading_older.value) return;
    loading_older.value = true;
    try {
      tookOlder(await api.get<MessagePage>(`${path}?before_seq=${first.seq}&limit=${PAGE}`));
    } catch {
      olderFailed();
    }
  };

  /** The seq after which a row is missing, or null. */
  const gap = (): number | null => {
    const held = stored.value;
    const at = held.findIndex((message, i) => i > 0 && message.seq !== (held[i - 1]?.seq ?? 0) + 1);
    return at === -1 ? null : (held[at - 1]?.seq ?? null);
  };

  /** Fetches what is missing: a row that never came, or came to a tab that slept. */
  const fill = async (): Promise<void> => {
    for (let after = gap(); after !== null; after = gap()) {
      const page = await api.get<MessagePage>(`${path}?after_seq=${after}&limit=200`).catch(() => null);
      if (!page || page.items.length === 0) return;
      meet(page.users);
      merge(page.items);
      if (gap() === after) return;
    }
  };

  const watchGap = (): void => {
    if (filling || gap() === null) return;
    filling = later(GAP_MS, () => {
      filling = null;
      void fill();
    });
  };

  return {
    roomId: () => room_id,
    stored,
    state,
    more_before,
    loading_older,
    new_after,
    last_seq,
    open,
    older,
    cursor: () => cursor,
    /** A row of the stream. Rows below what is held are for a later page. */
    apply(message: Message): void {
      if (cursor !== null) cursor = Math.max(cursor, message.rev);
      const first = stored.value[0];
      if (first && message.seq < first.seq) return;
      merge([message]);
      watchGap();
    },
    /** A row of an answer: merged, and the cursor stays. */
    merge(message: Message): void {
      merge([message]);
      watchGap();
    },
    /** Another change of the room was heard at this rev. */
    moved(rev: number): void {
      if (cursor !== null) cursor = Math.max(cursor, rev);
    },
    /** The end of a resume. After `reset` what is held may be of another history: it goes, and the newest page comes. */
    async synced(verdict: "resumed" | "reset", last_rev: number): Promise<void> {
      if (verdict === "resumed") {
        if (cursor !== null) cursor = Math.max(cursor, last_rev);
        return fill();
      }
      rows.value = new Map();
      cursor = last_rev;
      state.value = "loading";
      return open();
    },
    endNew(): void {
      new_after.value = null;
    },
  };
});
