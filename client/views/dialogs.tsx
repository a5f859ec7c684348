import { strings } from "../lib/strings.ts";
import { workspaceNames } from "../lib/workspace-names.ts";
import { copyText } from "../lib/clipboard.ts";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";
import { closeDialog, Dialog } from "./dialog.tsx";
import { submit } from "./form.ts";
import { othersIn } from "./names.ts";
import { Picker } from "./picker.tsx";

type Props = { app: App };

const PEOPLE_MAX = 200;
const GROUP_MAX = 19;

export function NewChannelDialog({ app }: Props) {
  const make = (event: SubmitEvent) =>
    submit(event, async ({ name = "", description = "", visibility = "public" }) => {
      const user_ids = app.picks.picked.value.map(({ id }) => id);
      const kind = visibility === "private" ? "private" : "public";
      const room = await app.rooms.create({ type: "channel", name, description, visibility: kind, user_ids });
      closeDialog("new-channel");
      app.place.go(`/r/${room.id}`);
    });
  return (
    <Dialog name="new-channel" title={strings.new_channel} onOpen={() => beginPicking(app, "channel-people")} onClose={app.picks.end}>
      <form class="dialog__form" onSubmit={make}>
        <label class="field">
          <span class="field__label">{strings.name}</span>
          <input class="field__input" name="name" required maxLength={80} autocomplete="off" />
        </label>
        <label class="field">
          <span class="field__label">
            {strings.description} <span class="field__hint">({strings.optional})</span>
          </span>
          <input class="field__input" name="description" maxLength={500} autocomplete="off" />
        </label>
        <fieldset class="dialog__choices">
          <legend class="field__label">{strings.visibility}</legend>
          <label class="choice">
            <input type="radio" name="visibility" value="public" defaultChecked />
            <span>
              {strings.public_room} <span class="field__hint">· {strings.public_hint}</span>
            </span>
          </label>
          <label class="choice">
            <input type="radio" name="visibility" value="private" />
            <span>
              {strings.private_room} <span class="field__hint">· {strings.private_hint}</span>
            </span>
          </label>
        </fieldset>
        <Picker app={app} id="channel-people" label={strings.people_of_channel} max={PEOPLE_MAX} />
        <p class="field__alert" role="alert" />
        <button class="button" data-kind="main" type="submit">
          {strings.make_channel}
        </button>
      </form>
    </Dialog>
  );
}

export function NewDirectDialog({ app }: Props) {
  const picked = app.picks.picked.value;
  const open = (event: SubmitEvent) =>
    submit(event, async () => {
      const room = await app.startDirect(app.picks.picked.value.map(({ id }) => id));
      closeDialog("new-direct");
      app.place.go(`/r/${room.id}`);
    });
  return (
    <Dialog name="new-direct" title={strings.new_message} onOpen={() => beginPicking(app, "direct-people")} onClose={app.picks.end}>
      <form class="dialog__form" onSubmit={open}>
        <Picker app={app} id="direct-people" label={strings.people_of_channel} max={GROUP_MAX} />
        <p class="field__alert" role="alert" />
        {picked.length > 0 && (
          <button class="button" data-kind="main" type="submit">
            {strings.start_group(picked.length)}
          </button>
        )}
      </form>
    </Dialog>
  );
}

/** In a dm it makes a group and leaves the dm alone. */
export function AddPeopleDialog({ app, room }: Props & { room: MyRoom }) {
  const picked = app.picks.picked.value;
  const held = app.directory.members.value;
  const isDm = room.type === "dm";
  const there = isDm ? othersIn(app, room) : held?.room_id === room.id ? held.pages.flat().map(({ user }) => user.id) : [];
  const add = (event: SubmitEvent) =>
    submit(event, async () => {
      const ids = app.picks.picked.value.map(({ id }) => id);
      const made = isDm ? await app.startDirect([...othersIn(app, room), ...ids]) : null;
      if (!isDm) for (const id of ids) await app.rooms.add(room.id, id);
      closeDialog("add-people");
      if (made) app.place.go(`/r/${made.id}`);
    });
  return (
    <Dialog name="add-people" title={strings.add_people} onOpen={() => beginPicking(app, "add-people-field", there)} onClose={app.picks.end}>
      <form class="dialog__form" onSubmit={add}>
        {isDm && <p class="quiet">{strings.add_to_direct_hint}</p>}
        <Picker app={app} id="add-people-field" label={strings.people_of_channel} max={isDm ? GROUP_MAX - 1 : PEOPLE_MAX} />
        <p class="field__alert" role="alert" />
        {picked.length > 0 && (
          <button class="button" data-kind="main" type="submit">
            {strings.add_picked(picked.length)}
          </button>
        )}
      </form>
    </Dialog>
  );
}

function beginPicking(app: App, field: string, there: readonly string[] = []): void {
  app.picks.begin(field, there);
  void app.attempt(app.people.meetAll);
}

export function InviteDialog({ app }: Props) {
  const code = app.directory.invite_code.value;
  const copied = app.directory.copied.value;
  const address = code === null ? "" : `${location.origin}/join#${code}`;
  return (
    <Dialog name="invite" title={strings.invite_people} onOpen={() => app.directory.forgetInvite()}>
      <p class="dialog__words">{strings.invite_hint}</p>
      {code === null ? (
        <button class="button" data-kind="main" type="button" onClick={() => void app.attempt(app.directory.makeInvite)}>
          {strings.make_invite}
        </button>
      ) : (
        <div class="dialog__link">
          <input class="field__input" readOnly value={address} aria-label={strings.invite_link} onFocus={(event) => event.currentTarget.select()} />
          <button class="button" data-kind="main" type="button" onClick={() => void copyText(address).then(app.directory.wasCopied)}>
            {copied ? strings.copied : strings.copy}
          </button>
        </div>
      )}
      <p>
        <button class="link" type="button" onClick={() => leaveTo(app, "/workspace/invites")}>
          {workspaceNames.sections.invites}
        </button>
      </p>
    </Dialog>
  );
}

function leaveTo(app: App, path: string): void {
  closeDialog("invite");
  app.place.go(path);
}
