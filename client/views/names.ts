/** What a room is called on this screen: a dm or group by its other people. */
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";

export function roomName(app: App, room: MyRoom): string {
  if (room.type === "channel") return room.name ?? "";
  const me = app.account.me.value;
  const others = (room.user_ids ?? []).filter((id) => id !== me?.id);
  const names = others.map((id) => app.people.users.value.get(id)?.display_name ?? strings.somebody);
  return names.length === 0 ? `${me?.display_name ?? ""} (${strings.yourself})` : names.join(", ");
}

export const roomTitle = (app: App, room: MyRoom): string => (room.type === "channel" ? `#${roomName(app, room)}` : roomName(app, room));
