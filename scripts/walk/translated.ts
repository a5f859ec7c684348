/**
 * Which words on a page are not in the catalogue: in the mirrored language each text of it says where it begins and where it ends. And which are not in
 * the language of the page, where that is Chinese.
 */
import type { Page } from "playwright-core";
import type { List, Room, User } from "../../server/protocol.ts";
import type { Caller } from "./rest.ts";

/** What people wrote, what is code, the names of languages, what the browser says of time, the names of keys and of emoji, and what stands for somebody's name. */
const NOT_OURS =
  ".text, textarea, code, .quote__text, .saved__text, .emoji-picker__cell, .emoji-picker__chosen, .replying__text, .room__text, .suggestions__name, time, kbd, .key, .me__device-words [title], .desk__id, .face, .files__name, .files__picture, .tray__name, .message__face, .suggestions__face, option[lang], script, style, noscript";
const NAMES_OF_DEVICES = /\b(Chrome|Chromium|HeadlessChrome|Linux)\b/gu;
/** A whole time in a tooltip, as the browser says it for the tour's own locale. */
const TIMES = /\b[A-Z][a-z]+day,? \d{1,2} [A-Z][a-z]+ \d{4} at \d{2}:\d{2}\b/gu;

/** Words in view or in a name for who hears the page that come from nowhere; `written` is what people have called things, longest first. */
export async function foreignWords(page: Page, written: readonly string[]): Promise<string[]> {
  return (await textsOn(page, NOT_OURS)).filter((text) => /\p{L}/u.test(remains(text, written)));
}

/** Written so in Chinese too. */
const NOT_TRANSLATED = /\b(Snug|Webhook|API|ID|JSON|MIT|Enter|Ctrl|Esc|Bun|[kMG]B|JPEG|PNG|GIF|WebP)\b/gu;

/** English words on a page that is Chinese, but for what people have written. */
export async function englishWords(page: Page, written: readonly string[]): Promise<string[]> {
  const texts = await textsOn(page, `${NOT_OURS}, .messages__list`); // a row's label holds what was said
  return texts.filter((text) => /[a-z]{2,}/iu.test(remains(text, written).replace(NOT_TRANSLATED, "")));
}

/** What people have called themselves, their rooms and what they do, longest first. */
export async function writtenBy(call: Caller): Promise<string[]> {
  const users = ((await call("GET", "/users?limit=50")) as List<User>).items;
  const rooms = ((await call("GET", "/rooms?limit=50")) as List<Room>).items;
  return [
    ...users.flatMap(({ username, display_name, status }) => [display_name, username ?? "", status?.text ?? ""]),
    ...rooms.flatMap(({ name, description }) => [name ?? "", description ?? ""]),
  ]
    .filter((words) => words !== "")
    .toSorted((a, b) => b.length - a.length);
}

async function textsOn(page: Page, notOurs: string): Promise<string[]> {
  return page.evaluate((notOurs) => {
    const all = [document.title];
    for (const one of document.querySelectorAll("body *")) {
      if (one.closest(notOurs) !== null) continue;
      for (const name of ["aria-label", "title", "placeholder", "alt", "aria-description", "aria-roledescription"])
        all.push(one.getAttribute(name) ?? "");
      for (const child of one.childNodes) if (child.nodeType === Node.TEXT_NODE) all.push(child.nodeValue ?? "");
    }
    return [...new Set(all)];
  }, notOurs);
}

/** A text without what the catalogue has said in it, and without names. */
function remains(text: string, written: readonly string[]): string {
  let depth = 0;
  let left = "";
  for (const sign of text) {
    if (sign === "\u202E") depth += 1;
    else if (sign === "\u202C") depth -= 1;
    else if (depth === 0) left += sign;
  }
  return written
    .reduce((rest, words) => rest.replaceAll(words, ""), left)
    .replaceAll(NAMES_OF_DEVICES, "")
    .replaceAll(TIMES, "");
}
