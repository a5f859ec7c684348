import "../styles/messages.css";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";
import type { Timeline } from "../models/timeline.ts";
import { MessageList } from "./message-list.tsx";
import { Skeleton } from "./skeleton.tsx";

export function Messages({ app, timeline, room }: { app: App; timeline: Timeline; room: MyRoom }) {
  const state = timeline.state.value;
  if (state === "ready") return <MessageList app={app} timeline={timeline} room={room} />;
  if (state === "loading") return <Skeleton of="messages" />;
  return (
    <div class="messages messages__wait">
      <p>{state === "failed" ? strings.failed : strings.unavailable}</p>
      <button class="button" type="button" onClick={() => timeline.retry()}>
        {strings.retry}
      </button>
    </div>
  );
}
