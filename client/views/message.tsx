import "../styles/message.css";
import type { Message } from "../../server/protocol.ts";
import { fullTimeOf, timeOf } from "../lib/dates.ts";
import { reasonOf, strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { Pending } from "../models/outbox.ts";
import { giveBack, submits } from "./composer.tsx";

type Props = { app: App; message: Message; grouped: boolean };

export function MessageRow({ app, message, grouped }: Props) {
  const user = app.people.users.value.get(message.sender_id);
  const me = app.account.me.value;
  const room = app.room.value;
  const editing = app.editing.value === message.id;
  const mine = me?.id === message.sender_id;
  const mayRemove = mine || (room !== null && (room.me.role !== "member" || me?.role !== "member"));
  const removed = message.removed_at !== undefined;
  return (
    <li class="message" data-seq={message.seq} data-grouped={grouped} data-mention={me !== null && message.mentions.includes(me.id)}>
      <article class="message__body">
        {!grouped && (
          <header class="message__head">
            <bdi class="message__name">{user?.display_name ?? strings.somebody}</bdi>
            <time class="message__time" dateTime={message.created_at} title={fullTimeOf(message.created_at)}>
              {timeOf(message.created_at)}
            </time>
          </header>
        )}
        {editing ? <EditForm app={app} message={message} /> : <Text message={message} />}
        {!removed && !editing && (
          <div class="message__menu">
            {mine && room?.archived_at === undefined && (
              <button class="link" type="button" onClick={() => app.beginEdit(message.id)}>
                {strings.edit}
              </button>
            )}
            {mayRemove && (
              <button class="link" type="button" onClick={() => confirm(strings.remove_question) && void app.remove(message)}>
                {strings.remove}
              </button>
            )}
          </div>
        )}
      </article>
    </li>
  );
}

function Text({ message }: { message: Message }) {
  if (message.removed_at !== undefined) return <p class="message__removed">{strings.removed}</p>;
  return (
    <p class="message__text" dir="auto">
      {message.content}
      {message.edited_at !== undefined && <span class="message__edited"> ({strings.edited})</span>}
    </p>
  );
}

function EditForm({ app, message }: { app: App; message: Message }) {
  const save = async (form: HTMLFormElement | null): Promise<void> => {
    const field = form?.elements.namedItem("content");
    if (!(field instanceof HTMLTextAreaElement) || field.value.trim() === "") return;
    await app.edit(message, field.value);
    app.beginEdit(null);
  };
  return (
    <form
      class="message__edit"
      onSubmit={(event) => {
        event.preventDefault();
        void save(event.currentTarget);
      }}
    >
      <textarea
        class="composer__input"
        name="content"
        aria-label={strings.edit}
        defaultValue={message.content}
        ref={(field) => field?.focus()}
        onKeyDown={(event) => {
          if (event.key === "Escape") app.beginEdit(null);
          if (!submits(event)) return;
          event.preventDefault();
          void save(event.currentTarget.form);
        }}
      />
      <button class="button" data-kind="main" type="submit">
        {strings.save}
      </button>
      <button class="button" type="button" onClick={() => app.beginEdit(null)}>
        {strings.cancel}
      </button>
    </form>
  );
}

export function PendingRow({ app, entry }: { app: App; entry: Pending }) {
  const me = app.account.me.value;
  return (
    <li class="message" data-state={entry.state}>
      <article class="message__body">
        <header class="message__head">
          <bdi class="message__name">{me?.display_name}</bdi>
          <span class="message__time">
            {entry.state === "sending" ? strings.sending : entry.state === "late" ? strings.not_sent : strings.refused(reasonOf(entry.reason ?? ""))}
          </span>
        </header>
        <p class="message__text" dir="auto">
          {entry.content}
        </p>
        {entry.state !== "sending" && (
          <div class="message__menu" data-open="true">
            <button class="link" type="button" onClick={() => app.outbox.retry(entry.client_id)}>
              {strings.retry}
            </button>
            <button class="link" type="button" onClick={() => void app.outbox.discard(entry.client_id).then(giveBack)}>
              {strings.edit}
            </button>
            <button class="link" type="button" onClick={() => void app.outbox.discard(entry.client_id)}>
              {strings.discard}
            </button>
          </div>
        )}
      </article>
    </li>
  );
}
