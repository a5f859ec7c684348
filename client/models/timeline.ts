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
  later(ms: number, run: () => void): () => void;
  /** The people a page names. */
  meet(users: MessagePage["users"]): void;
  /** Asks the room's stream for everything after this rev; the answer comes as rows and ends in `synced`. */
  resume(rev: number): void;
};

const PAGE = 50;
const PAGE_MAX = 200;
const BEFORE_UNREAD = 20; // what was read last stands over the New line
const GAP_MS = 1_000; // another instance's row may be a moment behind

export const TimelineModel = createModel(({ api, room_id, later, meet, resume }: TimelineParts) => {
  const rows = signal<ReadonlyMap<number, Message>>(new Map()); // by seq
  const state = signal<TimelineState>("loading");
  const more_before = signal(false);
  const loading_older = signal(false);
  const new_after = signal<number | null>(null);
  const at_end = signal(true);
  const stored = computed(() => [...rows.value.values()].sort((a, b) => a.seq - b.seq));
  const last_seq = computed(() => stored.value.at(-1)?.seq ?? 0);
  const path = `/rooms/${room_id}/messages`;
  let cursor: number | null = null;
  let early: Message[] | null = []; // rows that came while the newest page is on its way
  let below: Message[] = []; // rows under what is held that came while an older page is on its way
  let asked = 0; // which question for the newest page is the last one
  let gap_rev: number | null = null; // the cursor as it was when the open gap appeared
  let resumed = false; // the open gap has been asked for once
  let cancelGap: (() => void) | null = null;

  const merge = action((messages: readonly Message[], from: ReadonlyMap<number, Message> = rows.value) => {
    const next = new Map(from);
    for (const message of messages) if ((next.get(message.seq)?.rev ?? 0) < message.rev) next.set(message.seq, message);
    rows.value = next;
  });

  const took = action((page: MessagePage) => {
    meet(page.users);
    const first = page.items[0]?.seq ?? 1;
    merge([...page.items, ...(early ?? []).filter(({ seq }) => seq >= first)], new Map());
    early = null;
    cursor ??= page.position;
    more_before.value = page.more_before;
    state.value = "ready";
    minded();
  });
  const tookOlder = action((page: MessagePage | null) => {
    loading_older.value = false;
    const first = page?.items[0]?.seq ?? 1;
    const changed = below.filter(({ seq }) => seq >= first);
    below = [];
    if (!page) return;
    meet(page.users);
    merge([...page.items, ...changed]);
    more_before.value = page.more_before;
  });
  const filled = action((page: MessagePage) => {
    meet(page.users);
    merge(page.items);
  });
  const settle = action((next: TimelineState) => {
    state.value = next;
  });

  /** The newest page, in place of what is held; what comes by the stream meanwhile is kept. */
  const ask = async (limit: number): Promise<void> => {
    const mine = (asked += 1);
    early ??= [];
    try {
      const page = await api.get<MessagePage>(`${path}?limit=${Math.min(PAGE_MAX, Math.max(PAGE, limit))}`);
      if (mine === asked) took(page);
    } catch (fault) {
      if (mine === asked) settle(fault instanceof ApiError && fault.code === "not_found" ? "unavailable" : "failed");
    }
  };

  const older = async (): Promise<void> => {
    const first = stored.value[0];
    if (!first || !more_before.value || loading_older.value) return;
    const mine = asked;
    loading_older.value = true;
    const page = await api.get<MessagePage>(`${path}?before_seq=${first.seq}&limit=${PAGE}`).catch(() => null);
    tookOlder(mine === asked ? page : null);
  };

  /** The seq after which a row is missing, or null. */
  const gap = (): number | null => {
    const held = stored.value;
    const at = held.findIndex((message, i) => i > 0 && message.seq !== (held[i - 1]?.seq ?? 0) + 1);
    return at === -1 ? null : (held[at - 1]?.seq ?? null);
  };

  /** Watches a gap in seq: one that stays open for a second is asked for, from where the stream was whole, so that missed edits come too. */
  const minded = (before: number | null = cursor): void => {
    if (gap() === null) {
      gap_rev = null;
      resumed = false;
      cancelGap?.();
      cancelGap = null;
      return;
    }
    gap_rev ??= before;
    cancelGap ??= later(GAP_MS, () => {
      cancelGap = null;
      mend();
    });
  };

  const mend = (): void => {
    if (gap() === null || gap_rev === null) return;
    if (resumed) return void fill();
    resumed = true;
    resume(gap_rev);
  };

  /** The last road: what the stream has twice not told is read by seq. */
  const fill = async (): Promise<void> => {
    for (let after = gap(); after !== null; after = gap()) {
      const page = await api.get<MessagePage>(`${path}?after_seq=${after}&limit=${PAGE_MAX}`).catch(() => null);
      if (!page || page.items.length === 0) return;
      filled(page);
      if (gap() === after) return;
    }
  };

  const put = (message: Message, before: number | null): void => {
    if (early) return void early.push(message);
    const first = stored.value[0];
    if (first && message.seq < first.seq) {
      if (loading_older.value) below.push(message);
      return; // a later page brings it
    }
    merge([message]);
    minded(before);
  };

  return {
    roomId: () => room_id,
    stored,
    state,
    more_before,
    loading_older,
    /** The seq after which the New line stands in this visit; null for none. */
    new_after,
    /** Whether the reader is at the end, so that what arrives is in view. */
    at_end,
    last_seq,
    /** Up to where the room's stream has been heard whole; null before the first page. */
    cursor: () => gap_rev ?? cursor,
    /** Begins a visit: the New line stands after what was read before it, and stays there. */
    enter(acked_seq: number, unread: number): void {
      new_after.value = unread > 0 ? acked_seq : null;
      at_end.value = unread === 0;
      if (early && asked === 0) void ask(unread + BEFORE_UNREAD);
    },
    /** Ends a visit; far more than a screen is not kept for the next. */
    leave(): void {
      new_after.value = null;
      if (rows.value.size <= PAGE_MAX) return;
      rows.value = new Map(stored.value.slice(-PAGE).map((message) => [message.seq, message]));
      more_before.value = true;
    },
    /** Asks for the newest page again: after a failure, or when the stream began anew while it was on its way. */
    retry(): void {
      if (state.value === "ready" || asked === 0) return;
      state.value = "loading";
      void ask(PAGE);
    },
    older,
    beAtEnd(is: boolean): void {
      at_end.value = is;
    },
    /** A row of the stream. */
    apply(message: Message): void {
      const before = cursor;
      if (cursor !== null) cursor = Math.max(cursor, message.rev);
      put(message, before);
    },
    /** A row of an answer: merged, and the cursor stays. */
    merge: (message: Message): void => put(message, cursor),
    /** Another change of the room was heard at this rev. */
    moved(rev: number): void {
      if (cursor !== null) cursor = Math.max(cursor, rev);
    },
    /** The end of a resume. After `reset` what is held may be of another history: the newest page comes in its place. */
    synced(verdict: "resumed" | "reset", last_rev: number): void {
      if (verdict === "resumed") {
        if (cursor !== null) cursor = Math.max(cursor, last_rev);
        return mend();
      }
      cursor = last_rev;
      gap_rev = null;
      early = [];
      void ask(rows.value.size);
    },
    endNew(): void {
      new_after.value = null;
    },
  };
});
