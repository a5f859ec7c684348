import "../styles/row-menu.css";
import { useEffect, useRef } from "preact/hooks";
import type { Message } from "../../server/protocol.ts";
import { keysFor } from "../lib/shortcuts.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { keyboardOf } from "./keyboard.ts";
import { roomTitle } from "./names.ts";
import { roomActsFor } from "./room-acts.ts";
import { actsFor } from "./row-acts.ts";

const EDGE_PX = 8;

/** The menu of the message or the room it was opened for: beside its row, and on touch a sheet at the lower edge. The platform gives the focus back. */
export function RowMenu({ app }: { app: App }) {
  const open = app.acts.menu.value;
  const menu = useRef<HTMLDialogElement>(null);
  const pressed = useRef(false); // beside the items: the click that ends the long press which opened it is none of ours
  const isLaid = app.layers.open.value.includes("menu");
  useEffect(() => {
    if (!isLaid) menu.current?.close(); // by the Back of a phone
  }, [isLaid]);
  useEffect(() => {
    if (!menu.current || !open) return;
    pressed.current = false;
    menu.current.showModal();
    app.layers.lay("menu");
    place(menu.current, open.at);
    menu.current.querySelector("button")?.focus();
  }, [open]);
  const room = open?.room_id === undefined ? undefined : app.rooms.rooms.value.get(open.room_id);
  const isOfNothing = open?.room_id !== undefined && !room; // one was left elsewhere, its menu being open
  const onClose = (): void => {
    app.acts.closeMenu();
    app.layers.lift("menu");
  };
  useEffect(() => {
    if (isOfNothing) onClose();
  }, [isOfNothing]);
  if (!open || isOfNothing) return null;
  const label = room ? roomTitle(app, room) : strings.message_menu;
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
    const items = [...event.currentTarget.querySelectorAll("button")];
    const at = items.findIndex((item) => item === document.activeElement);
    const next = nextOf(at, items.length, event.key);
    if (next === null) return;
    event.preventDefault();
    items[next]?.focus();
  };
  return (
    <dialog
      class="row-menu"
      aria-label={label}
      ref={menu}
      onClose={onClose}
      onPointerDown={(event) => (pressed.current = event.target === event.currentTarget)}
      onClick={(event) => pressed.current && event.target === event.currentTarget && event.currentTarget.close()}
    >
      <div class="row-menu__items" role="menu" aria-label={label} onKeyDown={onKeyDown}>
        {(open.message ? keyed(app, open.message) : room ? roomActsFor(app, room) : []).map(({ name, label: words, keys, run }: Offered) => (
          <button
            class="row-menu__item"
            role="menuitem"
            type="button"
            tabIndex={-1}
            data-name={name}
            key={name}
            onClick={() => after(menu.current, run)}
          >
            {words}
            {keys !== undefined && <kbd class="row-menu__key">{keys}</kbd>}
          </button>
        ))}
      </div>
    </dialog>
  );
}

type Offered = { name: string; label: string; keys?: string; run(): void };

const keyed = (app: App, message: Message): Offered[] =>
  actsFor(app, message).map((act) => (act.name === "copy_text" ? act : { ...act, keys: keysFor(act.name, keyboardOf(app)) }));

/** First the menu goes and the focus is back where it was; what is done may then take it further. */
function after(menu: HTMLDialogElement | null, run: () => void): void {
  menu?.close();
  run();
}

function place(menu: HTMLElement, { x, y }: { x: number; y: number }): void {
  if (matchMedia("(pointer: coarse)").matches) return; // the sheet has its place
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(EDGE_PX, Math.min(x, innerWidth - width - EDGE_PX))}px`;
  menu.style.top = `${Math.max(EDGE_PX, Math.min(y, innerHeight - height - EDGE_PX))}px`;
}

/** Round and round through a list by the arrow keys; null for other keys. */
function nextOf(at: number, length: number, key: string): number | null {
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at < 0 ? length - 1 : at - 1, Home: 0, End: length - 1 };
  const next = steps[key];
  return next === undefined || length === 0 ? null : (next + length) % length;
}
