/** What this reader may do with a room from its row in the sidebar, without going there. */
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";
import { confirmed } from "./confirm.tsx";
import { copy } from "./copy.ts";
import { roomTitle } from "./names.ts";

export type RoomAct = { name: string; label: string; run(): void };

export function roomActsFor(app: App, room: MyRoom): RoomAct[] {
  const { id, type, last_seq, me } = room;
  const isMuted = me.level === "muted";
  const usual = type === "channel" ? "mentions" : "all";
  const details = (): void => {
    app.place.go(`/r/${id}`);
    app.layers.lay("details");
  };
  const acts: (RoomAct | false)[] = [
    me.unread > 0 && { name: "read", label: strings.read_all, run: () => app.seen(id, last_seq, true) },
    {
      name: "mute",
      label: isMuted ? strings.unmute : strings.mute,
      run: () => void app.attempt(() => app.rooms.setLevel(id, isMuted ? usual : "muted")),
    },
    { name: "copy_link", label: strings.copy_link, run: () => void copy(app, `${location.origin}/r/${id}`, strings.link_copied) },
    { name: "details", label: strings.details, run: details },
    type !== "dm" && { name: "remove", label: strings.leave_room, run: () => void leave(app, room) },
  ];
  return acts.filter((act) => act !== false);
}

/** Asks first. */
export async function leave(app: App, room: MyRoom): Promise<void> {
  if (!(await confirmed(strings.leave_question(roomTitle(app, room)), strings.leave_room))) return;
  await app.attempt(() => app.leave(room.id));
}
