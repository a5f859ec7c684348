/** Copies a text; on plain http, where browsers withhold the clipboard, by selecting it in a field of its own. Rejects when it may not. */
export async function copyText(text: string): Promise<void> {
  if ("clipboard" in navigator) return navigator.clipboard.writeText(text);
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  const place = document.querySelector("dialog[open]") ?? document.body;
  place.append(field);
  field.select();
  const isDone = document.execCommand("copy"); // the only way there is on plain http
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!isDone) throw new Error("the browser did not copy");
}
