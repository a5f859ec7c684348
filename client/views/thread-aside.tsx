import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";
import type { MyRoom } from "../models/rooms.ts";
import { Late } from "./late.tsx";

const threads = createLater(() => import("./thread.tsx"));

/** A message and its replies beside the room. */
export function ThreadAside({ app, room }: { app: App; room: MyRoom }) {
  return (
    <aside class="details" id="thread" aria-label={strings.thread} tabIndex={-1}>
      <Late of={threads}>{({ ThreadPane }) => <ThreadPane app={app} room={room} />}</Late>
    </aside>
  );
}
