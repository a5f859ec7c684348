import "../styles/secret.css";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { copyText } from "../lib/clipboard.ts";
import { strings } from "../lib/strings.ts";
import { keysStrings } from "../lib/workspace-keys-strings.ts";
import type { App } from "../models/app.ts";
import { createCopied } from "../models/copied.ts";
import { perApp } from "../models/per-app.ts";
import { keepFocus } from "./kept-focus.ts";

const copiedOf = perApp(createCopied);

type Props = { app: App; title: string; words: string; onStored(): void; children: ComponentChildren };

/** What is shown once. It closes by one button alone: whatever else would close it opens it again, and the browser asks before it leaves the page. */
export function SecretDialog({ app, title, words, onStored, children }: Props) {
  const place = useRef<HTMLDialogElement>(null);
  const isStored = useRef(false);
  useEffect(() => {
    const ends = new AbortController();
    copiedOf(app).was("");
    open(place.current);
    addEventListener("beforeunload", (event) => event.preventDefault(), { signal: ends.signal });
    return () => ends.abort();
  }, []);
  const stored = (): void => {
    isStored.current = true;
    place.current?.close(); // it gives the focus back
    onStored();
    keepFocus(null); // what opened it may have been an entry of a menu
  };
  return (
    <dialog
      class="dialog"
      data-kind="wide"
      role="alertdialog"
      aria-labelledby="secret-title"
      aria-describedby="secret-words"
      ref={place}
      onCancel={(event) => event.preventDefault()}
      onKeyDown={(event) => event.key === "Escape" && event.preventDefault()}
      onClose={({ currentTarget }) => !isStored.current && open(currentTarget)}
    >
      <header class="dialog__head">
        <h2 class="dialog__title" id="secret-title">
          {title}
        </h2>
      </header>
      <p class="dialog__words" id="secret-words">
        {words}
      </p>
      <div class="dialog__form">{children}</div>
      <div class="dialog__buttons">
        <button class="button" data-kind="main" type="button" onClick={stored}>
          {keysStrings.stored}
        </button>
      </div>
    </dialog>
  );
}

type CopyableProps = { app: App; name: string; label: string; text: string; deed: string };

/** A text that is there to be taken elsewhere, whole. */
export function Copyable({ app, name, label, text, deed }: CopyableProps) {
  const copied = copiedOf(app);
  const isCopied = copied.what.value === name;
  const copy = (): void =>
    void copyText(text).then(
      () => copied.was(name),
      () => document.getElementById(`secret-${name}`)?.focus(), // which selects it
    );
  return (
    <div class="field">
      <label class="field__label" for={`secret-${name}`}>
        {label}
      </label>
      <div class="secret">
        <textarea
          class="field__input secret__text"
          id={`secret-${name}`}
          readOnly
          spellcheck={false}
          dir="ltr"
          rows={1}
          value={text}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
        <button class="button" type="button" aria-label={deed} onClick={copy}>
          <span role="status">{isCopied ? strings.copied : strings.copy}</span>
        </button>
      </div>
    </div>
  );
}

function open(dialog: HTMLDialogElement | null): void {
  if (!dialog?.isConnected || dialog.open) return;
  dialog.showModal();
  dialog.querySelector<HTMLElement>(".button")?.focus(); // to copy it
}
