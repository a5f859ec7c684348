import "../styles/menu.css";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { App } from "../models/app.ts";
import { Icon, type Sign } from "./icon.tsx";

type Props = { app: App; id: string; label: string; kind: string; button: ComponentChildren; children: ComponentChildren };

const EDGE_PX = 8;

/** A button with a list of things to do; a button of kind `tool` is only a sign, and is named by the label. The platform's popover, which closes by itself and gives the focus back. On a phone, a sheet. */
export function Menu({ app, id, label, kind, button, children }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const shown = useRef(false);
  const isLaid = app.layers.open.value.includes("menu");
  useEffect(() => {
    if (!isLaid && shown.current) list.current?.hidePopover();
  }, [isLaid]);
  const onToggle = ({ newState }: { newState: string }): void => {
    shown.current = newState === "open";
    if (!shown.current) return app.layers.lift("menu");
    app.layers.lay("menu");
    const items = itemsIn(list.current);
    (items.find(({ ariaChecked }) => ariaChecked === "true") ?? items[0])?.focus();
  };
  return (
    <>
      <button class={kind} type="button" popovertarget={id} aria-haspopup="menu" aria-label={kind === "tool" ? label : undefined} title={label}>
        {button}
      </button>
      <div
        class="menu"
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        ref={list}
        onBeforeToggle={(event) => event.newState === "open" && place(event.currentTarget)}
        onToggle={onToggle}
        onKeyDown={moves}
        onClick={({ target, currentTarget }) => target instanceof Element && target.closest(ITEM) && currentTarget.hidePopover()}
      >
        {children}
      </div>
    </>
  );
}

type ItemProps = { sign: Sign; words: string; keys?: string; danger?: boolean; chosen?: boolean; onChoose(): void };

/** `chosen` makes it one of several of which one holds. */
export function Item({ sign, words, keys, danger = false, chosen, onChoose }: ItemProps) {
  const role = chosen === undefined ? "menuitem" : "menuitemradio";
  return (
    <button class="menu__item" type="button" role={role} aria-checked={chosen} tabIndex={-1} data-danger={danger} onClick={onChoose}>
      <Icon sign={sign} />
      <span class="menu__words">{words}</span>
      {keys !== undefined && <kbd class="key">{keys}</kbd>}
      {chosen === true && <Icon sign="check" />}
    </button>
  );
}

const ITEM = "[role^=menuitem]";
const itemsIn = (list: HTMLElement | null): HTMLElement[] => [...(list?.querySelectorAll<HTMLElement>(ITEM) ?? [])];

function moves(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const items = itemsIn(event.currentTarget);
  const at = items.findIndex((item) => item === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}

/** Beside its button, on the side where there is room. */
function place(list: HTMLElement): void {
  const button = document.querySelector(`[popovertarget="${list.id}"]`)?.getBoundingClientRect();
  if (!button) return;
  const isLow = button.bottom > innerHeight * 0.6;
  const isFar = button.left > innerWidth / 2;
  const px = (length: number): string => `${Math.round(Math.max(EDGE_PX, length))}px`;
  const set = (name: string, value: string): void => list.style.setProperty(name, value);
  set("--menu-top", isLow ? "auto" : px(button.bottom + 4));
  set("--menu-bottom", isLow ? px(innerHeight - button.top + 4) : "auto");
  set("--menu-left", isFar ? "auto" : px(button.left));
  set("--menu-right", isFar ? px(document.documentElement.clientWidth - button.right) : "auto");
}
