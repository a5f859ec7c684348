/**
 * Keeps the reader's place: nothing moves under the eye. At the end the list stays at its end; elsewhere the first row in view stays where it
 * is, whatever is inserted, edited or removed above it. By hand, because not every engine anchors.
 */

const NEAR_END_PX = 48;

export type Reading = ReturnType<typeof keepReading>;

export function keepReading(tell: (at_end: boolean) => void) {
  let list: HTMLElement | null = null;
  let opened = false;
  let at_end = true;
  let anchor: { row: HTMLElement; top: number } | null = null;
  let newest_own: string | undefined;

  /** Remembers where reading is. */
  const note = (): void => {
    if (!list) return;
    at_end = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    const row = at_end ? null : firstInView(list);
    anchor = row && { row, top: row.offsetTop - list.scrollTop };
    tell(at_end);
  };
  /** Puts it back there. */
  const restore = (): void => {
    if (!list) return;
    if (at_end) list.scrollTop = list.scrollHeight;
    else if (anchor?.row.isConnected) list.scrollTop = anchor.row.offsetTop - anchor.top;
  };
  /** Opens at the first unread, a third down the pane; with nothing unread, at the end. */
  const open = (): void => {
    if (!list) return;
    opened = true;
    const mark = list.querySelector(".messages__new");
    list.scrollTop = mark instanceof HTMLElement ? mark.offsetTop - list.clientHeight / 3 : list.scrollHeight;
  };

  return {
    /** Begins with the element that scrolls; returns what ends it. */
    watch(element: HTMLElement | null): () => void {
      list = element;
      if (!list) return () => {};
      const sizes = new ResizeObserver(restore); // a text grows, a phone's keyboard opens
      sizes.observe(list);
      for (const child of list.children) sizes.observe(child);
      list.addEventListener("scroll", note, { passive: true });
      return () => {
        sizes.disconnect();
        list?.removeEventListener("scroll", note);
      };
    },
    /** To be called after each drawing. One's own new message always goes to the end. */
    drawn(own: string | undefined): void {
      if (own !== undefined && own !== newest_own) at_end = true;
      newest_own = own;
      if (opened) restore();
      else open();
      note();
    },
    toEnd(): void {
      at_end = true;
      restore();
    },
  };
}

/** The seq of the last row whose lower end is in view; 0 for none. */
export function seenIn(list: HTMLElement): number {
  const bottom = list.scrollTop + list.clientHeight + 1;
  const rows = [...list.querySelectorAll<HTMLElement>("[data-seq]")];
  return Number(rows.findLast((row) => row.offsetTop + row.offsetHeight <= bottom)?.dataset["seq"] ?? 0);
}

const firstInView = (list: HTMLElement): HTMLElement | null =>
  [...list.querySelectorAll<HTMLElement>("li")].find((row) => row.offsetTop + row.offsetHeight > list.scrollTop) ?? null;
