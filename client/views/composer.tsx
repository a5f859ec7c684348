import "../styles/composer.css";
import { strings } from "../lib/strings.ts";
import { keepDraft, keptDraft } from "../lib/drafts.ts";
import type { App } from "../models/app.ts";

type Props = { app: App; room_id: string; title: string };

const TYPING_MS = 3_000;

export function Composer({ app, room_id, title }: Props) {
  const me = app.account.me.value?.id ?? "";
  let typed_at = 0;
  const send = (field: HTMLTextAreaElement): void => {
    const content = field.value;
    if (content.trim() === "") return;
    // The draft goes when the message lies in the outbox: between the two, one of them is always kept.
    void app.outbox.post(room_id, content).then(() => keptDraft(me, room_id) === content && keepDraft(me, room_id, ""));
    field.value = "";
    fit(field);
    if (typed_at > 0) app.types(room_id, false);
    typed_at = 0;
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }): void => {
    if (!submits(event)) return;
    event.preventDefault();
    send(event.currentTarget);
  };
  const onInput = (event: InputEvent & { currentTarget: HTMLTextAreaElement }): void => {
    const field = event.currentTarget;
    keepDraft(me, room_id, field.value);
    fit(field);
    if (field.value === "" || Date.now() - typed_at < TYPING_MS) return;
    typed_at = Date.now();
    app.types(room_id, true);
  };
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = event.currentTarget instanceof HTMLFormElement ? event.currentTarget.elements.namedItem("content") : null;
    if (field instanceof HTMLTextAreaElement) send(field);
  };
  return (
    <form class="composer" aria-label={strings.message_to(title)} onSubmit={onSubmit}>
      <textarea
        class="composer__input"
        id="composer"
        name="content"
        rows={1}
        dir="auto"
        aria-label={strings.message_to(title)}
        placeholder={strings.message_to(title)}
        defaultValue={keptDraft(me, room_id)}
        onKeyDown={onKeyDown}
        onInput={onInput}
      />
      <button class="composer__send button" data-kind="main" type="submit">
        {strings.send}
      </button>
    </form>
  );
}

/** Enter sends; not with Shift, not while an input method composes, not on touch keyboards, not inside an open fence. */
export function submits(event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return false;
  if (matchMedia("(pointer: coarse)").matches) return false;
  const before = event.currentTarget.value.slice(0, event.currentTarget.selectionStart);
  return (before.match(/^```/gmu)?.length ?? 0) % 2 === 0;
}

/** Puts the text of a discarded message where it can be written on. */
export function giveBack(content: string): void {
  const field = document.getElementById("composer");
  if (!(field instanceof HTMLTextAreaElement)) return;
  field.value = field.value === "" ? content : `${field.value}\n${content}`;
  field.focus();
}

function fit(field: HTMLTextAreaElement): void {
  field.rows = Math.min(10, field.value.split("\n").length);
}
