import "../styles/sidebar.css";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";
import { strings } from "../lib/strings.ts";
import { InviteDialog, NewChannelDialog, NewDirectDialog } from "./dialogs.tsx";
import { openDialog } from "./dialog.tsx";
import { addressedIn, roomName } from "./names.ts";

export function Sidebar({ app }: { app: App }) {
  const me = app.account.me.value;
  const unsent = app.outbox.pending.value.length;
  const screen = app.place.screen.value;
  const signOut = (): void => {
    if (unsent === 0 || confirm(strings.sign_out_unsent(unsent))) void app.signOut();
  };
  return (
    <nav class="sidebar" aria-label={strings.rooms}>
      <header class="sidebar__head">
        <h1 class="sidebar__workspace">{me?.workspace}</h1>
        <details class="sidebar__menu" onToggle={closesOutside} onKeyDown={closesOnEscape} onClick={closesOnChoice}>
          <summary class="sidebar__me">
            <bdi class="sidebar__my-name">{me?.display_name}</bdi>
          </summary>
          <div class="sidebar__items">
            {me && me.role !== "member" && (
              <button class="sidebar__item" type="button" onClick={() => openDialog("invite")}>
                {strings.invite_people}
              </button>
            )}
            <button class="sidebar__item" type="button" onClick={signOut}>
              {strings.sign_out}
            </button>
          </div>
        </details>
      </header>
      <Section app={app} title={strings.channels} rooms={app.rooms.channels.value} add={strings.new_channel} dialog="new-channel" />
      <button class="sidebar__browse" type="button" aria-current={screen === "browse" ? "page" : undefined} onClick={() => app.place.go("/browse")}>
        {strings.browse}
      </button>
      <Section app={app} title={strings.direct_messages} rooms={app.rooms.directs.value} add={strings.new_message} dialog="new-direct" />
      <NewChannelDialog app={app} />
      <NewDirectDialog app={app} />
      <InviteDialog app={app} />
    </nav>
  );
}

type SectionProps = { app: App; title: string; rooms: readonly MyRoom[]; add: string; dialog: string };

function Section({ app, title, rooms, add, dialog }: SectionProps) {
  return (
    <section class="sidebar__section">
      <header class="sidebar__section-head">
        <h2 class="sidebar__title">{title}</h2>
        <button class="sidebar__add" type="button" aria-label={add} title={add} onClick={() => openDialog(dialog)}>
          +
        </button>
      </header>
      <ul class="sidebar__list">
        {rooms.map((room) => (
          <Row key={room.id} app={app} room={room} />
        ))}
      </ul>
    </section>
  );
}

function Row({ app, room }: { app: App; room: MyRoom }) {
  const name = roomName(app, room);
  const addressed = addressedIn(room);
  const open = app.place.room_id.value;
  const isUnread = room.me.unread > 0 && room.me.level !== "none";
  const failed = app.outbox.pending.value.some((entry) => entry.room_id === room.id && entry.state !== "sending");
  return (
    <li>
      <a
        class="sidebar__room"
        href={`/r/${room.id}`}
        aria-current={open === room.id ? "page" : undefined}
        data-unread={isUnread}
        data-level={room.me.level}
        onClick={(event) => {
          event.preventDefault();
          app.place.go(`/r/${room.id}`);
        }}
      >
        <span class="sidebar__sign" aria-hidden="true">
          {room.type === "channel" ? (room.visibility === "private" ? "◦" : "#") : "@"}
        </span>
        <bdi class="sidebar__name">{name}</bdi>
        {failed && (
          <span class="sidebar__failed" role="img" aria-label={strings.not_sent} title={strings.not_sent}>
            !
          </span>
        )}
        {addressed > 0 && (
          <span class="sidebar__count" role="img" aria-label={strings.unread(addressed)}>
            {addressed > 99 ? "99+" : addressed}
          </span>
        )}
        {addressed === 0 && isUnread && <span class="hidden">{strings.unread(room.me.unread)}</span>}
      </a>
    </li>
  );
}

type On<E extends Event> = E & { currentTarget: HTMLDetailsElement };

/** A menu ends with a touch anywhere else. Not when the focus leaves: some browsers give a clicked button none. */
function closesOutside({ currentTarget: menu }: On<Event>): void {
  if (!menu.open) return;
  const touched = new AbortController();
  const close = ({ target }: Event): void => {
    if (target instanceof Node && menu.contains(target)) return;
    menu.open = false;
    touched.abort();
  };
  document.addEventListener("pointerdown", close, { signal: touched.signal });
}

function closesOnEscape({ key, currentTarget: menu }: On<KeyboardEvent>): void {
  if (key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
}

function closesOnChoice({ target, currentTarget: menu }: On<MouseEvent>): void {
  if (target instanceof HTMLButtonElement) menu.open = false;
}
