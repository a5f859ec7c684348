import { useEffect } from "preact/hooks";
import { detailsStrings } from "../lib/details-strings.ts";
import { dateOf } from "../lib/dates.ts";
import { roomStrings } from "../lib/room-strings.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";
import type { MyRoom } from "../models/rooms.ts";
import { confirmed } from "./confirm.tsx";
import { Deed } from "./details-deed.tsx";
import { DetailsPeople } from "./details-people.tsx";
import { Icon } from "./icon.tsx";
import { Late } from "./late.tsx";
import { mayRunRoom, roomTitle } from "./names.ts";
import { leave } from "./room-acts.ts";
import { levels } from "./room-head.tsx";

type Props = { app: App; room: MyRoom };

const edit = createLater(() => import("./room-edit.tsx"));
const pinned = createLater(() => import("./pinned.tsx"));

/** The words are back, and the focus is where the form was opened. */
function endEdit(app: App): void {
  app.acts.editRoom(null);
  setTimeout(() => document.getElementById("details-edit")?.focus());
}

/** Who is in the room and what one may do with it. What one may not do is absent. */
export function Details({ app, room }: Props) {
  const title = roomTitle(app, room);
  const mayRun = mayRunRoom(app, room);
  const isOpen = room.archived_at === undefined;
  useEffect(() => {
    if (room.type !== "dm") void app.attempt(() => app.directory.findMembers(room.id));
  }, [room.id]);
  useEffect(() => () => app.acts.editRoom(null), [room.id]);
  return (
    <>
      <header class="details__head">
        <h2 class="details__heading">{strings.details}</h2>
        <button class="tool" type="button" aria-label={strings.close} onClick={() => app.layers.lift("details")}>
          <Icon sign="close" />
        </button>
      </header>
      <div class="details__scroll">
        {mayRun && isOpen && app.acts.editing_room.value === room.id ? (
          <section class="details__part">
            <Late of={edit}>{({ RoomEdit }) => <RoomEdit app={app} room={room} onDone={() => endEdit(app)} />}</Late>
          </section>
        ) : (
          <section class="details__part">
            <h3 class="details__title">
              <bdi>{title}</bdi>
            </h3>
            {room.type === "channel" && (
              <p class={room.description === "" ? "quiet" : ""} dir="auto">
                {room.description === "" ? detailsStrings.description_none : room.description}
              </p>
            )}
            <p class="details__note">
              {room.type === "channel" && `${room.visibility === "private" ? strings.private_room : strings.public_room} · `}
              {room.posting === "admins" && `${roomStrings.announcements} · `}
              {detailsStrings.made_on(dateOf(room.created_at))}
            </p>
            {!isOpen && <p class="details__archived">{strings.archived}</p>}
            {mayRun && room.type === "channel" && isOpen && (
              <Deed sign="pencil" words={roomStrings.edit} run={() => app.acts.editRoom(room.id)} id="details-edit" />
            )}
          </section>
        )}
        <LevelPart app={app} room={room} />
        <section class="details__part">
          <Late of={pinned}>{({ Pinned }) => <Pinned app={app} room_id={room.id} />}</Late>
        </section>
        <DetailsPeople app={app} room={room} mayRun={mayRun} />
        <Farewell app={app} room={room} title={title} mayRun={mayRun} />
      </div>
    </>
  );
}

function LevelPart({ app, room }: Props) {
  return (
    <section class="details__part">
      <label class="details__subtitle" for="details-level">
        {detailsStrings.level}
      </label>
      <select
        class="field__input"
        id="details-level"
        value={room.me.level}
        onChange={({ currentTarget }) => {
          const level = levels.find((one) => one === currentTarget.value);
          if (level) void app.attempt(() => app.rooms.setLevel(room.id, level));
        }}
      >
        {levels.map((level) => (
          <option key={level} value={level} selected={level === room.me.level}>
            {strings.levels[level]}
          </option>
        ))}
      </select>
    </section>
  );
}

function Farewell({ app, room, title, mayRun }: Props & { title: string; mayRun: boolean }) {
  if (room.type === "dm") return null;
  const isOpen = room.archived_at === undefined;
  const archive = async (): Promise<void> => {
    if (!isOpen || (await confirmed(detailsStrings.archive_question(title), detailsStrings.archive_room)))
      await app.attempt(() => app.rooms.patch(room.id, { archived: isOpen }));
  };
  return (
    <section class="details__part">
      {mayRun && room.type === "channel" && (
        <Deed sign="archive" words={isOpen ? detailsStrings.archive_room : detailsStrings.reopen_room} run={() => void archive()} />
      )}
      <Deed sign="leave" words={strings.leave_room} danger run={() => void leave(app, room)} />
      <p class="details__note">{room.visibility === "public" ? detailsStrings.leave_hint : detailsStrings.leave_private_hint}</p>
    </section>
  );
}
