import "../styles/picture-field.css";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { pictureStrings as words } from "../lib/picture-strings.ts";
import type { PictureDesk } from "../models/picture-desk.ts";

type Props = {
  desk: PictureDesk;
  label: string;
  hint: string;
  /** Whether there is one that may be removed. */
  has: boolean;
  /** How it looks now. */
  children: ComponentChildren;
};

/** A picture as it is, and what may be done about it. */
export function PictureField({ desk, label, hint, has, children }: Props) {
  const state = desk.state.value;
  const field = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const onChange = ({ currentTarget }: Event & { currentTarget: HTMLInputElement }): void => {
    const [file] = currentTarget.files ?? [];
    if (file) desk.choose(file);
    currentTarget.value = ""; // the same file may be chosen again
  };
  const isSending = state.kind === "sending";
  const end = (): void => {
    button.current?.focus(); // the button that was pressed goes
    if (isSending) desk.cancel();
    else void desk.remove();
  };
  return (
    <div class="picture-field" role="group" aria-label={label}>
      {children}
      <div class="picture-field__deeds">
        <button class="button" type="button" ref={button} aria-busy={isSending} onClick={() => field.current?.click()}>
          {has ? words.another : words.choose}
        </button>
        {(isSending || has) && (
          <button class="button" type="button" onClick={end}>
            {isSending ? words.cancel : words.remove}
          </button>
        )}
        <input type="file" accept="image/png,image/jpeg,image/gif,image/webp" hidden tabIndex={-1} ref={field} onChange={onChange} />
        <progress class="picture-field__share" data-state={state.kind} aria-label={words.uploading} value={isSending ? state.share : 0} max={1} />
        <p class="field__hint">{hint}</p>
        <p class="field__alert" role="alert">
          {state.kind === "failed" && state.words}
        </p>
      </div>
    </div>
  );
}
