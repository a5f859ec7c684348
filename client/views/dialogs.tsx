import { strings } from "../lib/strings.ts";
import { copyText } from "../lib/clipboard.ts";
import type { App } from "../models/app.ts";
import { closeDialog, Dialog } from "./dialog.tsx";
import { submit } from "./form.ts";

type Props = { app: App };

export function NewChannelDialog({ app }: Props) {
  const make = (event: SubmitEvent) =>
    submit(event, async ({ name = "", description = "", visibility = "public" }) => {
      const room = await app.rooms.create({ type: "channel", name, description, visibility: visibility === "private" ? "private" : "public" });
      app.rooms.room(room);
      closeDialog("new-channel");
      app.go(`/r/${room.id}`);
    });
  return (
    <Dialog name="new-channel" title={strings.new_channel}>
      <form class="dialog__form" onSubmit={make}>
        <label class="field">
          <span class="field__label">{strings.name}</span>
          <input class="field__input" name="name" required maxLength={80} autocomplete="off" />
        </label>
        <label class="field">
          <span class="field__label">{strings.description}</span>
          <input class="field__input" name="description" maxLength={500} autocomplete="off" />
        </label>
        <label class="choice">
          <input type="checkbox" name="visibility" value="private" />
          {strings.private_channel}
        </label>
        <p class="field__alert" role="alert" />
        <button class="button" data-kind="main" type="submit">
          {strings.make_channel}
        </button>
      </form>
    </Dialog>
  );
}

export function NewDirectDialog({ app }: Props) {
  const me = app.account.me.value;
  const persons = app.directory.persons.value;
  const open = async (user_id: string): Promise<void> => {
    const room = await app.rooms.create({ type: "dm", user_ids: [user_id] });
    app.rooms.room(room);
    closeDialog("new-direct");
    app.go(`/r/${room.id}`);
  };
  return (
    <Dialog name="new-direct" title={strings.new_message} onOpen={() => void app.directory.findPersons()}>
      <ul class="dialog__list">
        {persons
          ?.filter(({ id }) => id !== me?.id)
          .map(({ id, display_name, username }) => (
            <li key={id}>
              <button class="dialog__item" type="button" onClick={() => void open(id)}>
                <bdi>{display_name}</bdi> <span class="quiet">@{username ?? id}</span>
              </button>
            </li>
          ))}
      </ul>
    </Dialog>
  );
}

export function MembersDialog({ app, room_id }: Props & { room_id: string }) {
  const here = app.people.here.value;
  const held = app.directory.members.value;
  const persons = app.directory.persons.value;
  const members = held?.room_id === room_id ? held.users : [];
  const others = persons?.filter(({ id }) => !members.some((member) => member.id === id)) ?? [];
  const find = (): void => {
    void app.directory.findMembers(room_id);
    void app.directory.findPersons();
  };
  const add = async (user_id: string): Promise<void> => {
    await app.rooms.add(room_id, user_id);
    await app.directory.findMembers(room_id);
  };
  const words = { active: strings.active, away: strings.away, offline: strings.gone };
  const presence = (id: string): string => words[here.get(id) ?? "offline"];
  return (
    <Dialog name="members" title={strings.members} onOpen={find}>
      <ul class="dialog__list">
        {members.map(({ id, display_name }) => (
          <li class="dialog__row" key={id}>
            <bdi>{display_name}</bdi> <span class="quiet">{presence(id)}</span>
          </li>
        ))}
      </ul>
      {app.room.value?.type !== "dm" && others.length > 0 && (
        <>
          <h3 class="dialog__subtitle">{strings.add_people}</h3>
          <ul class="dialog__list">
            {others.map(({ id, display_name }) => (
              <li key={id}>
                <button class="dialog__item" type="button" onClick={() => void add(id)}>
                  <bdi>{display_name}</bdi> <span class="quiet">{strings.add}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

export function InviteDialog({ app }: Props) {
  const code = app.directory.invite_code.value;
  const copied = app.directory.copied.value;
  const address = code === null ? "" : `${location.origin}/join#${code}`;
  return (
    <Dialog name="invite" title={strings.invite_people} onOpen={() => app.directory.forgetInvite()}>
      <p class="dialog__words">{strings.invite_hint}</p>
      {code === null ? (
        <button class="button" data-kind="main" type="button" onClick={() => void app.directory.makeInvite()}>
          {strings.make_invite}
        </button>
      ) : (
        <div class="dialog__link">
          <input class="field__input" readOnly value={address} aria-label={strings.invite_link} onFocus={(event) => event.currentTarget.select()} />
          <button class="button" type="button" onClick={() => void copyText(address).then(app.directory.wasCopied)}>
            {copied ? strings.copied : strings.copy}
          </button>
        </div>
      )}
    </Dialog>
  );
}
