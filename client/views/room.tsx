import "../styles/room.css";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { Composer } from "./composer.tsx";
import { openDialog } from "./dialog.tsx";
import { MembersDialog } from "./dialogs.tsx";
import { Messages } from "./messages.tsx";
import { roomTitle } from "./names.ts";

export function RoomView({ app }: { app: App }) {
  const room = app.room.value;
  const timeline = app.timeline.value;
  const told = app.rooms.told.value;
  const path = app.path.value;
  if (!told || (path === "/rooms" && !room)) return <p class="room__quiet">{told ? strings.no_rooms : strings.loading}</p>;
  if (!room) {
    return (
      <section class="room__gone">
        <h2>{strings.unavailable}</h2>
        <p>{strings.unavailable_hint}</p>
        <button class="button" type="button" onClick={() => app.go("/")}>
          {strings.rooms}
        </button>
      </section>
    );
  }
  const title = roomTitle(app, room);
  return (
    <section class="room" aria-label={title}>
      <header class="room__head">
        <button class="back" type="button" aria-label={strings.rooms} onClick={() => app.go("/rooms")}>
          ‹
        </button>
        <h2 class="room__name">
          <bdi>{title}</bdi>
        </h2>
        <p class="room__description">{room.description}</p>
        <button class="room__members" type="button" onClick={() => openDialog("members")}>
          {strings.members_count(room.member_count)}
        </button>
      </header>
      {timeline && <Messages key={room.id} app={app} timeline={timeline} room={room} />}
      <Typing app={app} room_id={room.id} />
      {room.archived_at === undefined ? (
        <Composer key={room.id} app={app} room_id={room.id} title={title} />
      ) : (
        <p class="room__quiet">{strings.archived}</p>
      )}
      <MembersDialog app={app} room_id={room.id} />
    </section>
  );
}

function Typing({ app, room_id }: { app: App; room_id: string }) {
  const typing = app.people.typing.value.get(room_id) ?? [];
  const users = app.people.users.value;
  const names = typing.map((id) => users.get(id)?.display_name ?? strings.somebody);
  return <p class="room__typing">{names.length > 0 && strings.typing(names)}</p>;
}
