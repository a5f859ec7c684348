/**
 * What was pressed may be gone when its deed is done. The focus then goes to what its row says of that, or where the row has gone too to the
 * heading of the page: never nowhere. Call it once the deed is done.
 */
export function keepFocus(row: Element | null | undefined): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const place = row?.isConnected === true ? row.querySelector<HTMLElement>(".outcome") : null;
    (place ?? document.getElementById("room-name"))?.focus();
  });
}

/** The row of a list in which this happened. */
export const rowOf = ({ target }: Event): Element | null => (target instanceof Element ? target.closest("li") : null);
