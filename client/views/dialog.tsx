import "../styles/dialog.css";
import type { ComponentChildren } from "preact";
import { strings } from "../lib/strings.ts";

const idOf = (name: string): string => `dialog-${name}`;

export function openDialog(name: string): void {
  const found = document.getElementById(idOf(name));
  if (found instanceof HTMLDialogElement) found.showModal();
}

export function closeDialog(name: string): void {
  const found = document.getElementById(idOf(name));
  if (found instanceof HTMLDialogElement) found.close();
}

/** The platform's dialog: it traps the focus, closes on Esc and gives the focus back. */
export function Dialog({ name, title, onOpen, children }: { name: string; title: string; onOpen?: () => void; children: ComponentChildren }) {
  return (
    <dialog class="dialog" id={idOf(name)} aria-labelledby={`${idOf(name)}-title`} onToggle={(event) => event.newState === "open" && onOpen?.()}>
      <header class="dialog__head">
        <h2 class="dialog__title" id={`${idOf(name)}-title`}>
          {title}
        </h2>
        <button class="dialog__close" type="button" aria-label={strings.close} onClick={() => closeDialog(name)}>
          ×
        </button>
      </header>
      {children}
    </dialog>
  );
}
