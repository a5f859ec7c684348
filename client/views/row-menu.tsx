import "../styles/row-menu.css";
import { useEffect, useRef } from "preact/hooks";
import { keysFor } from "../lib/shortcuts.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { keyboardOf } from "./keyboard.ts";
import { actsFor } from "./row-acts.ts";

const EDGE_PX = 8;

/** The menu of the message it was opened for: beside the row, and on touch a sheet at the lower edge. The platform gives the focus back. */
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
  if (!open) return null;
  const onClose = (): void => {
    app.acts.closeMenu();
    app.layers.lift("menu");
  };
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
      aria-label={strings.message_menu}
      ref={menu}
      onClose={onClose}
      onPointerDown={(event) => (pressed.current = event.target === event.currentTarget)}
      onClick={(event) => pressed.current && event.target === event.currentTarget && event.currentTarget.close()}
    >
      <div class="row-menu__items" role="menu" aria-label={strings.message_menu} onKeyDown={onKeyDown}>
        {actsFor(app, open.message).map(({ name, label, run }) => (
          <button
            class="row-menu__item"
            role="menuitem"
            type="button"
            tabIndex={-1}
            data-name={name}
            key={name}
            onClick={() => after(menu.current, run)}
          >
            {label}
            {name !== "copy_text" && <kbd class="row-menu__key">{keysFor(name, keyboardOf(app))}</kbd>}
          </button>
        ))}
      </div>
    </dialog>
  );
}

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
