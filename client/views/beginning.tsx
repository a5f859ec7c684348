import { useEffect } from "preact/hooks";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";
import { openDialog } from "./dialog.tsx";
import { nameOf, roomTitle } from "./names.ts";
import "../styles/beginning.css";

/** What stands over a room's first message: what it is, whose it is, and in an empty one what could be done first. */
export function Beginning({ app, room, isEmpty }: { app: App; room: MyRoom; isEmpty: boolean }) {
  const title = roomTitle(app, room);
  const isChannel = room.type === "channel";
  useEffect(() => {
    if (room.owner_id !== null) app.people.find([room.owner_id]);
  }, [room.owner_id]);
  return (
    <div class="beginning">
      <p class="beginning__title">
        <bdi>{title}</bdi>
      </p>
      <p>{isEmpty ? strings.empty_room : isChannel ? strings.beginning(title) : strings.beginning_with(title)}</p>
      {isChannel && room.owner_id !== null && <p>{strings.made_by(nameOf(app, room.owner_id))}</p>}
      {isEmpty && isChannel && (
        <button class="button" type="button" onClick={() => openDialog("add-people")}>
          {strings.add_people}
        </button>
      )}
    </div>
  );
}
