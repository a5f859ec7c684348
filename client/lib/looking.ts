/** Whether somebody looks at this tab: it is visible, and its window has the focus. */
export const isLooking = (): boolean => !document.hidden && document.hasFocus();

/** Calls when that may have changed. Returns what stops the calling. */
export function onLook(changed: () => void): () => void {
  const ends = new AbortController();
  for (const what of ["focus", "blur", "pagehide"]) addEventListener(what, changed, { signal: ends.signal });
  document.addEventListener("visibilitychange", changed, { signal: ends.signal });
  return () => ends.abort();
}
