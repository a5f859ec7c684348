import "../styles/composer.css";
import { useCallback, useEffect, useMemo, useRef } from "preact/hooks";
import { keepDraft, keptDraft } from "../lib/drafts.ts";
import { roomLeft } from "../lib/length.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { Completion } from "../models/completion.ts";
import { actOn } from "./composer-keys.ts";
import { Attach, DropTarget, Tray } from "./files.tsx";
import { pasteLink } from "./formatting.ts";
import { Icon } from "./icon.tsx";
import { OutsidersOffer } from "./outsiders.tsx";
import { Replying } from "./replying.tsx";
import { late } from "./row-late.tsx";
import { isCommand, isForAll, toSend } from "./sending.ts";
import { completedBy, Suggestions } from "./suggestions.tsx";
import { type FieldKey, fit, insert } from "./writing.ts";

/** In a thread: the message that is answered, and names to be found apart from those of the room's own composer. */
type InThread = { id: string; completion: Completion };
type Props = { app: App; room_id: string; title: string; thread?: InThread };

const TYPING_MS = 3_000;

export function Composer({ app, room_id, title, thread }: Props) {
  const me = app.account.me.value?.id ?? "";
  const limits = app.limits.value;
  const completion = thread?.completion ?? app.completion;
  const label = thread ? strings.thread_write : strings.message_to(title);
  const id = thread ? "thread-composer" : "composer";
  const kept = thread ? `${room_id} ${thread.id}` : room_id; // a draft of its own
  const draft = useMemo(() => keptDraft(me, kept), []);
  const typed_at = useRef(0);
  const asking = useRef(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const left = useRef<HTMLOutputElement>(null);
  useEffect(() => {
    measure();
    field.current?.setSelectionRange(draft.length, draft.length);
    if (matchMedia("(pointer: fine)").matches && !document.querySelector("dialog[open]")) field.current?.focus();
    if (keptDraft(me, `${kept} files`) !== "") void app.files.enter(kept);
    return () => {
      app.files.endWait(kept);
      completion.forget();
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
    if (!field.current || (content.trim() === "" && !app.files.has(kept)) || measure() < 0) return;
    if (!app.files.isReady(kept, send)) return;
    if (isCommand(content) || isForAll(content)) void ask(content);
    else post(content, content);
  };
  /** What is no plain message is asked about first, and goes unless somebody has written on meanwhile. */
  const ask = async (written: string): Promise<void> => {
    if (asking.current) return;
    asking.current = true;
    completion.close();
    const sending = await toSend(app, room_id, written).finally(() => (asking.current = false));
    if ("trouble" in sending) {
      if (left.current && sending.trouble !== "") left.current.textContent = sending.trouble;
    } else if (field.current?.value === written || sending.text === null) post(written, sending.text);
  };
  const post = (written: string, content: string | null): void => {
    if (field.current?.value === written) field.current.value = "";
    completion.close();
    measure();
    const clear = (): void => {
      if (keptDraft(me, kept) === written) keepDraft(me, kept, "");
    };
    if (content === null) return clear();
    void app.outbox.post(room_id, content, thread?.id ?? app.acts.replying.peek().get(room_id)?.id, app.files.desk.peek()?.take(kept)).then(clear);
    if (!thread) app.acts.dropReply(room_id);
    const room = app.room.peek();
    if (room) void app.outsiders.posted(room, content);
    if (typed_at.current > 0) app.types(room_id, false);
    typed_at.current = 0;
  };
  const take = (at: number): void => {
    const insertion = completion.take(at);
    if (insertion && field.current) insert(field.current, insertion.text, insertion.from, insertion.to);
  };
  const pickEmoji = (beside: Element): void =>
    late(app, (it) =>
      it.openPicker(app, beside, (emoji) => {
        if (field.current) insert(field.current, emoji, field.current.selectionStart, field.current.selectionEnd);
      }),
    );
  const look = (): void => {
    if (field.current) completion.write(room_id, field.current.value, field.current.selectionStart);
  };
  const onKeyDown = (event: FieldKey): void => {
    if (actOn(event, { app, room_id, completion, inThread: thread !== undefined, send, take })) event.preventDefault();
  };
  const onInput = ({ currentTarget }: InputEvent & { currentTarget: HTMLTextAreaElement }): void => {
    const content = currentTarget.value;
    keepDraft(me, kept, content);
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
    if (text === "") add([...(event.clipboardData?.files ?? [])]);
    if (pasteLink(event.currentTarget, text)) event.preventDefault();
  };
  const add = useCallback((files: readonly File[]): void => void (files.length > 0 && app.files.add(room_id, kept, files)), []);
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
    <form class="composer" aria-label={label} onSubmit={onSubmit}>
      <Suggestions app={app} completion={completion} onTake={take} />
      {!thread && <OutsidersOffer app={app} room_id={room_id} />}
      <div class="composer__box">
        {!thread && <Replying app={app} room_id={room_id} onDrop={onDrop} />}
        <Tray app={app} draft={kept} />
        <textarea
          class="composer__input"
          id={id}
          name="content"
          rows={1}
          dir="auto"
          aria-label={label}
          aria-describedby={`${id}-left`}
          {...completedBy(completion)}
          placeholder={thread ? strings.thread_hint : label}
          defaultValue={draft}
          ref={field}
          onKeyDown={onKeyDown}
          onInput={onInput}
          onPaste={onPaste}
          onClick={look}
          onBlur={() => completion.close()}
        />
        <button
          class="composer__emoji"
          type="button"
          aria-haspopup="dialog"
          aria-label={strings.pick_emoji}
          title={strings.pick_emoji}
          onClick={({ currentTarget }) => pickEmoji(currentTarget)}
        >
          <Icon sign="smile" />
        </button>
        <Attach app={app} room_id={room_id} draft={kept} />
        <button class="composer__send" type="submit" aria-label={strings.send} title={strings.send}>
          <Icon sign="send" />
        </button>
      </div>
      {!thread && <DropTarget title={title} onDrop={add} />}
      <output class="composer__left" id={`${id}-left`} for={id} ref={left} />
    </form>
  );
}
