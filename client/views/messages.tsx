import "../styles/messages.css";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";
import type { Timeline } from "../models/timeline.ts";
import { PostRow } from "./message.tsx";
import { MessageList } from "./message-list.tsx";
import { Skeleton } from "./skeleton.tsx";

export function Messages({ app, timeline, room }: { app: App; timeline: Timeline; room: MyRoom }) {
  const state = timeline.state.value;
  if (state === "ready") return <MessageList app={app} timeline={timeline} room={room} />;
  return (
    <div class="messages">
      {state === "loading" ? (
        <Skeleton of="messages" />
      ) : (
        <div class="messages__wait">
          <p>{state === "failed" ? strings.failed : strings.unavailable}</p>
          <button class="button" type="button" onClick={() => timeline.retry()}>
            {strings.retry}
          </button>
        </div>
      )}
      <Waiting app={app} room_id={room.id} />
    </div>
  );
}

/** What is written before the room is here is on the screen at once all the same. */
function Waiting({ app, room_id }: { app: App; room_id: string }) {
  const entries = app.outbox.pending.value.filter((entry) => entry.room_id === room_id);
  return (
    <ol class="messages__list">
      {entries.map((entry) => (
        <PostRow key={entry.client_id} rowKey={entry.client_id} app={app} message={undefined} entry={entry} {...NEITHER} />
      ))}
    </ol>
  );
}
const NEITHER = { grouped: false, editing: false, pointed: false, acted: false, marked: false };
