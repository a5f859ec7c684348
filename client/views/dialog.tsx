import "../styles/dialog.css";
import type { ComponentChildren } from "preact";
import { strings } from "../lib/strings.ts";
import { Icon } from "./icon.tsx";

const idOf = (name: string): string => `dialog-${name}`;

const unheard = new WeakSet<HTMLDialogElement>(); // were opened, and the event of their closing has not come

export function openDialog(name: string): void {
  const found = document.getElementById(idOf(name));
  if (!(found instanceof HTMLDialogElement) || found.open) return;
  if (unheard.has(found)) found.dispatchEvent(new Event("close")); // it comes a moment after the closing, and is passed over if it finds it open again
  unheard.add(found);
  found.showModal();
  found.querySelector<HTMLElement>("input, textarea, .button")?.focus(); // what it was opened for; the platform would take the button that closes
}

export function closeDialog(name: string): void {
  const found = document.getElementById(idOf(name));
  if (found instanceof HTMLDialogElement) found.close();
}

type Props = {
  name: string;
  title: string;
  kind?: "usual" | "wide" | "bare";
  onOpen?: () => void;
  onClose?: () => void;
  children: ComponentChildren;
};

/**
 * The platform's dialog: it traps the focus, closes on Esc and gives the focus back. A touch beside it closes it too; what was typed in its forms
 * goes when it closes.
 */
export function Dialog({ name, title, kind = "usual", onOpen, onClose, children }: Props) {
  const titled = `${idOf(name)}-title`;
  return (
    <dialog
      class="dialog"
      id={idOf(name)}
      data-kind={kind}
      aria-labelledby={titled}
      onToggle={(event) => event.newState === "open" && onOpen?.()}
      onClose={({ currentTarget }) => {
        if (currentTarget.open) return; // again, before this was heard
        unheard.delete(currentTarget);
        currentTarget.querySelectorAll("form").forEach((form) => form.reset());
        onClose?.();
      }}
      onPointerDown={(event) => isBeside(event) && event.currentTarget.close()}
    >
      <header class={kind === "bare" ? "hidden" : "dialog__head"}>
        <h2 class="dialog__title" id={titled}>
          {title}
        </h2>
        {kind !== "bare" && (
          <button class="tool dialog__close" type="button" aria-label={strings.close} onClick={() => closeDialog(name)}>
            <Icon sign="close" />
          </button>
        )}
      </header>
      {children}
    </dialog>
  );
}

/** The backdrop is the dialog's own, so a touch on it names the dialog; it lies outside its box. */
function isBeside({ target, currentTarget, clientX, clientY }: PointerEvent & { currentTarget: HTMLElement }): boolean {
  if (target !== currentTarget) return false;
  const { left, right, top, bottom } = currentTarget.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
