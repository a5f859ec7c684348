/** The page's keys: the table of lib/shortcuts says which press means what, this says what is done. */
import { type Deed, deedOf, isComposed, type Keyboard } from "../lib/shortcuts.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { confirmed } from "./confirm.tsx";
import { openDialog } from "./dialog.tsx";
import { keyboardOf } from "./keyboard.ts";
import { endNew } from "./row-acts.ts";
import { focusComposer } from "./writing.ts";

const REGIONS = [".sidebar", "#messages, .browse, .me", ".composer", ".details"];

/** The row that Tab comes to; elsewhere where Tab would stop first. */
const ROW = "article[tabindex='0']";
const STOP = ":is([aria-current=page], textarea, input, button, a, [tabindex]):not([tabindex='-1'])";

/** Returns what stops the listening. */
export function listenKeys(app: App): () => void {
  const last = new Map<string, HTMLElement>(); // where the focus last was in each region

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const deed = deedOf(event, isField(event.target) ? ["anywhere"] : ["anywhere", "outside"], keyboardOf(app));
    if (deed === "escape") return escapes(app, event);
    const run = deed && deeds[deed];
    if (!deed && isWriting(event, keyboardOf(app)) && !isCovered()) focusComposer(isInThread(event.target)); // before the key does what it does
    if (!run || (isCovered() && deed !== "switcher" && deed !== "help")) return;
    event.preventDefault();
    run();
  };
  const onFocusIn = ({ target }: FocusEvent): void => {
    const region = target instanceof HTMLElement && REGIONS.find((one) => target.closest(one));
    if (region) last.set(region, target);
  };
  const turn = (step: 1 | -1): void => {
    const there = REGIONS.filter((one) => document.querySelector(one)?.checkVisibility());
    const at = there.findIndex((one) => document.activeElement?.closest(one));
    const next = there.at((at + step) % there.length) ?? "";
    const before = last.get(next);
    if (before?.isConnected) return before.focus();
    const region = document.querySelector<HTMLElement>(next);
    const first = region?.querySelector<HTMLElement>(ROW) ?? region?.querySelector<HTMLElement>(STOP);
    (region?.tabIndex === 0 ? region : first)?.focus();
  };
  const go = (step: 1 | -1, unread: boolean): void => {
    const room_id = app.sidebar.next(app.place.room_id.peek(), step, unread);
    if (room_id !== null) app.place.go(`/r/${room_id}`);
  };
  const readAll = async (): Promise<void> => {
    if (await confirmed(strings.read_all_question, strings.read_all, "main")) app.readAll();
  };
  const turnDetails = (): void => {
    if (app.layers.open.peek().includes("details")) app.layers.lift("details");
    else if (app.room.peek()) app.layers.lay("details");
  };
  /** Those of the rows that are for anywhere. The others are for the field or the list that has the focus. */
  const deeds: Partial<Record<Deed, () => void>> = {
    switcher: () => openDialog("switcher"),
    new_direct: () => openDialog("new-direct"),
    room_before: () => go(-1, false),
    room_after: () => go(1, false),
    unread_before: () => go(-1, true),
    unread_after: () => go(1, true),
    region_after: () => turn(1),
    region_before: () => turn(-1),
    help: () => openDialog("help"),
    details: turnDetails,
    read_all: () => void readAll(),
    attach: () => document.querySelector<HTMLElement>(".room [type=file]")?.click(),
    first_unread: () => void app.timeline.peek()?.firstUnread(app.room.peek()?.me),
  };

  document.addEventListener("keydown", onKeyDown);
  document.addEventListener("focusin", onFocusIn);
  return () => {
    document.removeEventListener("keydown", onKeyDown);
    document.removeEventListener("focusin", onFocusIn);
  };
}

/** Innermost first: the platform closes its dialogs and menus, then what lies over the room, then the New line. */
function escapes(app: App, event: KeyboardEvent): void {
  if (isCovered()) return;
  const isThread = app.layers.open.peek().includes("thread");
  if (isThread && (isNarrow() || isInThread(event.target))) return app.threads.close();
  const covers = app.layers.open.peek().includes("details") && isNarrow();
  if (covers) return app.layers.lift("details");
  const elsewhere = isField(event.target) && !(event.target instanceof Element && event.target.closest(".composer")); // a field has its own way out
  if (!elsewhere) endNew(app);
}

const isNarrow = (): boolean => matchMedia("(width < 68.75em)").matches;

const isCovered = (): boolean => document.querySelector("dialog[open], [popover]:popover-open") !== null;

const isInThread = (target: EventTarget | null): boolean => target instanceof Element && target.closest("#thread") !== null;

/** A sign or a paste where nothing takes it: it is meant for the room. Space scrolls there, and presses what has the focus. */
function isWriting(event: KeyboardEvent, { mac, single_keys }: Keyboard): boolean {
  const { key, ctrlKey, metaKey, altKey } = event;
  if (isField(event.target) || isComposed(event) || altKey) return false;
  if (ctrlKey || metaKey) return key === "v" && (mac ? metaKey : ctrlKey);
  return single_keys && key.length === 1 && key !== " ";
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
