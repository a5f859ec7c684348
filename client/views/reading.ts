/**
 * Keeps the reader's place: nothing moves under the eye. At the end the list stays at its end; elsewhere the first whole row in view stays
 * where it is, whatever is inserted, edited, removed or grows late above it. By hand, because not every engine anchors.
 */
import type { ReadingPlace } from "../lib/places.ts";
import type { Opening } from "../models/stretch.ts";

const NEAR_END_PX = 48;
const AHEAD_SCREENS = 1.5; // more is fetched before the reader is out of rows
const ROW = ".message";

export type Reading = ReturnType<typeof keepReading>;
export type ReadingParts = {
  /** The scroll position has come to rest somewhere: near the end or not, and the first row in view (null at the end). */
  moved(at: { end: boolean; place: ReadingPlace | null }): void;
  near(side: "start" | "end"): void;
};

export function keepReading({ moved, near }: ReadingParts) {
  let list: HTMLElement | null = null;
  let opened: Opening | null = null;
  let at_end = true;
  let is_newest = true; // nothing is missing below what is drawn
  let anchors: readonly { row: HTMLElement; top: number }[] = [];
  let own: string | undefined;
  let set_to = -1;

  const distance = (): number => (list ? list.scrollHeight - list.scrollTop - list.clientHeight : 0);
  const scrollTo = (top: number): void => {
    if (!list) return;
    list.scrollTop = top;
    set_to = list.scrollTop;
  };
  const topOf = (row: HTMLElement): number => row.getBoundingClientRect().top - (list?.getBoundingClientRect().top ?? 0);

  /** Remembers where reading is. The row that is cut by the upper edge anchors last: what grows in it pushes what is read. */
  const note = (): void => {
    if (!list) return;
    at_end = distance() < NEAR_END_PX && is_newest;
    const tops = rowsInView(list).map((row) => ({ row, top: topOf(row) }));
    anchors = [...tops.filter(({ top }) => top >= 0), ...tops.filter(({ top }) => top < 0)];
    const first = anchors.find(({ row }) => row.dataset["seq"] !== undefined);
    moved({ end: at_end, place: at_end || !first ? null : { seq: Number(first.row.dataset["seq"]), top: first.top } });
  };
  /** Puts it back there. */
  const restore = (): void => {
    if (!list) return;
    if (at_end) return scrollTo(list.scrollHeight);
    const anchor = anchors.find(({ row }) => row.isConnected);
    if (!anchor) return;
    const shift = topOf(anchor.row) - anchor.top;
    if (Math.abs(shift) >= 0.5) scrollTo(list.scrollTop + shift);
  };
  const open = (opening: Opening): void => {
    if (!list) return;
    if (opening.at === "start") {
      at_end = false;
      return scrollTo(0);
    }
    const mark =
      opening.at === "new" ? list.querySelector(".messages__new") : list.querySelector(`[data-seq="${opening.at === "row" ? opening.seq : 0}"]`);
    at_end = !(mark instanceof HTMLElement);
    if (!(mark instanceof HTMLElement)) return scrollTo(list.scrollHeight);
    const top = opening.at === "row" ? opening.top : undefined;
    scrollTo(list.scrollTop + topOf(mark) - (top ?? list.clientHeight / 3));
  };
  const lookAhead = (): void => {
    if (!list) return;
    if (list.scrollTop < list.clientHeight * AHEAD_SCREENS) near("start");
    if (distance() < list.clientHeight * AHEAD_SCREENS) near("end");
  };
  /** Of the days that stick at the top the last one shows; a longer one would look out behind it. */
  const coverDays = (): void => {
    let next = Infinity;
    for (const day of [...(list?.querySelectorAll(".messages__day") ?? [])].toReversed()) {
      const { top, bottom } = day.getBoundingClientRect();
      day.toggleAttribute("data-covered", next < bottom);
      next = top;
    }
  };
  const onScroll = (): void => {
    if (list && Math.abs(list.scrollTop - set_to) >= 1) note();
    set_to = -1;
    lookAhead();
    coverDays();
  };

  return {
    /** Begins with the element that scrolls; returns what ends it. */
    watch(element: HTMLElement | null): () => void {
      list = element;
      if (!list) return () => {};
      const sizes = new ResizeObserver(restore); // a text grows, a phone's keyboard opens
      sizes.observe(list);
      for (const child of list.children) sizes.observe(child);
      list.addEventListener("scroll", onScroll, { passive: true });
      return () => {
        sizes.disconnect();
        list?.removeEventListener("scroll", onScroll);
      };
    },
    /** To be called after each drawing. One's own new message always goes to the end. */
    drawn(now: { opening: Opening; isNewest: boolean; own: string | undefined }): void {
      is_newest = now.isNewest;
      if (now.opening !== opened) open(now.opening);
      else if (now.own !== undefined && now.own !== own) {
        at_end = true;
        if (list) scrollTo(list.scrollHeight);
      } else restore();
      opened = now.opening;
      own = now.own;
      note();
      lookAhead();
      coverDays();
    },
    /** Whether rows run out: what could not be had before may be had now. */
    lookAhead,
  };
}

/** The rows that are in view in part at least, from above to below. */
export function rowsInView(list: HTMLElement): HTMLElement[] {
  const { top, bottom } = list.getBoundingClientRect();
  const rows = [...list.querySelectorAll<HTMLElement>(ROW)];
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((rows[middle]?.getBoundingClientRect().bottom ?? 0) > top) to = middle;
    else from = middle + 1;
  }
  const end = rows.findIndex((row, i) => i >= from && row.getBoundingClientRect().top >= bottom);
  return rows.slice(from, end === -1 ? undefined : end);
}

/** The seqs of the stored rows that are in view by half, or by their lower end. */
export function seqsInView(list: HTMLElement): number[] {
  const { top, bottom } = list.getBoundingClientRect();
  return rowsInView(list).flatMap((row) => {
    const seq = row.dataset["seq"];
    const at = row.getBoundingClientRect();
    const shown = Math.min(at.bottom, bottom) - Math.max(at.top, top);
    return seq !== undefined && (shown >= at.height / 2 || at.bottom <= bottom + 1) ? [Number(seq)] : [];
  });
}
