/**
 * The list of messages is one Tab stop. ↑ ↓ Home End move by row, Enter goes into a row and Esc back; a row's own keys, its menu by key,
 * by a long press, and which row the pointer is on. Set on the nodes, not drawn: moving the focus draws nothing but the rows it leaves and enters.
 */
import type { Message } from "../../server/protocol.ts";
import { type Deed, deedOf } from "../lib/shortcuts.ts";
import type { App } from "../models/app.ts";
import type { Timeline } from "../models/timeline.ts";
import { keyboardOf } from "./keyboard.ts";
import { actsFor, beginning } from "./row-acts.ts";
import { focusComposer } from "./writing.ts";

const LONG_PRESS_MS = 500;
const STILL_PX = 10; // a finger that moves further scrolls

const ARTICLE = ".message__body";
const INNER = "a[href], button, [role=button], [tabindex='0'], textarea";

/** What of a timeline the rows of a list are found in; a thread has less of it than a room. */
type Roved = Pick<Timeline, "stored" | "newest">;

/** `inThread`: it has a beginning and a composer of its own. */
export function rove(list: HTMLElement, app: App, timeline: Roved, inThread = false): () => void {
  let current: HTMLElement | null = null;
  const ends = new AbortController();
  const { signal } = ends;
  const articles = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>(ARTICLE)];
  const rowOf = (target: EventTarget | null): HTMLElement | null => (target instanceof Element ? target.closest<HTMLElement>("[data-key]") : null);
  const articleOf = (target: EventTarget | null): HTMLElement | null => rowOf(target)?.querySelector<HTMLElement>(ARTICLE) ?? null;
  const messageOf = (target: EventTarget | null): Message | undefined => {
    const seq = Number(rowOf(target)?.dataset["seq"]);
    return timeline.stored.peek().find((message) => message.seq === seq);
  };

  /** The row that Tab comes to: the last one that had the focus, else the newest. */
  const stop = (article: HTMLElement | null): void => {
    if (current && current !== article) current.tabIndex = -1;
    current = article;
    if (current) current.tabIndex = 0;
  };
  const settle = (): void => {
    if (!current?.isConnected) stop(articles().at(-1) ?? null);
  };
  const goTo = (article: HTMLElement | undefined): void => {
    article?.focus();
  };
  let entered: { article: HTMLElement; inner: HTMLElement[] } | null = null;
  /** Inside a row Tab goes from control to control; outside they are no stops. */
  const enterRow = (article: HTMLElement): void => {
    leaveRow();
    const inner = [...article.querySelectorAll<HTMLElement>(INNER)].filter((control) => control.checkVisibility()); // a grouped row hides its name
    entered = { article, inner: inner.filter(({ tabIndex }) => tabIndex < 0) };
    for (const control of entered.inner) control.tabIndex = 0;
    inner[0]?.focus();
  };
  const leaveRow = (): void => {
    for (const control of entered?.inner ?? []) control.tabIndex = -1;
    entered = null;
  };
  const menuOf = (target: EventTarget | null): void => {
    const message = messageOf(target);
    const at = rowOf(target)?.getBoundingClientRect();
    if (message && at && actsFor(app, message).length > 0) app.acts.openMenu(message, { x: at.left + at.width / 3, y: Math.max(at.top, 0) + 24 });
  };

  /** Where the room begins or ends: the rows there may have to be fetched, and the focus goes to the first or last of them. */
  const far = async (to: "first" | "last"): Promise<void> => {
    if (to === "last") await timeline.newest();
    else if (!inThread) await beginning(app);
    requestAnimationFrame(() => goTo(articles().at(to === "first" ? 0 : -1)));
  };
  /** Below the last row stands what one writes in; above the first nothing. */
  const step = (article: HTMLElement, by: 1 | -1): void => {
    const rows = articles();
    const next = rows[rows.indexOf(article) + by];
    if (next) goTo(next);
    else if (by === 1) focusComposer(inThread);
  };
  const run = (name: Deed, article: HTMLElement): boolean => {
    const message = messageOf(article);
    const act = message && actsFor(app, message).find((one) => one.name === name);
    act?.run();
    return act !== undefined;
  };
  const onRowKey = (event: KeyboardEvent, article: HTMLElement): boolean => {
    const deed = deedOf(event, ["message", "messages"], keyboardOf(app));
    if (deed === undefined) return false;
    const moves: Partial<Record<Deed, () => void>> = {
      row_before: () => step(article, -1),
      row_after: () => step(article, 1),
      row_first: () => goTo(articles()[0]),
      row_last: () => goTo(articles().at(-1)),
      oldest: () => void far("first"),
      newest: () => void far("last"),
      row_enter: () => enterRow(article),
      row_menu: () => menuOf(article),
      jump: () => app.acts.jump(messageOf(article)?.created_at ?? null),
    };
    const move = moves[deed];
    move?.();
    return move !== undefined || run(deed, article);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const article = articleOf(event.target);
    if (!article) return;
    if (event.target === article && onRowKey(event, article)) stopAll(event, () => {});
    else if (event.target !== article && deedOf(event, ["anywhere"], keyboardOf(app)) === "escape") stopAll(event, () => article.focus());
  };
  const stopAll = (event: Event, run: () => void): void => {
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  const onFocus = (event: FocusEvent): void => {
    if (event.target === list) return (current?.isConnected ? current : articles().at(-1))?.focus();
    const article = articleOf(event.target);
    if (entered && (entered.article !== article || event.target === article)) leaveRow();
    stop(article);
    app.acts.point(rowOf(event.target)?.dataset["key"] ?? null);
  };
  const onPointer = (event: PointerEvent): void => {
    if (event.pointerType === "mouse") app.acts.point(rowOf(event.target)?.dataset["key"] ?? null);
  };

  let press: { timer: ReturnType<typeof setTimeout>; x: number; y: number } | null = null;
  const release = (): void => {
    if (press) clearTimeout(press.timer);
    press = null;
  };
  const onPress = (event: PointerEvent): void => {
    release();
    if (event.pointerType !== "touch") return;
    const timer = setTimeout(() => menuOf(event.target), LONG_PRESS_MS);
    press = { timer, x: event.clientX, y: event.clientY };
  };
  const onMove = (event: PointerEvent): void => {
    if (press && Math.hypot(event.clientX - press.x, event.clientY - press.y) > STILL_PX) release();
  };
  const onContextMenu = (event: PointerEvent): void => {
    if (event.pointerType === "touch") event.preventDefault(); // our sheet comes instead
  };

  const drawn = new MutationObserver(settle);
  drawn.observe(list, { childList: true, subtree: true });
  settle();
  list.addEventListener("keydown", onKeyDown, { signal });
  list.addEventListener("focusin", onFocus, { signal });
  list.addEventListener("pointerover", onPointer, { signal });
  list.addEventListener("pointerleave", () => app.acts.point(null), { signal });
  list.addEventListener("pointerdown", onPress, { signal });
  list.addEventListener("pointermove", onMove, { signal, passive: true });
  for (const end of ["pointerup", "pointercancel"] as const) list.addEventListener(end, release, { signal });
  list.addEventListener("scroll", release, { signal, passive: true });
  list.addEventListener("contextmenu", onContextMenu, { signal });
  return () => {
    ends.abort();
    release();
    drawn.disconnect();
    app.acts.point(null);
  };
}
