import "../styles/composer.css";
import { useEffect, useRef } from "preact/hooks";
import { strings } from "../lib/strings.ts";
import { keepDraft, keptDraft } from "../lib/drafts.ts";
import { roomLeft } from "../lib/length.ts";
import type { App } from "../models/app.ts";
import { submits } from "./writing.ts";

type Props = { app: App; room_id: string; title: string };

const TYPING_MS = 3_000;

export function Composer({ app, room_id, title }: Props) {
  const me = app.account.me.value?.id ?? "";
  const limits = app.limits.value;
  const typed_at = useRef(0);
  const field = useRef<HTMLTextAreaElement>(null);
  const left = useRef<HTMLOutputElement>(null);
  useEffect(() => {
    measure();
    if (matchMedia("(pointer: fine)").matches && !document.querySelector("dialog[open]")) field.current?.focus();
  }, []);

  const measure = (): number => {
    const room = roomLeft(field.current?.value ?? "", limits) ?? null;
    if (left.current) left.current.textContent = room === null ? "" : room < 0 ? strings.too_long(-room) : strings.length_left(room);
    if (field.current) field.current.ariaInvalid = room !== null && room < 0 ? "true" : "false";
    return room ?? 0;
  };
  const send = (): void => {
    const content = field.current?.value ?? "";
    if (!field.current || content.trim() === "" || measure() < 0) return;
    field.current.value = "";
    measure();
    const clear = (): void => {
      if (keptDraft(me, room_id) === content) keepDraft(me, room_id, "");
    };
    void app.outbox.post(room_id, content).then(clear);
    if (typed_at.current > 0) app.types(room_id, false);
    typed_at.current = 0;
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }): void => {
    if (!submits(event)) return;
    event.preventDefault();
    send();
  };
  const onInput = ({ currentTarget }: InputEvent & { currentTarget: HTMLTextAreaElement }): void => {
    const content = currentTarget.value;
    keepDraft(me, room_id, content);
    measure();
    if (content === "" && typed_at.current > 0) app.types(room_id, false);
    if (content === "") typed_at.current = 0;
    else if (Date.now() - typed_at.current >= TYPING_MS) {
      typed_at.current = Date.now();
      app.types(room_id, true);
    }
  };
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    send();
    field.current?.focus();
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
        aria-describedby="composer-left"
        placeholder={strings.message_to(title)}
        defaultValue={keptDraft(me, room_id)}
        ref={field}
        onKeyDown={onKeyDown}
        onInput={onInput}
      />
      <button class="composer__send button" data-kind="main" type="submit">
        {strings.send}
      </button>
      <output class="composer__left" id="composer-left" for="composer" ref={left} />
    </form>
  );
}
