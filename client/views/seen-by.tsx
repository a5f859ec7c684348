import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";
import { nameOf } from "./names.ts";

/** Who has seen one's own last message: by name where few talk, in a channel by their number, which opens the names. */
export function SeenBy({ app, by, room }: { app: App; by: readonly string[]; room: MyRoom }) {
  const words = app.receipts.part.value?.it.words;
  if (!words) return null;
  const names = by.map((id) => nameOf(app, id));
  return (
    <li class="messages__fold">
      {room.type === "channel" ? (
        <details>
          <summary>{words.count(names.length)}</summary>
          <bdi>{words.names(names)}</bdi>
        </details>
      ) : (
        words.seen(names)
      )}
    </li>
  );
}
