/**
 * One room's messages as this tab holds them: a stretch without holes, somewhere in the room, each row as of its newest rev. Rows come from
 * pages, from the room's stream and from answers, in any order; each is merged by its own rev. Only the stream moves the cursor. A stretch
 * that does not reach the newest row takes none across the hole: those are counted, and fetched when the reader comes near.
 */
import { action, createModel, signal } from "@preact/signals";
import type { Message, MessagePage, Mine } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { ApiError } from "../lib/api-error.ts";
import type { ReadingPlace } from "../lib/places.ts";
import { createGap } from "./gap.ts";
import { createHeld, type Side } from "./held.ts";
import { readUpTo } from "./read.ts";
import { createSides } from "./sides.ts";
import { type Errand, firstQuestion, isWithin, type Opening, PAGE, PAGE_MAX, type Question } from "./stretch.ts";

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

const MARKED_MS = 2_000;
const STUMBLE_MS = 1_000; // before a page that could not be had is asked for again
const STUMBLE_MAX_MS = 30_000;

export const TimelineModel = createModel(({ api, room_id, later, meet, resume }: TimelineParts) => {
  const path = `/rooms/${room_id}/messages`;
  const recount = async (id: string) => (await api.get<{ message: Message }>(`${path}/${id}`)).message.replies;
  const held = createHeld(recount);
  const { rows, stored, more_before, more_after, merge, bound, dropBelow, beyond, holds, answered, forgetReplies } = held;
  const state = signal<TimelineState>("loading");
  const new_after = signal<number | null>(null);
  const at_end = signal(true);
  const opening = signal<Opening>({ at: "end" });
  const marked = signal<number | null>(null);
  const missing = signal(false);
  let cursor: number | null = null;
  let begins = 1; // the seq of the room's first message, or of the one that will be; known once there is nothing before what is held
  let early: Message[] | null = []; // rows that came while a stretch is on its way
  let question: Question | null = null; // the last one, for another try
  let asked = 0; // which question is the last one
  let place: ReadingPlace | null = null; // of the first row in view; null at the end
  let unmark = (): void => {};
  let stumbles = 0; // in a row
  let rest = (): void => {}; // ends the wait for another try

  const farSide = (): Side => {
    const middle = stored.value[stored.value.length >> 1]?.seq ?? 0;
    return place === null || place.seq >= middle ? "before" : "after";
  };
  const took = action((page: MessagePage, asking: Question) => {
    meet(page.users);
    merge([...page.items, ...(early ?? []).filter((message) => isWithin(message, page))], new Map());
    early = null;
    cursor ??= page.position;
    begins = page.items[0]?.seq ?? page.last_seq + 1;
    more_before.value = page.more_before;
    more_after.value = page.more_after;
    at_end.value = asking.opening.at === "end" && !page.more_after;
    opening.value = { ...asking.opening };
    state.value = "ready";
    gap.mind(cursor);
  });
  const settle = action((next: TimelineState) => {
    state.value = next;
  });
  const mark = action((seq: number | null) => {
    const row = seq === null ? undefined : rows.value.get(seq);
    marked.value = row && row.removed_at === undefined ? row.seq : null;
    missing.value = seq !== null && marked.value === null && state.value === "ready";
    unmark();
    if (marked.value !== null) unmark = later(MARKED_MS, () => mark(null));
  });

  const gap = createGap({
    stored: () => stored.value,
    begins: () => (more_before.value ? null : begins),
    later,
    resume,
    async read(after_seq) {
      const page = await api.get<MessagePage>(`${path}?after_seq=${after_seq}&limit=${PAGE_MAX}`).catch(() => null);
      if (!page || page.items.length === 0) return false;
      filled(page);
      return true;
    },
  });
  const filled = action((page: MessagePage) => {
    meet(page.users);
    const last = stored.value.at(-1)?.seq ?? 0;
    merge(page.items.filter(({ seq }) => !more_after.value || seq <= last));
  });

  /** Another stretch in place of what is held, which stays on the screen until then; what comes by the stream meanwhile is kept. */
  const ask = async (asking: Question): Promise<void> => {
    const mine = (asked += 1);
    rest();
    question = asking;
    early ??= [];
    const limit = Math.min(PAGE_MAX, Math.max(PAGE, asking.limit));
    try {
      const page = await api.get<MessagePage>(
        asking.around === undefined ? `${path}?limit=${limit}` : `${path}?around_seq=${asking.around}&limit=${limit}`,
      );
      if (mine !== asked) return;
      stumbles = 0;
      took(page, asking);
    } catch (fault) {
      if (mine !== asked) return;
      settle(fault instanceof ApiError && fault.code === "not_found" ? "unavailable" : "failed");
      if (fault instanceof ApiError && !fault.retry) return;
      rest = later(Math.min(STUMBLE_MAX_MS, STUMBLE_MS * 2 ** stumbles), () => void ask(asking));
      stumbles += 1;
    }
  };

  /** A page beside what is held. While it could not be had the side counts as loading: so nobody asks for it in a storm. */
  const pageBeside = async (query: string): Promise<MessagePage | null> => {
    const page = await api.get<MessagePage>(`${path}?${query}&limit=${PAGE}`).catch(() => null);
    if (!page) await new Promise<void>((resolve) => later(STUMBLE_MS, resolve));
    return page;
  };
  const { loading_older, loading_newer, older, newer, keep } = createSides({
    held,
    page: pageBeside,
    stretch: () => asked,
    came(page, side) {
      meet(page.users);
      if (side === "before") begins = stored.value[0]?.seq ?? begins;
      else gap.mind(cursor);
    },
  });

  const put = action((message: Message, before: number | null): void => {
    answered(message);
    if (early) return void early.push(message);
    const side = beyond(message);
    if (side !== null) return keep(message, side);
    merge([message]);
    bound(farSide());
    gap.mind(before);
  });

  const askAnew = (asking: Question): void => {
    state.value = "loading";
    void ask(asking);
  };
  const visit = async (seq: number): Promise<void> => {
    if (early || !rows.value.has(seq)) await ask({ around: Math.max(1, seq), limit: PAGE, opening: { at: "row", seq } });
    else open({ at: "row", seq });
    mark(seq);
  };
  const newest = async (): Promise<void> => {
    if (more_after.value) await ask({ limit: PAGE, opening: { at: "end" } });
    else open({ at: "end" });
  };
  const open = action((at: Opening): void => {
    opening.value = { ...at };
  });

  return {
    roomId: () => room_id,
    stored,
    state,
    more_before,
    /** Whether newer rows are missing below. */
    more_after,
    loading_older,
    loading_newer,
    /** The seq after which the New line stands in this visit; null for none. */
    new_after,
    /** Whether the reader is at the end, so that what arrives is in view. */
    at_end,
    /** A new object each time the reader is to be brought somewhere. */
    opening,
    /** The seq of the message that an address or a quote has just led to. */
    marked,
    /** Whether the message that was asked for is not to be had. */
    missing,
    /** Up to where the room's stream has been heard whole; null before the first page. */
    cursor: () => gap.rev() ?? cursor,
    /** Begins a visit: the New line stands after what was read before it, and stays there. */
    enter(acked_seq: number, unread: number, errand: Errand = {}): void {
      const asking = firstQuestion(acked_seq, unread, errand);
      new_after.value = unread > 0 ? acked_seq : null;
      missing.value = false;
      if (errand.seq !== undefined && errand.seq !== null && !early) return void visit(errand.seq);
      if (early && asked === 0) return void ask(asking).then(() => mark(errand.seq ?? null));
      if (early) return;
      if (unread > 0 && !holds(acked_seq + 1)) return askAnew(asking);
      opening.value = unread > 0 ? { at: "new" } : place === null ? { at: "end" } : { at: "row", ...place };
      at_end.value = opening.value.at === "end" && !more_after.value;
    },
    /** Ends a visit; far more than a screen is not kept for the next. */
    leave(): void {
      new_after.value = null;
      mark(null);
      if (place === null && !more_after.value) return bound("before", rows.value.size > PAGE_MAX ? PAGE : PAGE_MAX);
      const at = stored.value.findIndex(({ seq }) => seq >= (place?.seq ?? 0));
      bound("before", Math.max(PAGE, stored.value.length - Math.max(0, at - PAGE)));
      bound("after", PAGE_MAX);
    },
    /** Asks again: after a failure, or when the stream began anew while the answer was on its way. */
    retry(): void {
      if (state.value === "ready" || !question) return;
      askAnew(question);
    },
    older,
    newer,
    /** Leads to a message of this room, fetching what is around it. */
    visit,
    /** Leads to the newest message; resolves when it is there. */
    newest,
    /** Leads to the first message at or after this time; where there is none, to the newest. */
    async visitTime(at: string): Promise<void> {
      const { items } = await api.get<MessagePage>(`${path}?around_time=${encodeURIComponent(at)}&limit=1`);
      await (items[0] ? visit(items[0].seq) : newest());
    },
    /** Leads to the beginning of the room, whose first message has this seq. */
    async oldest(first_seq: number): Promise<void> {
      if (more_before.value) await ask({ around: first_seq, limit: PAGE, opening: { at: "start" } });
      else open({ at: "start" });
    },
    /** Leads to the New line of this visit, else to what came since; where everything is read, nowhere. */
    async firstUnread(mine: Pick<Mine, "acked_seq" | "marked_seq" | "unread"> | undefined): Promise<void> {
      const after = new_after.value ?? (mine && mine.unread > 0 ? readUpTo(mine) : null);
      if (after === null) return;
      const at: Opening = new_after.value === null ? { at: "row", seq: after + 1 } : { at: "new" };
      if (holds(after + 1)) open(at);
      else await ask({ around: after + 1, limit: PAGE, opening: at });
    },
    beAtEnd(is: boolean): void {
      at_end.value = is && !more_after.value;
    },
    /** Where the reader is: to come back to, and to know which side is far. Null at the end. */
    keepPlace(at: ReadingPlace | null): void {
      place = at;
    },
    place: () => place,
    /** The room has deleted what was before this seq; who was reading that reads the end. */
    began(first_seq: number): void {
      if (!dropBelow(first_seq)) return;
      begins = first_seq;
      if (stored.value.length === 0 && more_after.value) askAnew({ limit: PAGE, opening: { at: "end" } });
    },
    /** The reader goes on from a message that was not to be had. */
    goOn: (): void => mark(null),
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
    /** The end of a resume. After `reset` what is held may be of another history: the same place comes anew. */
    synced(verdict: "resumed" | "reset", last_rev: number): void {
      if (verdict === "resumed") {
        if (cursor !== null) cursor = Math.max(cursor, last_rev);
        return gap.mend();
      }
      cursor = last_rev;
      gap.forget();
      forgetReplies();
      early = [];
      const limit = rows.value.size;
      void ask(place === null ? { limit, opening: { at: "end" } } : { around: place.seq, limit, opening: { at: "row", ...place } });
    },
    endNew(): void {
      new_after.value = null;
    },
    /** What begins here was marked unread. */
    beginNew(seq: number): void {
      new_after.value = seq - 1;
    },
  };
});
