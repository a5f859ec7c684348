/** What is wrong with how a page is laid out as it stands: one line for each thing. */
import type { Page } from "playwright-core";

export async function tooWide(page: Page): Promise<string[]> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return over > 0 ? [`${over} px too wide`] : [];
}

/** Words of buttons and labels that do not fit into them. What may be long by itself, a name, ends in "…" and is no button's only word. */
export const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const tight = [...document.querySelectorAll<HTMLElement>(".button, .menu__item, .field__label, .dialog__title, .link, .switch, legend, dt")];
    return tight
      .filter(
        (one) =>
          one.checkVisibility() &&
          one.closest(".hidden") === null &&
          (one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > innerWidth + 1),
      )
      .filter((one) => getComputedStyle(one).display !== "inline")
      .map((one) => `cut off: ${one.textContent ?? ""}`);
  });

/**
 * Words and controls that something else lies over, where they are in view. What is meant to lie over a page may: dialogs, menus, what floats
 * over the conversation, and what a row shows under the pointer.
 */
export const overlaps = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const ABOVE = "dialog[open], [popover], .status, .suggestions, .messages__newest, .messages__day, .sidebar__pill, .message__bar, .skip, .details";
    const CONTROLS = "button, a[href], input, select, textarea, [role=option], [role=menuitem]";
    const layer = document.querySelector("dialog[open]") ?? document.body;
    const isShown = (one: Element): boolean =>
      one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && one.closest(".hidden, .skip") === null;
    /** What is left of a box when everything that clips it has done so. */
    const clipped = (box: DOMRect, from: Element): { left: number; top: number; right: number; bottom: number } => {
      const left = {
        left: Math.max(0, box.left),
        top: Math.max(0, box.top),
        right: Math.min(innerWidth, box.right),
        bottom: Math.min(innerHeight, box.bottom),
      };
      for (let one: Element | null = from; one; one = one.parentElement) {
        if (getComputedStyle(one).overflow === "visible") continue;
        const { left: l, top, right, bottom } = one.getBoundingClientRect();
        Object.assign(left, {
          left: Math.max(left.left, l),
          top: Math.max(left.top, top),
          right: Math.min(left.right, right),
          bottom: Math.min(left.bottom, bottom),
        });
      }
      return left;
    };
    const covered = (box: DOMRect, one: Element): string[] => {
      const { left, top, right, bottom } = clipped(box, one);
      if (right - left < box.width / 2 || bottom - top < box.height / 2 || box.width < 2 || box.height < 2) return [];
      const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      if (!over || over.contains(one) || one.contains(over) || over.closest("label")?.contains(one)) return [];
      if (over.closest(ABOVE) !== null && over.closest(ABOVE) !== one.closest(ABOVE)) return [];
      return [`under ${over.tagName.toLowerCase()}.${over.className}: ${one.textContent || one.getAttribute("aria-label") || one.tagName}`];
    };
    const controls = [...layer.querySelectorAll(CONTROLS)].filter(isShown).flatMap((one) => covered(one.getBoundingClientRect(), one));
    const words: string[] = [];
    const texts = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const parent = text.parentElement;
      if (!parent || text.nodeValue?.trim() === "" || !isShown(parent)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const box of range.getClientRects()) words.push(...covered(box, parent));
    }
    return [...new Set([...controls, ...words])];
  });
