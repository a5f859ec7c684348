import "../styles/message.css";
import { useEffect, useRef } from "preact/hooks";
import type { Message } from "../../server/protocol.ts";
import { fullTimeOf, timeOf } from "../lib/dates.ts";
import { hueOf, initialsOf } from "../lib/faces.ts";
import { reasonOf, strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { Pending } from "../models/outbox.ts";
import { focusComposer, giveBack, submits } from "./composer.tsx";
import { submit } from "./form.ts";
import { nameOf } from "./names.ts";
import { Text } from "./text.tsx";

type Props = {
  app: App;
  /** One of both: the row is one component, so that a pending post keeps its nodes when it is stored. */
  message: Message | undefined;
  entry: Pending | undefined;
  grouped: boolean;
  /** Whether the reader may remove what others wrote. */
  mayRun: boolean;
  /** Whether the room can be written to. */
  isOpen: boolean;
};

export function PostRow({ app, message, entry, grouped, mayRun, isOpen }: Props) {
  const me = app.account.me.value?.id ?? "";
  const editing = app.editing.value;
  const sender_id = message?.sender_id ?? entry?.user_id ?? "";
  const name = nameOf(app, sender_id);
  const at = message?.created_at ?? new Date(entry?.at ?? 0).toISOString();
  const isEdited = message !== undefined && editing === message.id;
  const isMention = message?.mentions.includes(me) === true && message.removed_at === undefined;
  return (
    <li class="message" data-seq={message?.seq} data-grouped={grouped} data-mention={isMention} data-state={entry?.state}>
      <article class="message__body" aria-label={`${name}, ${timeOf(at)}`} tabIndex={-1}>
        <span class="message__face" data-hue={hueOf(sender_id)} aria-hidden="true">
          {!grouped && initialsOf(name)}
        </span>
        <header class="message__head">
          <bdi class="message__name">{name}</bdi>
          <time class="message__time" dateTime={at} title={fullTimeOf(at)}>
            {timeOf(at)}
          </time>
        </header>
        {isEdited ? <EditForm app={app} message={message} /> : <Content app={app} message={message} entry={entry} />}
        {entry && <Unsent app={app} entry={entry} />}
        {message && !isEdited && <Menu app={app} message={message} mayEdit={sender_id === me && isOpen} mayRemove={sender_id === me || mayRun} />}
      </article>
    </li>
  );
}

function Content({ app, message, entry }: Pick<Props, "app" | "message" | "entry">) {
  if (message?.removed_at !== undefined) return <p class="message__removed">{strings.removed}</p>;
  return (
    <div class="message__text text">
      <Text app={app} content={message?.content ?? entry?.content ?? ""} />
      {message?.edited_at !== undefined && (
        <span class="message__edited" title={fullTimeOf(message.edited_at)}>
          ({strings.edited})
        </span>
      )}
    </div>
  );
}

function Menu({ app, message, mayEdit, mayRemove }: { app: App; message: Message; mayEdit: boolean; mayRemove: boolean }) {
  if (message.removed_at !== undefined || !(mayEdit || mayRemove)) return null;
  return (
    <div class="message__menu">
      {mayEdit && (
        <button class="message__act" type="button" onClick={() => app.beginEdit(message.id)}>
          {strings.edit}
        </button>
      )}
      {mayRemove && (
        <button class="message__act" type="button" onClick={() => removes(app, message)}>
          {strings.remove}
        </button>
      )}
    </div>
  );
}

/** What became of a post that is not stored: a word while it is on its way, and what can be done when it is not getting there. */
function Unsent({ app, entry }: { app: App; entry: Pending }) {
  const { client_id, state } = entry;
  if (state === "sending") return <p class="message__state">{strings.sending}</p>;
  return (
    <p class="message__state">
      {state === "late" ? strings.not_sent : strings.refused(reasonOf(entry.reason ?? ""))}
      <button class="link" type="button" onClick={() => app.outbox.retry(client_id)}>
        {strings.retry}
      </button>
      <button class="link" type="button" onClick={() => giveBack(app.outbox.discard(client_id))}>
        {strings.edit}
      </button>
      <button class="link" type="button" onClick={() => app.outbox.discard(client_id)}>
        {strings.discard}
      </button>
    </p>
  );
}

function EditForm({ app, message }: { app: App; message: Message }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(message.content.length, message.content.length);
  }, []);
  const end = (): void => {
    app.beginEdit(null);
    focusComposer();
  };
  const save = (event: SubmitEvent) =>
    submit(event, async ({ content = "" }) => {
      if (content.trim() === "") return removes(app, message);
      await app.edit(message, content);
      end();
    });
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }): void => {
    if (event.key === "Escape") end();
    if (!submits(event)) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  };
  return (
    <form class="message__edit" onSubmit={save}>
      <textarea
        class="message__field"
        name="content"
        dir="auto"
        aria-label={strings.edit}
        defaultValue={message.content}
        ref={field}
        onKeyDown={onKeyDown}
      />
      <p class="field__alert" role="alert" />
      <button class="button" data-kind="main" type="submit">
        {strings.save}
      </button>
      <button class="button" type="button" onClick={end}>
        {strings.cancel}
      </button>
    </form>
  );
}

function removes(app: App, message: Message): void {
  if (!confirm(strings.remove_question)) return;
  app.beginEdit(null);
  void app.attempt(() => app.remove(message));
}
