import "../styles/room-head.css";
import { useEffect } from "preact/hooks";
import { keep, kept } from "../lib/kept.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";
import { openDialog } from "./dialog.tsx";
import { Face, PresenceSign } from "./face.tsx";
import { Icon } from "./icon.tsx";
import { othersIn } from "./names.ts";
import { RoomSign } from "./sidebar-row.tsx";

type Props = { app: App; room: MyRoom; title: string };

export function RoomHead({ app, room, title }: Props) {
  const isOpen = app.layers.open.value.includes("details");
  const [other] = othersIn(app, room);
  useEffect(() => {
    if (!matchMedia("(pointer: fine)").matches) document.getElementById("room-name")?.focus(); // where writing is not begun by arriving
  }, [room.id]);
  const toggle = (): void => (isOpen ? app.layers.lift("details") : app.layers.lay("details"));
  return (
    <>
      <header class="room-head">
        <button class="back" type="button" aria-label={strings.rooms} onClick={() => app.place.go("/rooms")}>
          <Icon sign="back" />
        </button>
        {room.type === "group" && <RoomSign app={app} room={room} />}
        {room.type === "dm" && <Face id={other ?? ""} name={title} size="small" />}
        <h2 class="room-head__name" title={title} tabIndex={-1} id="room-name">
          <bdi>{title}</bdi>
        </h2>
        {room.type === "channel" && room.visibility === "private" && (
          <span class="room-head__sign" title={strings.private_room}>
            <Icon sign="lock" />
            <span class="hidden">{strings.private_room}</span>
          </span>
        )}
        {room.type === "dm" && other !== undefined ? (
          <span class="room-head__words">
            <PresenceSign app={app} user_id={other} />
          </span>
        ) : (
          <p class="room-head__words" title={room.description}>
            {room.description}
          </p>
        )}
        {room.me.level === "none" && <span class="room-head__level">{strings.levels.none}</span>}
        <button
          class="room-head__members"
          type="button"
          aria-expanded={isOpen}
          aria-controls="details"
          aria-label={`${strings.details}: ${strings.members_count(room.member_count)}`}
          title={strings.details}
          onClick={toggle}
        >
          <Icon sign="people" />
          <span>{room.member_count}</span>
        </button>
      </header>
      <Welcome app={app} room={room} />
    </>
  );
}

/** Stands in the first room until it is dismissed or somebody else is there. */
function Welcome({ app, room }: { app: App; room: MyRoom }) {
  const me = app.account.me.value;
  const seen = app.seen_welcome.value;
  const isOnly = app.rooms.rooms.value.size === 1;
  if (seen || me?.role !== "owner" || !isOnly || room.member_count > 1 || kept(`welcome ${me.id}`) !== "") return null;
  const dismiss = (): void => {
    keep(`welcome ${me.id}`, "seen");
    app.seeWelcome();
  };
  return (
    <section class="welcome" aria-labelledby="welcome-title">
      <div class="welcome__words">
        <h3 class="welcome__title" id="welcome-title">
          {strings.welcome_title(me.workspace)}
        </h3>
        <p class="quiet">{strings.welcome_words}</p>
      </div>
      <div class="welcome__deeds">
        <button class="button" data-kind="main" type="button" onClick={() => openDialog("invite")}>
          <Icon sign="invite" />
          {strings.welcome_invite}
        </button>
        <button class="button" type="button" onClick={() => document.getElementById("composer")?.focus()}>
          {strings.welcome_hello}
        </button>
      </div>
      <button class="tool welcome__close" type="button" aria-label={strings.dismiss} onClick={dismiss}>
        <Icon sign="close" />
      </button>
    </section>
  );
}
