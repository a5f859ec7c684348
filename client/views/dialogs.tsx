import { strings } from "../lib/strings.ts";
import { copyText } from "../lib/clipboard.ts";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";
import { closeDialog, Dialog } from "./dialog.tsx";
import { submit } from "./form.ts";

type Props = { app: App };

export function NewChannelDialog({ app }: Props) {
  const make = (event: SubmitEvent) =>
    submit(event, async ({ name = "", description = "", visibility = "public" }) => {
      const room = await app.rooms.create({ type: "channel", name, description, visibility: visibility === "private" ? "private" : "public" });
      closeDialog("new-channel");
      app.place.go(`/r/${room.id}`);
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
  const open = (user_id: string): Promise<void> =>
    app.attempt(async () => {
      const room = await app.rooms.create({ type: "dm", user_ids: [user_id] });
      closeDialog("new-direct");
      app.place.go(`/r/${room.id}`);
    });
  return (
    <Dialog name="new-direct" title={strings.new_message} onOpen={() => void app.attempt(app.directory.findPersons)}>
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

export function MembersDialog({ app, room, title }: Props & { room: MyRoom; title: string }) {
  const room_id = room.id;
  const here = app.people.here.value;
  const held = app.directory.members.value;
  const persons = app.directory.persons.value;
  const members = held?.room_id === room_id ? held.users : [];
  const others = persons?.filter(({ id }) => !members.some((member) => member.id === id)) ?? [];
  const find = (): void => {
    void app.attempt(() => Promise.all([app.directory.findMembers(room_id), app.directory.findPersons()]));
  };
  const add = (user_id: string): Promise<void> =>
    app.attempt(async () => {
      await app.rooms.add(room_id, user_id);
      await app.directory.findMembers(room_id);
    });
  const leave = (): void => {
    if (!confirm(strings.leave_question(title))) return;
    closeDialog("members");
    void app.attempt(() => app.rooms.leave(room_id)).then(() => app.place.go("/"));
  };
  const words = { active: strings.active, away: strings.away, offline: strings.offline_now };
  return (
    <Dialog name="members" title={room.type === "dm" ? strings.members : strings.members_of(title)} onOpen={find}>
      <ul class="dialog__list">
        {members.map(({ id, display_name }) => (
          <li class="dialog__row" key={id}>
            <span class="dialog__presence" data-state={here.get(id) ?? "unknown"} aria-hidden="true" />
            <bdi>{display_name}</bdi> <span class="quiet">{words[here.get(id) ?? "offline"]}</span>
          </li>
        ))}
      </ul>
      {room.type !== "dm" && others.length > 0 && (
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
      {room.type !== "dm" && (
        <button class="dialog__leave link" type="button" onClick={leave}>
          {strings.leave}
        </button>
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
        <button class="button" data-kind="main" type="button" onClick={() => void app.attempt(app.directory.makeInvite)}>
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
