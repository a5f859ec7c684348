import "../styles/composer.css";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { keepDraft, keptDraft } from "../lib/drafts.ts";
import { roomLeft } from "../lib/length.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { actOn } from "./composer-keys.ts";
import { keepFilesOut } from "./files.ts";
import { pasteLink } from "./formatting.ts";
import { Icon } from "./icon.tsx";
import { OutsidersOffer } from "./outsiders.tsx";
import { Replying } from "./replying.tsx";
import { optionId, SUGGESTIONS, Suggestions } from "./suggestions.tsx";
import { type FieldKey, fit, insert } from "./writing.ts";

type Props = { app: App; room_id: string; title: string };

const TYPING_MS = 3_000;

export function Composer({ app, room_id, title }: Props) {
  const me = app.account.me.value?.id ?? "";
  const limits = app.limits.value;
  const isListed = app.completion.suggestions.value.length > 0;
  const chosen = app.completion.chosen.value;
  const draft = useMemo(() => keptDraft(me, room_id), []);
  const typed_at = useRef(0);
  const field = useRef<HTMLTextAreaElement>(null);
  const left = useRef<HTMLOutputElement>(null);
  useEffect(() => {
    measure();
    field.current?.setSelectionRange(draft.length, draft.length);
    if (matchMedia("(pointer: fine)").matches && !document.querySelector("dialog[open]")) field.current?.focus();
    const end = keepFilesOut(() => app.say(strings.no_files));
    return () => {
      end();
      app.completion.forget();
    };
  }, []);

  const measure = (): number => {
    const room = roomLeft(field.current?.value ?? "", limits) ?? null;
    if (left.current) left.current.textContent = room === null ? "" : room < 0 ? strings.too_long(-room) : strings.length_left(room);
    fit(field.current);
    if (field.current) field.current.ariaInvalid = room !== null && room < 0 ? "true" : "false";
    return room ?? 0;
  };
  const send = (): void => {
    const content = field.current?.value ?? "";
    if (!field.current || content.trim() === "" || measure() < 0) return;
    field.current.value = "";
    app.completion.close();
    measure();
    const clear = (): void => {
      if (keptDraft(me, room_id) === content) keepDraft(me, room_id, "");
    };
    void app.outbox.post(room_id, content, app.acts.replying.peek().get(room_id)?.id).then(clear);
    app.acts.dropReply(room_id);
    const room = app.room.peek();
    if (room) void app.outsiders.posted(room, content);
    if (typed_at.current > 0) app.types(room_id, false);
    typed_at.current = 0;
  };
  const take = (at: number): void => {
    const insertion = app.completion.take(at);
    if (insertion && field.current) insert(field.current, insertion.text, insertion.from, insertion.to);
  };
  const look = (): void => {
    if (field.current) app.completion.write(room_id, field.current.value, field.current.selectionStart);
  };
  const onKeyDown = (event: FieldKey): void => {
    if (actOn(event, { app, room_id, send, take })) event.preventDefault();
  };
  const onInput = ({ currentTarget }: InputEvent & { currentTarget: HTMLTextAreaElement }): void => {
    const content = currentTarget.value;
    keepDraft(me, room_id, content);
    measure();
    look();
    if (content === "" && typed_at.current > 0) app.types(room_id, false);
    if (content === "") typed_at.current = 0;
    else if (Date.now() - typed_at.current >= TYPING_MS) {
      typed_at.current = Date.now();
      app.types(room_id, true);
    }
  };
  const onPaste = (event: ClipboardEvent & { currentTarget: HTMLTextAreaElement }): void => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text === "" && (event.clipboardData?.files.length ?? 0) > 0) app.say(strings.no_files);
    if (pasteLink(event.currentTarget, text)) event.preventDefault();
  };
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    send();
    field.current?.focus();
  };
  const onDrop = (): void => {
    app.acts.dropReply(room_id);
    field.current?.focus();
  };
  return (
    <form class="composer" aria-label={strings.message_to(title)} onSubmit={onSubmit}>
      <Suggestions app={app} onTake={take} />
      <OutsidersOffer app={app} room_id={room_id} />
      <div class="composer__box">
        <Replying app={app} room_id={room_id} onDrop={onDrop} />
        <textarea
          class="composer__input"
          id="composer"
          name="content"
          rows={1}
          dir="auto"
          aria-label={strings.message_to(title)}
          aria-describedby="composer-left"
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={isListed ? SUGGESTIONS : undefined}
          aria-activedescendant={isListed ? optionId(chosen) : undefined}
          placeholder={strings.message_to(title)}
          defaultValue={draft}
          ref={field}
          onKeyDown={onKeyDown}
          onInput={onInput}
          onPaste={onPaste}
          onClick={look}
          onBlur={() => app.completion.close()}
        />
        <button class="composer__send" type="submit" aria-label={strings.send} title={strings.send}>
          <Icon sign="send" />
        </button>
      </div>
      <output class="composer__left" id="composer-left" for="composer" ref={left} />
    </form>
  );
}
