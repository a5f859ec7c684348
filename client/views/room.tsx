import "../styles/room.css";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { Composer } from "./composer.tsx";
import { copy } from "./copy.ts";
import { Viewer } from "./files.tsx";
import { JumpDoor } from "./jump-door.tsx";
import { Messages } from "./messages.tsx";
import { mayPostIn, nameOf, roomTitle } from "./names.ts";
import { NoPosting } from "./no-posting.tsx";
import { PageHead } from "./page-head.tsx";
import { RemoveDialog } from "./remove.tsx";
import { RoomHead } from "./room-head.tsx";
import { Skeleton } from "./skeleton.tsx";

export function RoomView({ app }: { app: App }) {
  const room = app.room.value;
  const timeline = app.timeline.value;
  const missing = timeline?.missing.value === true;
  const screen = app.place.screen.value;
  if (screen !== "room") return <p class="room__quiet">{strings.choose_room}</p>;
  if (!room || missing) return <Gone app={app} />;
  const title = roomTitle(app, room);
  return (
    <section class="room" aria-label={title}>
      <RoomHead app={app} room={room} title={title} />
      {timeline && <Messages key={room.id} app={app} timeline={timeline} room={room} />}
      <Typing app={app} room_id={room.id} />
      {mayPostIn(app, room) ? <Composer key={room.id} app={app} room_id={room.id} title={title} /> : <NoPosting room={room} />}
      <Viewer app={app} />
      <RemoveDialog app={app} />
      <JumpDoor app={app} />
    </section>
  );
}

/** The room's parts, before anything is known of it. */
export function RoomToCome() {
  return (
    <section class="room" aria-busy="true">
      <header class="room-head" />
      <Skeleton of="messages" />
    </section>
  );
}

/** Absent, foreign and lost are one page; what was written here and not sent can still be copied. */
function Gone({ app }: { app: App }) {
  const room_id = app.place.room_id.value;
  const seq = app.place.seq.value;
  const isMine = app.room.value !== null; // a message is gone, the room is not: what is unsent goes on
  const pending = app.outbox.pending.value;
  const unsent = isMine ? [] : pending.filter((entry) => entry.room_id === room_id);
  return (
    <section class="room">
      <PageHead app={app} title={seq === null ? strings.unavailable : strings.unavailable_message} />
      <div class="room__gone">
        <p class="quiet">{strings.unavailable_hint}</p>
        {unsent.length > 0 && <p>{strings.unsent_here}</p>}
        {unsent.map(({ client_id, content }) => (
          <div class="room__unsent" key={client_id}>
            <p class="room__text" dir="auto">
              {content}
            </p>
            <button class="link" type="button" onClick={() => void copy(app, content)}>
              {strings.copy}
            </button>
            <button class="link" type="button" onClick={() => app.outbox.discard(client_id)}>
              {strings.discard}
            </button>
          </div>
        ))}
        <button class="button" type="button" onClick={() => app.place.go("/")}>
          {strings.rooms}
        </button>
      </div>
    </section>
  );
}

function Typing({ app, room_id }: { app: App; room_id: string }) {
  const typing = app.people.typing.value.get(room_id) ?? [];
  const names = typing.map((id) => nameOf(app, id));
  return <p class="room__typing">{names.length > 0 && strings.typing(names)}</p>;
}
