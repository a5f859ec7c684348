import "../styles/room-head.css";
import { useEffect } from "preact/hooks";
import type { Level } from "../../server/protocol.ts";
import { keep, kept } from "../lib/kept.ts";
import { counted } from "../lib/plurals.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";
import { openDialog } from "./dialog.tsx";
import { Face, PresenceSign } from "./face.tsx";
import { Icon, type Sign } from "./icon.tsx";
import { Item, Menu } from "./menu.tsx";
import { othersIn } from "./names.ts";
import { RoomSign } from "./sidebar-row.tsx";
import { StatusSign } from "./status-sign.tsx";

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
        {room.type === "dm" && <Face app={app} id={other ?? ""} name={title} size="small" />}
        <h2 class="room-head__name" title={title} tabIndex={-1} id="room-name" onClick={toggle}>
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
            <StatusSign user={app.people.users.value.get(other)} /> <PresenceSign app={app} user_id={other} />
          </span>
        ) : (
          <p class="room-head__words" dir="auto" title={room.description}>
            {room.description}
          </p>
        )}
        <LevelMenu app={app} room={room} />
        <button
          class="room-head__members"
          type="button"
          aria-expanded={isOpen}
          aria-controls="details"
          aria-label={strings.details_of(room.member_count)}
          title={strings.details}
          onClick={toggle}
        >
          <Icon sign="people" />
          <span>{counted(room.member_count)}</span>
        </button>
      </header>
      <Welcome app={app} room={room} />
    </>
  );
}

const levelSigns: Record<Level, Sign> = { all: "bell", mentions: "at", none: "silent", muted: "muted" };
export const levels: readonly Level[] = ["all", "mentions", "none", "muted"];

/** What of this room is told to its reader; the details have it too, with words beside. */
function LevelMenu({ app, room: { id, me } }: { app: App; room: MyRoom }) {
  const set = (level: Level): void => void app.attempt(() => app.rooms.setLevel(id, level));
  const label = strings.level_is(strings.levels[me.level]);
  return (
    <Menu app={app} id="room-level" kind="tool" label={label} button={<Icon sign={levelSigns[me.level]} />}>
      {levels.map((level) => (
        <Item key={level} sign={levelSigns[level]} words={strings.levels[level]} chosen={level === me.level} onChoose={() => set(level)} />
      ))}
    </Menu>
  );
}

/** Stands in the first room until it is dismissed or somebody else is there. */
function Welcome({ app, room }: { app: App; room: MyRoom }) {
  const me = app.account.me.value;
  const seen = app.seen_welcome.value;
  const isFirst = [...app.rooms.rooms.value.values()].every(({ created_at }) => created_at >= room.created_at);
  if (seen || me?.role !== "owner" || !isFirst || room.member_count > 1 || kept(`welcome ${me.id}`) !== "") return null;
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
        <p class="quiet">{room.last_seq === 0 ? strings.welcome_words : strings.welcome_alone}</p>
      </div>
      <div class="welcome__deeds">
        <button class="button" data-kind="main" type="button" onClick={() => openDialog("invite")}>
          <Icon sign="invite" />
          {strings.welcome_invite}
        </button>
        {room.last_seq === 0 && (
          <button class="button" type="button" onClick={() => document.getElementById("composer")?.focus()}>
            {strings.welcome_hello}
          </button>
        )}
      </div>
      <button class="tool welcome__close" type="button" aria-label={strings.dismiss} onClick={dismiss}>
        <Icon sign="close" />
      </button>
    </section>
  );
}
