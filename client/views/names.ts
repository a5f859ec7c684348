/** What rooms and people are called on this screen: a dm or group by its other people. */
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";

export function roomName(app: App, room: MyRoom): string {
  if (room.type === "channel") return room.name ?? "";
  const me = app.account.me.value;
  const others = (room.user_ids ?? []).filter((id) => id !== me?.id);
  const names = others.map((id) => nameOf(app, id));
  return names.length === 0 ? `${me?.display_name ?? ""} (${strings.yourself})` : names.join(", ");
}

export const roomTitle = (app: App, room: MyRoom): string => (room.type === "channel" ? `#${roomName(app, room)}` : roomName(app, room));

export const nameOf = (app: App, user_id: string): string => app.people.users.value.get(user_id)?.display_name ?? strings.somebody;

/** How many unread messages of a room are for this reader: mentions, and every message of a dm or group; none where the level is `none`. */
export function addressedIn({ type, me }: MyRoom): number {
  if (me.level === "none") return 0;
  return type === "channel" || me.level === "mentions" ? me.unread_mentions : me.unread;
}

/** The title of the browser's tab: the number counts what is for this reader, the dot says that there is other unread. */
export function tabTitle(app: App): string {
  const rooms = [...app.rooms.rooms.value.values()];
  const room = app.room.value;
  const addressed = rooms.reduce((sum, one) => sum + addressedIn(one), 0);
  const other = rooms.some(({ me }) => me.unread > 0 && me.level !== "none");
  const mark = addressed > 0 ? `(${addressed}) ` : other ? "• " : "";
  const place = [room && roomTitle(app, room), app.account.me.value?.workspace ?? strings.product].filter((part) => part !== null);
  return mark + place.join(" · ");
}
