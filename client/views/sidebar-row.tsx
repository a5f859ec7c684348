import { keptDraft } from "../lib/drafts.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";
import { Face, PresenceSign } from "./face.tsx";
import { Icon } from "./icon.tsx";
import { StatusSign } from "./status-sign.tsx";
import { addressedIn, isUnread, othersIn, roomName } from "./names.ts";

export function Row({ app, room }: { app: App; room: MyRoom }) {
  const name = roomName(app, room);
  const me = app.account.me.value?.id ?? "";
  const isOpen = app.place.room_id.value === room.id;
  const failed = app.outbox.pending.value.some((entry) => entry.room_id === room.id && entry.state !== "sending");
  const unread = isUnread(room);
  const hasDraft = !isOpen && keptDraft(me, room.id).trim() !== "";
  return (
    <li>
      <a
        class="sidebar__room"
        href={`/r/${room.id}`}
        title={name}
        data-row
        data-unread={unread}
        data-level={room.me.level}
        aria-current={isOpen ? "page" : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          app.place.go(`/r/${room.id}`);
        }}
        onContextMenu={(event) => {
          event.preventDefault();
          const { left, bottom } = event.currentTarget.getBoundingClientRect();
          app.acts.openRoomMenu(room.id, event.button === 2 ? { x: event.clientX, y: event.clientY } : { x: left, y: bottom }); // by key: under its row
        }}
      >
        <RoomSign app={app} room={room} />
        <span class="sidebar__name" dir="auto">
          {name}
        </span>
        {room.type === "dm" && <StatusSign user={app.people.users.value.get(othersIn(app, room)[0] ?? "")} />}
        {hasDraft && <Mark sign="pencil" words={strings.has_draft} />}
        {failed && <Mark sign="warning" words={strings.not_sent} />}
        <Count room={room} />
      </a>
    </li>
  );
}

/** The sign of a room's kind: #, a lock, a face, or people. */
export function RoomSign({ app, room }: { app: App; room: MyRoom }) {
  const [other, ...more] = othersIn(app, room);
  const someone = other ?? app.account.me.value?.id ?? "";
  const name = app.people.users.value.get(someone)?.display_name ?? "";
  if (room.type === "channel") {
    return (
      <span class="sidebar__sign">
        <Icon sign={room.visibility === "private" ? "lock" : "hash"} />
        {room.visibility === "private" && <span class="hidden">{strings.private_room}</span>}
      </span>
    );
  }
  if (more.length > 0) {
    return (
      <span class="sidebar__sign">
        <Icon sign="people" />
      </span>
    );
  }
  return (
    <span class="sidebar__sign">
      <Face app={app} id={someone} name={name} size="small" />
      <PresenceSign app={app} user_id={someone} quiet />
    </span>
  );
}

function Mark({ sign, words }: { sign: "pencil" | "warning"; words: string }) {
  return (
    <span class="sidebar__mark" data-sign={sign} role="img" aria-label={words} title={words}>
      <Icon sign={sign} />
    </span>
  );
}

function Count({ room }: { room: MyRoom }) {
  const addressed = addressedIn(room);
  if (addressed > 0) {
    return (
      <span class="sidebar__count">
        <span aria-hidden="true">{addressed > 99 ? "99+" : addressed}</span>
        <span class="hidden">{strings.for_you(addressed)}</span>
      </span>
    );
  }
  return isUnread(room) ? <span class="hidden">{strings.unread(room.me.unread)}</span> : null;
}
