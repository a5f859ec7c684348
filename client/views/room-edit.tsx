import { useEffect, useRef } from "preact/hooks";
import type { PatchRoom } from "../../server/protocol.ts";
import { roomEditStrings as words } from "../lib/room-edit-strings.ts";
import { roomStrings } from "../lib/room-strings.ts";
import { isComposed } from "../lib/shortcuts.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";
import { confirmed } from "./confirm.tsx";
import { submit } from "./form.ts";
import { roomTitle } from "./names.ts";

type Props = { app: App; room: MyRoom; onDone(): void };

/** What of a channel those who run it may change, in its pane. Whom it is open to is asked once more: the change lets strangers in, or keeps them out. */
export function RoomEdit({ app, room, onDone }: Props) {
  const save = (event: SubmitEvent) =>
    submit(event, async ({ name = "", description = "", ...chosen }) => {
      const visibility = chosen["visibility"] === "private" ? "private" : "public";
      const posting = chosen["posting"] === "admins" ? "admins" : "everyone";
      if (visibility !== room.visibility && !(await mayTurn(app, room))) return;
      await app.rooms.patch(room.id, { name, description, visibility, posting } satisfies PatchRoom);
      onDone();
    });
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || isComposed(event)) return;
    event.preventDefault();
    onDone();
  };
  return (
    <form class="dialog__form" aria-label={roomStrings.edit} onSubmit={save} onKeyDown={onKeyDown} noValidate>
      <label class="field">
        <span class="field__label">{strings.name}</span>
        <input class="field__input" name="name" required maxLength={80} autocomplete="off" defaultValue={room.name ?? ""} ref={first} />
        <span class="field__alert" role="alert" data-of="name" />
      </label>
      <label class="field">
        <span class="field__label">{words.topic}</span>
        <input class="field__input" name="description" maxLength={500} autocomplete="off" defaultValue={room.description} />
        <span class="field__hint">{words.topic_hint}</span>
        <span class="field__alert" role="alert" data-of="description" />
      </label>
      <fieldset class="dialog__choices">
        <legend class="field__label">{strings.visibility}</legend>
        <Choice name="visibility" value="public" words={strings.public_room} hint={strings.public_hint} isOn={room.visibility === "public"} />
        <Choice name="visibility" value="private" words={strings.private_room} hint={strings.private_hint} isOn={room.visibility === "private"} />
      </fieldset>
      <fieldset class="dialog__choices">
        <legend class="field__label">{words.who_posts}</legend>
        <Choice name="posting" value="everyone" words={words.everyone} isOn={room.posting === undefined} />
        <Choice name="posting" value="admins" words={words.admins} hint={words.admins_hint} isOn={room.posting === "admins"} />
      </fieldset>
      <p class="field__alert" role="alert" />
      <div class="me__deeds">
        <button class="button" data-kind="main" type="submit">
          {strings.save}
        </button>
        <button class="button" type="button" onClick={onDone}>
          {strings.cancel}
        </button>
      </div>
    </form>
  );
}

type ChoiceProps = { name: string; value: string; words: string; hint?: string; isOn: boolean };

function Choice({ name, value, words: label, hint, isOn }: ChoiceProps) {
  return (
    <label class="choice">
      <input type="radio" name={name} value={value} defaultChecked={isOn} />
      <span>
        {label} {hint !== undefined && <span class="field__hint">· {hint}</span>}
      </span>
    </label>
  );
}

const mayTurn = (app: App, room: MyRoom): Promise<boolean> =>
  room.visibility === "public"
    ? confirmed(words.close_question(roomTitle(app, room)), words.close_room)
    : confirmed(words.open_question(roomTitle(app, room)), words.open_room);
