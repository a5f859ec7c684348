/** The sign in the browser's tab, with what is waiting: a number for what is for this reader, a dot for other unread. */

export type Waiting = { addressed: number; other: boolean };

const MARK =
  '<rect width="32" height="32" rx="9" fill="#1f5f62"/><path d="M8.5 8.5v7.5a7.5 7.5 0 0 0 15 0V8.5" fill="none" stroke="#fbf8f1" stroke-width="4.2" stroke-linecap="round"/><circle cx="16" cy="12.4" r="3.6" fill="#f2b366"/>';

/** The mark as an address of its own; null where nothing waits and the page's icon does. */
export function faviconOf({ addressed, other }: Waiting): string | null {
  const sign =
    addressed > 0 ? numbered(addressed) : other ? '<circle cx="26" cy="6" r="6" fill="#fbf8f1"/><circle cx="26" cy="6" r="4.5" fill="#c2410c"/>' : "";
  if (sign === "") return null;
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${MARK}${sign}</svg>`)}`;
}

function numbered(count: number): string {
  const text = count > 9 ? "9+" : String(count);
  return `<rect x="11" y="12" width="21" height="20" rx="9" fill="#b91c1c"/><text x="21.5" y="27.5" text-anchor="middle" font-family="sans-serif" font-size="16" font-weight="700" fill="#fff">${text}</text>`;
}

let usual: string | null = null;

export function showFavicon(waiting: Waiting): void {
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (!link) return;
  usual ??= link.href;
  const next = faviconOf(waiting) ?? usual;
  if (link.href !== next) link.href = next;
}
