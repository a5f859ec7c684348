/** What rooms and people are called on this screen, and what the browser's tab says of them. */
import { strings } from "../lib/strings.ts";
import { workspaceNames } from "../lib/workspace-names.ts";
import type { Waiting } from "../lib/favicon.ts";
import type { App } from "../models/app.ts";
import { addressedIn, isUnread, nameFor, roomNameFor, titleFor } from "../models/room-names.ts";
import type { MyRoom } from "../models/rooms.ts";

export { addressedIn, isUnread, mayPostIn, mayRunRoom, othersIn } from "../models/room-names.ts";

export const roomName = (app: App, room: MyRoom): string => roomNameFor(app, room);
export const roomTitle = (app: App, room: MyRoom): string => titleFor(app, room);
export const nameOf = (app: App, user_id: string): string => nameFor(app.people, user_id);

/** What waits in all rooms: how much is for this reader, and whether there is anything else. */
export function waitingIn(app: App): Waiting {
  const rooms = [...app.rooms.rooms.value.values()];
  return { addressed: rooms.reduce((sum, one) => sum + addressedIn(one), 0), other: rooms.some(isUnread) };
}

/** The title of the browser's tab: the number counts what is for this reader, the dot says that there is other unread. */
export function tabTitle(app: App): string {
  const { addressed, other } = waitingIn(app);
  const room = app.room.value;
  const screen = app.place.screen.value;
  const pages: Partial<Record<typeof screen, string>> = {
    browse: strings.browse,
    me: strings.settings,
    workspace: workspaceNames.manage,
    saved: strings.saved_messages,
  };
  const mark = addressed > 0 ? `(${addressed}) ` : other ? "• " : "";
  const place = [room ? roomTitle(app, room) : pages[screen], app.account.me.value?.workspace ?? strings.product].filter(
    (part) => part !== undefined,
  );
  return mark + place.join(" · ");
}
