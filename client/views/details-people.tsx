import { detailsStrings } from "../lib/details-strings.ts";
import { byName } from "../lib/plurals.ts";
import { roomStrings } from "../lib/room-strings.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { Seat } from "../models/directory.ts";
import type { MyRoom } from "../models/rooms.ts";
import { showCard } from "./card.tsx";
import { confirmed } from "./confirm.tsx";
import { Deed } from "./details-deed.tsx";
import { openDialog } from "./dialog.tsx";
import { Face, PresenceSign } from "./face.tsx";
import { Icon } from "./icon.tsx";
import { Item, Menu } from "./menu.tsx";
import { roomTitle } from "./names.ts";
import { StatusSign } from "./status-sign.tsx";

const FEW = 8; // as many are found by looking

type Props = { app: App; room: MyRoom; mayRun: boolean };

export function DetailsPeople({ app, room, mayRun }: Props) {
  const held = app.directory.members.value;
  const users = app.people.users.value;
  const here = app.people.here.value;
  const isHeld = held?.room_id === room.id;
  const ofDm = (room.user_ids ?? []).map((id) => seatOf(room, users.get(id))).filter((seat) => seat !== undefined);
  const pages = room.type === "dm" ? [ofDm] : isHeld ? held.pages : [];
  const rank = ({ user }: Seat): number => ({ active: 0, away: 1, offline: 2 })[here.get(user.id)?.status ?? "offline"];
  const inOrder = (page: readonly Seat[]): Seat[] => page.toSorted((a, b) => rank(a) - rank(b) || byName(a.user.display_name, b.user.display_name));
  const seats = pages.flatMap(inOrder); // each page by itself: a next one goes below what is being read
  return (
    <section class="details__part">
      <h3 class="details__subtitle">{detailsStrings.members_here(room.member_count)}</h3>
      {room.archived_at === undefined && <Deed sign="invite" words={strings.add_people} run={() => openDialog("add-people")} />}
      {isHeld && (room.member_count > FEW || held.q !== "") && (
        <input
          class="field__input"
          type="search"
          aria-label={strings.find_people}
          placeholder={strings.find_people}
          onInput={({ currentTarget }) => app.directory.seekMembers(currentTarget.value)}
        />
      )}
      <ul class="details__people">
        {seats.map((seat) => (
          <Person key={seat.user.id} app={app} room={room} seat={seat} mayRun={mayRun} />
        ))}
      </ul>
      <p class="quiet" role="status">
        {isHeld && held.q !== "" && seats.length === 0 && strings.nobody_found}
      </p>
      {isHeld && held.next_cursor !== undefined && (
        <button class="button" type="button" onClick={() => void app.attempt(app.directory.moreMembers)}>
          {detailsStrings.more_people(room.member_count - seats.length)}
        </button>
      )}
    </section>
  );
}

function Person({ app, room, seat: { member, user }, mayRun }: Props & { seat: Seat }) {
  const mine = app.account.me.value?.id;
  return (
    <li class="details__person">
      <button class="details__who" type="button" aria-haspopup="dialog" onClick={() => showCard(app, user.id)}>
        <Face app={app} id={user.id} name={user.display_name} />
        <span class="details__names">
          <span class="details__name-line">
            <bdi class="details__name" title={user.display_name}>
              {user.display_name}
            </bdi>
            <StatusSign user={app.people.users.value.get(user.id)} />
            {user.id === mine && <span class="quiet"> ({strings.yourself})</span>}
          </span>
          <PresenceSign app={app} user_id={user.id} />
        </span>
      </button>
      {member.role !== "member" && <span class="details__role">{strings.roles[member.role]}</span>}
      {mayRun && user.id !== mine && <PersonMenu app={app} room={room} seat={{ member, user }} />}
    </li>
  );
}

const seatOf = (room: MyRoom, user: Seat["user"] | undefined): Seat | undefined =>
  user && { user, member: { room_id: room.id, user_id: user.id, role: "member", joined_at: room.created_at, rev: 0 } };

function PersonMenu({ app, room, seat: { member, user } }: { app: App; room: MyRoom; seat: Seat }) {
  const mayTouchOwner = room.me.role === "owner" || app.account.me.value?.role !== "member";
  if (member.role === "owner" && !mayTouchOwner) return null;
  const name = user.display_name;
  const putOut = async (): Promise<void> => {
    if (await confirmed(detailsStrings.put_out_question(name), detailsStrings.put_out)) await app.attempt(() => app.rooms.putOut(room.id, user.id));
  };
  const handOver = async (): Promise<void> => {
    const question = roomStrings.hand_over_question(name, roomTitle(app, room));
    if (await confirmed(question, roomStrings.hand_over)) await app.attempt(() => app.rooms.setRole(room.id, user.id, "owner"));
  };
  const setRole = (role: "admin" | "member"): void => void app.attempt(() => app.rooms.setRole(room.id, user.id, role));
  return (
    <Menu app={app} id={`person-${user.id}`} kind="tool" label={strings.actions_for(name)} button={<Icon sign="more" />}>
      {member.role === "member" && <Item sign="check" words={detailsStrings.make_admin} onChoose={() => setRole("admin")} />}
      {member.role === "admin" && <Item sign="person" words={detailsStrings.make_member} onChoose={() => setRole("member")} />}
      {room.me.role === "owner" && <Item sign="owner" words={roomStrings.hand_over} onChoose={() => void handOver()} />}
      <Item sign="leave" words={detailsStrings.put_out} danger onChoose={() => void putOut()} />
    </Menu>
  );
}
